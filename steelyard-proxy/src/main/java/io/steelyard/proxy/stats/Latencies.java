package io.steelyard.proxy.stats;

/** What a {@link LatencyHistogram} had recorded when it was asked. Immutable. */
public final class Latencies {
  private final long[] counts;
  private final long count;
  private final long sumNanos;

  Latencies(long[] counts, long sumNanos) {
    this.counts = counts;
    this.sumNanos = sumNanos;
    long total = 0;
    for (long n : counts) {
      total += n;
    }
    count = total;
  }

  /** How many were recorded. */
  public long count() {
    return count;
  }

  /** The sum of what they took, in nanoseconds. */
  public long sumNanos() {
    return sumNanos;
  }

  /** The mean in nanoseconds, 0 when nothing was recorded. */
  public double meanNanos() {
    return count == 0 ? 0 : (double) sumNanos / count;
  }

  /**
   * The time, in nanoseconds, within which the given share of what was recorded lay: 0.99 for the
   * 99th percentile. The middle of its bucket, so within 6.25 % between 1 µs and 131 s. 0 when
   * nothing was recorded.
   */
  public double percentileNanos(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("share is " + share + ", expected 0 to 1");
    }
    if (count == 0) {
      return 0;
    }
    long rank = Math.max(1, (long) Math.ceil(share * count));
    int bucket = 0;
    for (long seen = counts[0]; seen < rank; seen += counts[bucket]) {
      bucket++;
    }
    return middleNanos(bucket);
  }

  private static double middleNanos(int bucket) {
    double from = LatencyHistogram.lowerBoundNanos(bucket);
    if (bucket == LatencyHistogram.BUCKETS - 1) {
      return from;
    }
    return (from + LatencyHistogram.lowerBoundNanos(bucket + 1)) / 2;
  }

  /**
   * Counts for a histogram with coarser buckets: element {@code i} is how many took less than
   * {@code boundsNanos[i]} and not less than the bound before; one more element holds the rest.
   * Bounds ascend. The counts are exact for bounds that are a power of two of milliseconds; between
   * such bounds one may lie up to a bucket (12.5 %) off.
   */
  public long[] countsBelow(double[] boundsNanos) {
    long[] coarse = new long[boundsNanos.length + 1];
    int target = 0;
    for (int i = 0; i < counts.length; i++) {
      while (target < boundsNanos.length
          && LatencyHistogram.lowerBoundNanos(i) >= boundsNanos[target]) {
        target++;
      }
      coarse[target] += counts[i];
    }
    return coarse;
  }
}
