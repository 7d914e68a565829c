package io.steelyard.balance.limit;

import java.util.concurrent.TimeUnit;

/**
 * How many attempts may follow others: a share of the requests of the last ten seconds, and some
 * besides. However badly endpoints fare, they are asked no more than so many times what clients
 * ask.
 *
 * <p><b>Source.</b> Finagle's {@code RetryBudget} (a share of the requests, a floor per second,
 * both over a window of ten seconds).
 *
 * <p><b>Cost.</b> A comparison and an addition per request. Not thread-safe: each event loop has
 * its own, with its part of the floor.
 */
public final class RetryBudget {
  private static final int SLOTS = 10;
  private static final long SLOT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final double share;
  private final double floor;
  private final long[] requests = new long[SLOTS];
  private final long[] retries = new long[SLOTS];
  private long requestsInWindow;
  private long retriesInWindow;
  private int slot;
  private long slotEnd;

  /**
   * A budget of which nothing is spent.
   *
   * @param share of the requests, 0.2 for 20 %
   * @param perSecond so many besides, which may be less than one
   * @param now in nanoseconds of the event loop's clock
   */
  public RetryBudget(double share, double perSecond, long now) {
    if (!(share >= 0) || !(perSecond >= 0)) {
      throw new IllegalArgumentException(
          "share is " + share + ", per second " + perSecond + ", expected 0 or more");
    }
    this.share = share;
    this.floor = perSecond * SLOTS;
    this.slotEnd = now + SLOT_NANOS;
  }

  /** A request came: not counting what follows its first attempt. */
  public void request(long now) {
    turn(now);
    requests[slot]++;
    requestsInWindow++;
  }

  /** Whether another attempt may be made. */
  public boolean isLeft(long now) {
    turn(now);
    return retriesInWindow + 1 <= share * requestsInWindow + floor;
  }

  /** Another attempt is made. */
  public void spend(long now) {
    turn(now);
    retries[slot]++;
    retriesInWindow++;
  }

  private void turn(long now) {
    if (now - slotEnd < 0) {
      return;
    }
    long passed = (now - slotEnd) / SLOT_NANOS + 1;
    for (long i = Math.min(passed, SLOTS); i > 0; i--) {
      slot = (slot + 1) % SLOTS;
      requestsInWindow -= requests[slot];
      retriesInWindow -= retries[slot];
      requests[slot] = 0;
      retries[slot] = 0;
    }
    slotEnd += passed * SLOT_NANOS;
  }
}
