package io.steelyard.balance.health;

import java.time.Duration;

/**
 * How much of its time something was up, and how often it failed. For one thing that fails and is
 * restored, availability = MTBF / (MTBF + MTTR), exactly.
 *
 * @param upNanos the time that it was up
 * @param downNanos the time that it was down; what came before the first probe is in neither
 * @param failures how often it went down
 */
public record Availability(long upNanos, long downNanos, long failures) {
  /** The share of the time that it was up, 0 to 1; 1 when nothing is known. */
  public double ratio() {
    long known = upNanos + downNanos;
    return known == 0 ? 1 : (double) upNanos / known;
  }

  /**
   * Mean time between failures: the time up for each failure, in nanoseconds. Without a failure it
   * is not known: NaN.
   */
  public double mtbfNanos() {
    return failures == 0 ? Double.NaN : (double) upNanos / failures;
  }

  /**
   * Mean time to restore: the time down for each failure, in nanoseconds, one that still lasts
   * included. NaN without a failure.
   */
  public double mttrNanos() {
    return failures == 0 ? Double.NaN : (double) downNanos / failures;
  }

  /**
   * The time that may be lost within a period: 36.5 days of 365 for 0.9, 8.76 hours for 0.999.
   *
   * @param promised the availability agreed on, 0 to 1
   */
  public static Duration allowedDowntime(double promised, Duration period) {
    return Duration.ofNanos(Math.round((1 - promised) * period.toNanos()));
  }
}
