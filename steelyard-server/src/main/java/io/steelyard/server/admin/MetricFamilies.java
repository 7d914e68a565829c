package io.steelyard.server.admin;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.steelyard.proxy.stats.Latencies;
import java.util.Map;
import java.util.TreeMap;

/**
 * Metrics by name, gathered value by value: values of one name make one family, whatever else came
 * in between. Counters are named without {@code _total}, which the format adds. Used by one thread
 * for one answer.
 */
final class MetricFamilies {
  /** Upper bounds in nanoseconds: 0.125 ms, doubled up to 32.768 s. */
  private static final double[] BOUNDS_NANOS = new double[19];

  /** The same in seconds, and infinity. */
  private static final double[] BOUNDS_SECONDS = new double[BOUNDS_NANOS.length + 1];

  static {
    for (int i = 0; i < BOUNDS_NANOS.length; i++) {
      BOUNDS_NANOS[i] = Math.scalb(1e6, i - 3);
      BOUNDS_SECONDS[i] = Math.scalb(1e-3, i - 3);
    }
    BOUNDS_SECONDS[BOUNDS_NANOS.length] = Double.POSITIVE_INFINITY;
  }

  private final Map<String, CounterSnapshot.Builder> counters = new TreeMap<>();
  private final Map<String, GaugeSnapshot.Builder> gauges = new TreeMap<>();
  private final Map<String, HistogramSnapshot.Builder> histograms = new TreeMap<>();
  private final Map<String, InfoSnapshot.Builder> infos = new TreeMap<>();

  void counter(String name, String help, Labels labels, long value) {
    counter(name, help, labels, (double) value);
  }

  void counter(String name, String help, Labels labels, double value) {
    counters
        .computeIfAbsent(name, key -> CounterSnapshot.builder().name(key).help(help))
        .dataPoint(CounterDataPointSnapshot.builder().labels(labels).value(value).build());
  }

  void gauge(String name, String help, Labels labels, long value) {
    gauge(name, help, labels, (double) value);
  }

  void gauge(String name, String help, Labels labels, double value) {
    gauges
        .computeIfAbsent(name, key -> GaugeSnapshot.builder().name(key).help(help))
        .dataPoint(GaugeDataPointSnapshot.builder().labels(labels).value(value).build());
  }

  void histogram(String name, String help, Labels labels, Latencies latencies) {
    histograms
        .computeIfAbsent(name, key -> HistogramSnapshot.builder().name(key).help(help))
        .dataPoint(
            HistogramDataPointSnapshot.builder()
                .labels(labels)
                .sum(latencies.sumNanos() / 1e9)
                .classicHistogramBuckets(
                    ClassicHistogramBuckets.of(BOUNDS_SECONDS, latencies.countsBelow(BOUNDS_NANOS)))
                .build());
  }

  void info(String name, String help, Labels labels) {
    infos
        .computeIfAbsent(name, key -> InfoSnapshot.builder().name(key).help(help))
        .dataPoint(InfoDataPointSnapshot.builder().labels(labels).build());
  }

  MetricSnapshots snapshots() {
    MetricSnapshots.Builder all = MetricSnapshots.builder();
    add(all, counters);
    add(all, gauges);
    add(all, histograms);
    add(all, infos);
    return all.build();
  }

  private static void add(
      MetricSnapshots.Builder all, Map<String, ? extends MetricSnapshot.Builder<?>> families) {
    families.values().forEach(family -> all.metricSnapshot(family.build()));
  }
}
