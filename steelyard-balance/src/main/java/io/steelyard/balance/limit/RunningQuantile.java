package io.steelyard.balance.limit;

/**
 * A quantile of times, as they come: no time is kept, the estimate moves a little with each.
 *
 * <p><b>Rule.</b> A time above the estimate q multiplies it by 1 + λp, one below divides it by 1 +
 * λ(1 - p), where p is the quantile wanted: in balance, a share of p lies below. λ is 0.05; until
 * the estimate is {@linkplain #isKnown known} it is larger, to come near soon.
 *
 * <p><b>Source.</b> DUMIQE: A. Yazidi, H. Hammer, "Multiplicative Update Methods for Incremental
 * Quantile Estimation", IEEE Transactions on Cybernetics 49(3), 2019; the division in place of
 * their subtraction keeps the estimate above 0 and forgets no time more than another.
 *
 * <p>O(1), not thread-safe.
 */
public final class RunningQuantile {
  private static final double STEP = 0.05;
  private static final double FIRST_STEP = 0.5;

  /** From so many times on the estimate is near. */
  private static final int ENOUGH = 200;

  private final double quantile;
  private double estimate;
  private int seen;

  /**
   * @param quantile above 0 and below 1: 0.95 for the 95th percentile
   */
  public RunningQuantile(double quantile) {
    if (!(quantile > 0 && quantile < 1)) {
      throw new IllegalArgumentException(
          "quantile is " + quantile + ", expected more than 0 and less than 1");
    }
    this.quantile = quantile;
  }

  /** A time came. */
  public void add(long nanos) {
    double time = Math.max(nanos, 1);
    if (seen == 0) {
      estimate = time;
    }
    double step = Math.max(STEP, FIRST_STEP * (1 - (double) seen / ENOUGH));
    if (time > estimate) {
      estimate *= 1 + step * quantile;
    } else if (time < estimate) {
      estimate /= 1 + step * (1 - quantile);
    }
    if (seen < ENOUGH) {
      seen++;
    }
  }

  /** Whether enough times have come. */
  public boolean isKnown() {
    return seen == ENOUGH;
  }

  /** The estimate, in nanoseconds; 0 when no time has come. */
  public long nanos() {
    return (long) estimate;
  }
}
