package io.steelyard.proxy.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
  private final LatencyHistogram histogram = new LatencyHistogram();

  @Test
  void bucketsAreAtMostAnEighthWide() {
    for (int i = 1; i < LatencyHistogram.BUCKETS - 1; i++) {
      double from = LatencyHistogram.lowerBoundNanos(i);
      double to = LatencyHistogram.lowerBoundNanos(i + 1);
      assertThat((to - from) / from).isPositive().isLessThanOrEqualTo(0.125);
    }
  }

  @Test
  void everyTimeFallsBetweenTheBoundsOfItsBucket() {
    Random random = new Random(7);
    for (int i = 0; i < 100_000; i++) {
      long nanos = random.nextLong() >>> (27 + random.nextInt(37));
      int bucket = LatencyHistogram.bucket(nanos);
      assertThat((double) nanos).isGreaterThanOrEqualTo(LatencyHistogram.lowerBoundNanos(bucket));
      if (bucket < LatencyHistogram.BUCKETS - 1) {
        assertThat((double) nanos).isLessThan(LatencyHistogram.lowerBoundNanos(bucket + 1));
      }
    }
  }

  @Test
  void doublingsOfAMillisecondAreBounds() {
    for (long nanos = 1_000_000; nanos < 100_000_000_000L; nanos *= 2) {
      assertThat(LatencyHistogram.lowerBoundNanos(LatencyHistogram.bucket(nanos)))
          .isEqualTo((double) nanos);
      assertThat(LatencyHistogram.bucket(nanos - 1)).isEqualTo(LatencyHistogram.bucket(nanos) - 1);
    }
  }

  @Test
  void coversAMicrosecondToAHundredSeconds() {
    assertThat(LatencyHistogram.bucket(1_000)).isPositive();
    assertThat(LatencyHistogram.bucket(100_000_000_000L)).isLessThan(LatencyHistogram.BUCKETS - 1);
  }

  @Test
  void extremesAreCountedAtTheEnds() {
    histogram.record(Long.MIN_VALUE);
    histogram.record(0);
    histogram.record(Long.MAX_VALUE >> 1);
    Latencies latencies = histogram.latencies();
    assertThat(latencies.count()).isEqualTo(3);
    assertThat(latencies.sumNanos()).isEqualTo(Long.MAX_VALUE >> 1);
    assertThat(latencies.percentileNanos(0)).isLessThan(1_000);
    assertThat(latencies.percentileNanos(1)).isGreaterThan(100e9);
  }

  @Test
  void percentilesAreWithinHalfABucket() {
    Random random = new Random(11);
    long[] times = new long[50_000];
    for (int i = 0; i < times.length; i++) {
      times[i] = (long) Math.exp(8 + 2.5 * Math.abs(random.nextGaussian()));
      histogram.record(times[i]);
    }
    Arrays.sort(times);
    Latencies latencies = histogram.latencies();
    for (double share : new double[] {0.01, 0.5, 0.9, 0.99, 0.999, 1}) {
      double exact = times[(int) Math.ceil(share * times.length) - 1];
      assertThat(latencies.percentileNanos(share)).isCloseTo(exact, within(0.0625 * exact));
    }
    assertThat(latencies.meanNanos())
        .isCloseTo(Arrays.stream(times).average().orElseThrow(), within(1e-3));
  }

  @Test
  void nothingRecordedIsZero() {
    Latencies latencies = histogram.latencies();
    assertThat(latencies.count()).isZero();
    assertThat(latencies.meanNanos()).isZero();
    assertThat(latencies.percentileNanos(0.99)).isZero();
  }

  @Test
  void refusesSharesThatAreNone() {
    Latencies latencies = histogram.latencies();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> latencies.percentileNanos(99))
        .withMessage("share is 99.0, expected 0 to 1");
  }

  @Test
  void coarserBucketsKeepEveryCount() {
    for (long millis : new long[] {0, 1, 1, 3, 4, 5, 1_000, 300_000}) {
      histogram.record(TimeUnit.MILLISECONDS.toNanos(millis));
    }
    assertThat(histogram.latencies().countsBelow(new double[] {1e6, 2e6, 4e6, 8e6}))
        .containsExactly(1, 2, 1, 2, 2);
  }

  @Test
  void recordingDoesNotAllocate() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    record(100_000);
    long before = threads.getCurrentThreadAllocatedBytes();
    record(100_000);
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
  }

  private void record(int times) {
    for (int i = 0; i < times; i++) {
      histogram.record(i * 1_000L);
    }
  }
}
