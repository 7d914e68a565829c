package io.steelyard.server;

import java.io.PrintWriter;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Tells how far a simulation is: at once and again on the same line of a terminal, and a line every
 * few seconds elsewhere. Short runs say nothing.
 */
final class SimulationProgress implements LongConsumer {
  private static final long TERMINAL_NANOS = 200_000_000;
  private static final long LOG_NANOS = 5_000_000_000L;

  private final PrintWriter err;
  private final boolean terminal;
  private final String balancer;
  private final long requests;
  private final LongSupplier clock;
  private long next;
  private boolean shown;

  SimulationProgress(
      PrintWriter err, boolean terminal, String balancer, long requests, LongSupplier clock) {
    this.err = err;
    this.terminal = terminal;
    this.balancer = balancer;
    this.requests = requests;
    this.clock = clock;
    this.next = clock.getAsLong() + interval();
  }

  private long interval() {
    return terminal ? TERMINAL_NANOS : LOG_NANOS;
  }

  @Override
  public void accept(long arrived) {
    long now = clock.getAsLong();
    if (now - next >= 0 && arrived < requests) {
      next = now + interval();
      shown = true;
      var line = "%s: %d of %d requests".formatted(balancer, arrived, requests);
      err.print(terminal ? "\r" + line : line + System.lineSeparator());
      err.flush();
    } else if (arrived == requests && shown && terminal) {
      shown = false;
      err.print("\r" + " ".repeat(60) + "\r");
      err.flush();
    }
  }
}
