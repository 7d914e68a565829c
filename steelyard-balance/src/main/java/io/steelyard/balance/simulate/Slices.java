package io.steelyard.balance.simulate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Counts by slices of time. */
final class Slices {
  static final int COUNT = 60;

  private final long sliceNanos;
  private final long[][] asked;
  private final long[] failed = new long[COUNT];
  private final Waits[] waits = new Waits[COUNT];
  private int used = 1;

  /** The last slice takes what comes later than was expected. */
  Slices(int endpoints, long expectedNanos) {
    sliceNanos = Math.max(1, expectedNanos / COUNT);
    asked = new long[endpoints][COUNT];
    Arrays.setAll(waits, slice -> new Waits());
  }

  private int slice(long now) {
    int slice = (int) Math.min(now / sliceNanos, COUNT - 1);
    used = Math.max(used, slice + 1);
    return slice;
  }

  void asked(int endpoint, long now) {
    asked[endpoint][slice(now)]++;
  }

  void failed(long now) {
    failed[slice(now)]++;
  }

  void answered(long wait, long now) {
    waits[slice(now)].add(wait);
  }

  SimulationResult.Timeline timeline() {
    var byEndpoint = new ArrayList<List<Long>>();
    for (long[] counts : asked) {
      byEndpoint.add(list(counts));
    }
    return new SimulationResult.Timeline(
        sliceNanos,
        used,
        byEndpoint,
        list(failed),
        quantiles(slice -> slice.quantile(0.5)),
        quantiles(slice -> slice.quantile(0.99)));
  }

  private List<Long> list(long[] counts) {
    return Arrays.stream(counts).limit(used).boxed().toList();
  }

  private List<Double> quantiles(ToDoubleFunction<Waits> quantile) {
    return Arrays.stream(waits).limit(used).map(quantile::applyAsDouble).toList();
  }
}
