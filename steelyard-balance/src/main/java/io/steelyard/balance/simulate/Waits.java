package io.steelyard.balance.simulate;

/**
 * Times and their quantiles, to within 0.8 percent: buckets whose width grows with the time. Not
 * thread-safe.
 */
final class Waits {
  /** So many bits of each time are kept. */
  private static final int BITS = 7;

  private static final int STEPS = 1 << BITS;
  private final long[] counts = new long[(Long.SIZE - BITS) * STEPS];
  private long count;
  private double sum;
  private long most;

  void add(long nanos) {
    counts[bucket(nanos)]++;
    count++;
    sum += nanos;
    most = Math.max(most, nanos);
  }

  private static int bucket(long nanos) {
    int shift = Math.max(0, Long.SIZE - 1 - BITS - Long.numberOfLeadingZeros(nanos));
    return (shift << BITS) + (int) (nanos >>> shift);
  }

  long count() {
    return count;
  }

  /** NaN when there are none. */
  double mean() {
    return sum / count;
  }

  long most() {
    return most;
  }

  /** The time that this share of all does not exceed, 0 to 1; NaN when there are none. */
  double quantile(double share) {
    if (count == 0) {
      return Double.NaN;
    }
    long rank = Math.max(1, (long) Math.ceil(share * count));
    int bucket = -1;
    while (rank > 0) {
      rank -= counts[++bucket];
    }
    return Math.min((double) most, middle(bucket));
  }

  private static double middle(int bucket) {
    int shift = Math.max(0, (bucket >>> BITS) - 1);
    long least = (long) (bucket - (shift << BITS)) << shift;
    return least + ((1L << shift) - 1) / 2.0;
  }
}
