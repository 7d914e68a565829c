package io.steelyard.packet;

/**
 * A limit per source address.
 *
 * @param perSecond how many
 * @param burst how many at once, from 1 on
 */
public record Limit(long perSecond, long burst) {
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  /** The kernel's coarse clock moves this often at worst (CONFIG_HZ=100). */
  private static final long TICKS_PER_SECOND = 100;

  public Limit {
    if (perSecond < 1 || perSecond > NANOS_PER_SECOND || burst < 1) {
      throw new IllegalArgumentException(
          "a limit of "
              + perSecond
              + " per second with a burst of "
              + burst
              + ", expected 1 to 1000000000 and 1 or more");
    }
  }

  /** What one costs, in nanoseconds. */
  long cost() {
    return NANOS_PER_SECOND / perSecond;
  }

  /** How much may be owed, in nanoseconds: at least what comes between two ticks. */
  long debt() {
    return Math.max(burst, perSecond / TICKS_PER_SECOND + 1) * cost();
  }
}
