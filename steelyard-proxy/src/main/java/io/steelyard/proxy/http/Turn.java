package io.steelyard.proxy.http;

import io.steelyard.balance.Lease;
import io.steelyard.balance.Selection;
import io.steelyard.proxy.pool.PoolQueue;

/**
 * A request's place in the queue of its pool. Made for an exchange that has to wait for the first
 * time; belongs to the event loop.
 */
final class Turn extends PoolQueue.Waiting {
  private final HttpLoop loop;
  private final Exchange exchange;
  private final RequestSelection selection;

  Turn(HttpLoop loop, Exchange exchange, RequestSelection selection) {
    this.loop = loop;
    this.exchange = exchange;
    this.selection = selection;
  }

  @Override
  protected Selection selection() {
    return selection;
  }

  @Override
  protected void admitted(Lease lease) {
    loop.readClock();
    exchange.admitted(lease);
  }

  @Override
  protected void timedOut() {
    loop.readClock();
    exchange.waitedInVain();
  }
}
