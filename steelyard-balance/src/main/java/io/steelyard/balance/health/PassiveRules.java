package io.steelyard.balance.health;

/**
 * When traffic that goes badly takes an endpoint out: Envoy calls it outlier detection. An endpoint
 * is ejected for a time that grows with each further ejection and shrinks again while it serves
 * well.
 *
 * @param consecutiveErrors so many failed requests in a row eject; 0: never
 * @param errorPercent such a share of failed requests within a window ejects; 0: never
 * @param slowFactor a mean time so many times the pool's median ejects; 0: never
 * @param slowMarginNanos ... if it is also so much above the median, for small times differ widely
 * @param leastRequests a window with fewer requests to an endpoint says nothing about it
 * @param windowNanos how long a window is
 * @param ejectionNanos the time of the first ejection; the n-th in a row takes n times as long
 * @param longestEjectionNanos but no longer than this
 * @param mostEjectedPercent never more than this share of the pool's endpoints is ejected, rounded
 *     down
 */
public record PassiveRules(
    int consecutiveErrors,
    int errorPercent,
    int slowFactor,
    long slowMarginNanos,
    int leastRequests,
    long windowNanos,
    long ejectionNanos,
    long longestEjectionNanos,
    int mostEjectedPercent) {
  public PassiveRules {
    if (ejectionNanos < 1 || longestEjectionNanos < ejectionNanos || windowNanos < 1) {
      throw new IllegalArgumentException(
          "ejections of "
              + ejectionNanos
              + " to "
              + longestEjectionNanos
              + " ns and windows of "
              + windowNanos
              + " ns, expected positive times in order");
    }
  }
}
