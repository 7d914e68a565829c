package io.steelyard.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.Labels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** All metrics, as Prometheus' text format 0.0.4. */
final class MetricsPage {
  private final AdminSources sources;
  private final TrafficMetrics traffic;

  MetricsPage(AdminSources sources) {
    this.sources = sources;
    traffic = new TrafficMetrics(sources.stats());
  }

  Answer answer() {
    RunningState state = sources.status().state();
    MetricFamilies families = new MetricFamilies();
    process(families, state);
    traffic.collect(families, state);
    PacketState packet = sources.packet().state();
    if (packet != null) {
      PacketMetrics.collect(families, packet);
    }
    RuntimeMetrics.collect(families);
    return new Answer(200, PrometheusTextFormatWriter.CONTENT_TYPE, write(families));
  }

  private void process(MetricFamilies families, RunningState state) {
    families.info(
        "steelyard_build",
        "What runs.",
        Labels.of(
            "version",
            state.version(),
            "java",
            Runtime.version().toString(),
            "transport",
            state.transport()));
    families.gauge("steelyard_event_loops", "Event loops.", Labels.EMPTY, state.loops());
    families.gauge(
        "steelyard_ready",
        "1 when traffic may come, 0 otherwise.",
        Labels.EMPTY,
        sources.ready().readiness().ready() ? 1 : 0);
    families.gauge(
        "steelyard_start_time_seconds",
        "When the process started, in seconds since 1970.",
        Labels.EMPTY,
        state.started().toEpochMilli() / 1e3);
    RunningState.AccessLog log = state.accessLog();
    if (log != null) {
      String help =
          "Access log records that were not written, because their ring was full or writing failed.";
      families.counter(
          "steelyard_access_log_lost", help, Labels.of("cause", "ring-full"), log.dropped());
      families.counter(
          "steelyard_access_log_lost", help, Labels.of("cause", "write-error"), log.lost());
    }
  }

  private String write(MetricFamilies families) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 14);
    try {
      PrometheusTextFormatWriter.create()
          .write(out, families.snapshots(), EscapingScheme.UNDERSCORE_ESCAPING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(UTF_8);
  }
}
