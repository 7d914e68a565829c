package io.steelyard.server.admin;

import io.prometheus.metrics.model.snapshots.Labels;
import io.steelyard.balance.health.EndpointReport;
import io.steelyard.balance.health.Health;
import io.steelyard.health.PoolReport;

/** The metrics of pools whose health is kept. */
final class HealthMetrics {
  private HealthMetrics() {}

  static void pool(MetricFamilies families, Labels labels, PoolReport report) {
    families.gauge(
        "steelyard_pool_up",
        "1 when enough endpoints can be used.",
        labels,
        one(report.health() == Health.UP));
    families.counter(
        "steelyard_pool_health_changes", "Changes of health.", labels, report.changes());
    families.gauge(
        "steelyard_pool_usable_endpoints", "Endpoints that are used.", labels, report.usable());
    families.gauge(
        "steelyard_pool_ejected_endpoints",
        "Endpoints taken out because of their traffic.",
        labels,
        report.ejected());
    families.gauge(
        "steelyard_pool_panic",
        "1 when so few endpoints are up that all are used.",
        labels,
        one(report.panic()));
    families.gauge(
        "steelyard_pool_availability_ratio",
        "The share of its time that the pool was up.",
        labels,
        report.availability().ratio());
  }

  static void endpoint(MetricFamilies families, Labels labels, EndpointReport report) {
    families.gauge(
        "steelyard_endpoint_up", "1 when it is up.", labels, one(report.health() == Health.UP));
    families.gauge(
        "steelyard_endpoint_ejected",
        "1 when it is taken out because of its traffic.",
        labels,
        one(report.ejected()));
    families.counter(
        "steelyard_endpoint_health_changes", "Changes of health.", labels, report.changes());
    families.counter(
        "steelyard_endpoint_ejections",
        "How often it was taken out because of its traffic.",
        labels,
        report.ejections());
    probes(families, labels, report);
    families.gauge(
        "steelyard_endpoint_availability_ratio",
        "The share of its time that it was up.",
        labels,
        report.availability().ratio());
  }

  private static void probes(MetricFamilies families, Labels labels, EndpointReport report) {
    var name = "steelyard_endpoint_probes";
    var help = "Probes that have ended.";
    families.counter(name, help, labels.add("result", "passed"), report.passed());
    families.counter(name, help, labels.add("result", "failed"), report.failed());
    if (!report.results().isEmpty()) {
      families.gauge(
          "steelyard_endpoint_probe_seconds",
          "How long the last probe took.",
          labels,
          report.results().getLast().nanos() / 1e9);
    }
  }

  private static long one(boolean is) {
    return is ? 1 : 0;
  }
}
