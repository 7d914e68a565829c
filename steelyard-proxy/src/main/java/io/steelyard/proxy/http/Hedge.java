package io.steelyard.proxy.http;

import io.steelyard.proxy.pool.HedgeLine;
import org.jspecify.annotations.Nullable;

/**
 * A request's second attempt beside the first: when it is due, and whether it is under way. Made
 * for an exchange when a pool first wants one; belongs to the event loop.
 */
final class Hedge extends HedgeLine.Waiting {
  private final HttpLoop loop;
  private final Exchange exchange;
  private @Nullable HedgeLine line;
  private long since;

  Hedge(HttpLoop loop, Exchange exchange) {
    this.loop = loop;
    this.exchange = exchange;
  }

  /** Begins to wait; the first attempt begins now. */
  void await(HedgeLine wanted) {
    line = wanted;
    since = loop.nanoTime();
    wanted.add(this, since);
  }

  /** An answer has begun. */
  void answered() {
    HedgeLine current = line;
    if (current != null) {
      current.answered(loop.nanoTime() - since);
      forget();
    }
  }

  /** It is no longer wanted. */
  void forget() {
    HedgeLine current = line;
    if (current != null) {
      line = null;
      current.remove(this);
    }
  }

  @Override
  protected void due() {
    loop.readClock();
    exchange.hedge();
  }
}
