package io.steelyard.proxy.stats;

/**
 * How long things took: counts in log-linear buckets, eight to each doubling, so a bucket is at
 * most 12.5 % wide. From 1 µs to 131 s; what is shorter or longer is counted in the first and last
 * bucket.
 *
 * <p>Bounds are milliseconds times powers of two (and eighths between), not nanoseconds times
 * powers of two: 1 ms, 2 ms, 4 ms are bounds, which makes the exported ones read well. The owning
 * event loop records, without allocation or lock; any thread may take a {@link Latencies summary}.
 */
public final class LatencyHistogram {
  /** log2 of the sub-buckets of a doubling. */
  private static final int SUB_BITS = 3;

  /** Times are scaled so that 1 ms is 2^20 ticks: a tick is 0.954 ns. */
  private static final int MS_BITS = 20;

  private static final int MIN_BITS = 10;
  private static final int MAX_BITS = 37;

  static final int BUCKETS = ((MAX_BITS - MIN_BITS) << SUB_BITS) + 2;

  private static final long LONGEST_NANOS = 200_000_000_000L;

  private static final int SUM = Cells.index(BUCKETS);

  private final long[] values = Cells.padded(BUCKETS + 1);

  LatencyHistogram() {}

  /**
   * Counts one that took so many nanoseconds; negative counts as 0. Only on the owning event loop.
   */
  public void record(long nanos) {
    long elapsed = Math.max(nanos, 0);
    Cells.add(values, Cells.index(bucket(elapsed)), 1);
    Cells.add(values, SUM, elapsed);
  }

  /** What was recorded so far, as the calling thread sees it. */
  public Latencies latencies() {
    long[] counts = new long[BUCKETS];
    for (int i = 0; i < BUCKETS; i++) {
      counts[i] = Cells.value(values, Cells.index(i));
    }
    return new Latencies(counts, Cells.value(values, SUM));
  }

  void addAll(LatencyHistogram other) {
    for (int i = 0; i <= BUCKETS; i++) {
      Cells.add(values, Cells.index(i), Cells.value(other.values, Cells.index(i)));
    }
  }

  /** The bucket that counts so many nanoseconds. */
  static int bucket(long nanos) {
    long ticks = (Math.min(nanos, LONGEST_NANOS) << 14) / 15_625; // 2^20 / 10^6, reduced
    if (ticks < 1L << MIN_BITS) {
      return 0;
    }
    if (ticks >= 1L << MAX_BITS) {
      return BUCKETS - 1;
    }
    int bits = 63 - Long.numberOfLeadingZeros(ticks);
    int sub = (int) (ticks >>> (bits - SUB_BITS)) & ((1 << SUB_BITS) - 1);
    return 1 + ((bits - MIN_BITS) << SUB_BITS) + sub;
  }

  /** Where a bucket begins, in nanoseconds; bucket {@code i} ends where {@code i + 1} begins. */
  static double lowerBoundNanos(int bucket) {
    if (bucket == 0) {
      return 0;
    }
    int doublings = (bucket - 1) >> SUB_BITS;
    int sub = (bucket - 1) & ((1 << SUB_BITS) - 1);
    return Math.scalb(1 + sub / (double) (1 << SUB_BITS), doublings + MIN_BITS - MS_BITS) * 1e6;
  }
}
