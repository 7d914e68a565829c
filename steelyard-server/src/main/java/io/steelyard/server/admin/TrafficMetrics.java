package io.steelyard.server.admin;

import io.prometheus.metrics.model.snapshots.Labels;
import io.steelyard.health.PoolReport;
import io.steelyard.model.Kind;
import io.steelyard.model.Wish;
import io.steelyard.proxy.stats.AnswerClass;
import io.steelyard.proxy.stats.Counter;
import io.steelyard.proxy.stats.EndpointStats;
import io.steelyard.proxy.stats.ListenerStats;
import io.steelyard.proxy.stats.PoolStats;
import io.steelyard.proxy.stats.Reason;
import io.steelyard.proxy.stats.Stats;
import java.util.function.Function;

/** The metrics of what is configured now: listeners, pools, endpoints. */
final class TrafficMetrics {
  private final Stats stats;

  TrafficMetrics(Stats stats) {
    this.stats = stats;
  }

  void collect(MetricFamilies families, RunningState state) {
    state
        .listeners()
        .forEach(listener -> listener(families, listener.name(), stats.listener(listener.name())));
    state.pools().forEach(pool -> pool(families, pool, stats.pool(pool.name())));
  }

  private static void listener(MetricFamilies families, String name, ListenerStats stats) {
    Labels labels = Labels.of("listener", name);
    families.counter(
        "steelyard_listener_connections",
        "Connections accepted.",
        labels,
        stats.connections.value());
    families.counter(
        "steelyard_listener_waited_connections",
        "Connections that had to wait because the limit was reached.",
        labels,
        stats.waited.value());
    families.gauge(
        "steelyard_listener_active_connections", "Open connections.", labels, stats.active.value());
    families.gauge(
        "steelyard_listener_idle_connections",
        "Open connections between two requests.",
        labels,
        stats.idle.value());
    families.counter(
        "steelyard_listener_requests", "Requests received.", labels, stats.requests.value());
    families.counter(
        "steelyard_listener_malformed_requests",
        "Requests that are not valid HTTP.",
        labels,
        stats.malformed.value());
    families.counter(
        "steelyard_listener_received_bytes",
        "Bytes received from clients.",
        labels,
        stats.bytesIn.value());
    families.counter(
        "steelyard_listener_sent_bytes", "Bytes sent to clients.", labels, stats.bytesOut.value());
    answers(families, "steelyard_listener_answers", "Answers sent.", labels, stats::answers);
    for (Reason reason : Reason.values()) {
      if (reason != Reason.NONE) {
        families.counter(
            "steelyard_listener_failures",
            "Requests that did not go as they should, by reason.",
            labels.add("reason", reason.text()),
            stats.reasons(reason));
      }
    }
    families.histogram(
        "steelyard_listener_request_duration_seconds",
        "From a request's first byte to its answer's last.",
        labels,
        stats.latency.latencies());
  }

  private static void pool(MetricFamilies families, RunningState.Pool pool, PoolStats stats) {
    Labels labels = Labels.of("pool", pool.name());
    families.counter(
        "steelyard_pool_retries",
        "Attempts after a request's first.",
        labels,
        stats.retries.value());
    families.counter(
        "steelyard_pool_denied_retries",
        "Attempts that would have followed, had the budget not been spent.",
        labels,
        stats.retriesDenied.value());
    families.counter(
        "steelyard_pool_hedges",
        "Requests sent to a second endpoint beside the first.",
        labels,
        stats.hedges.value());
    families.counter(
        "steelyard_pool_won_hedges",
        "Requests that the second endpoint answered first.",
        labels,
        stats.hedgesWon.value());
    families.counter(
        "steelyard_pool_no_endpoint",
        "Requests for which no endpoint could be chosen.",
        labels,
        stats.noEndpoint.value());
    families.counter(
        "steelyard_pool_fallbacks",
        "Requests that went to the fallback.",
        labels,
        stats.fallbacks.value());
    families.gauge(
        "steelyard_pool_in_flight_requests",
        "Requests being worked on.",
        labels,
        pool.endpoints().stream().mapToInt(RunningState.Endpoint::inFlight).sum());
    exchange(families, "steelyard_pool_", labels, stats.total());
    PoolReport health = pool.health();
    if (health != null) {
      HealthMetrics.pool(families, labels, health);
    }
    for (int i = 0; i < pool.endpoints().size(); i++) {
      RunningState.Endpoint endpoint = pool.endpoints().get(i);
      Labels both = labels.add("endpoint", endpoint.name());
      endpoint(families, both, endpoint, stats.endpoint(endpoint.name()));
      if (health != null) {
        HealthMetrics.endpoint(families, both, health.endpoints().get(i));
      }
    }
  }

  private static void endpoint(
      MetricFamilies families, Labels labels, RunningState.Endpoint endpoint, EndpointStats stats) {
    families.gauge(
        "steelyard_endpoint_weight", "Weight, 0 when taken out.", labels, endpoint.weight());
    for (Wish wish : Wish.values()) {
      families.gauge(
          "steelyard_endpoint_wish",
          "1 for what the administrator wants of it.",
          labels.add("wish", Kind.Choice.word(wish)),
          wish == endpoint.wish() ? 1 : 0);
    }
    families.gauge(
        "steelyard_endpoint_in_flight_requests",
        "Requests being worked on.",
        labels,
        endpoint.inFlight());
    families.counter(
        "steelyard_endpoint_retries",
        "Attempts that failed here and were repeated, here or elsewhere.",
        labels,
        stats.retries.value());
    exchange(families, "steelyard_endpoint_", labels, stats);
  }

  /** What an endpoint counts, and a pool as the sum of its endpoints. */
  private static void exchange(
      MetricFamilies families, String prefix, Labels labels, EndpointStats stats) {
    families.counter(
        prefix + "requests",
        "Requests sent, repeated ones included.",
        labels,
        stats.requests.value());
    families.counter(
        prefix + "sent_bytes", "Bytes sent to endpoints.", labels, stats.bytesSent.value());
    families.counter(
        prefix + "received_bytes",
        "Bytes received from endpoints.",
        labels,
        stats.bytesReceived.value());
    families.counter(prefix + "connections", "Connections opened.", labels, stats.connects.value());
    families.counter(
        prefix + "connect_failures",
        "Connections that were refused.",
        labels,
        stats.connectFailures.value());
    families.counter(
        prefix + "connect_timeouts",
        "Connections that were not accepted in time.",
        labels,
        stats.connectTimeouts.value());
    families.counter(
        prefix + "resets",
        "Connections closed or reset before the answer was complete.",
        labels,
        stats.resets.value());
    families.counter(
        prefix + "response_timeouts",
        "Requests without the head of an answer in time.",
        labels,
        stats.responseTimeouts.value());
    families.gauge(
        prefix + "active_connections", "Open connections.", labels, stats.active.value());
    families.gauge(
        prefix + "idle_connections",
        "Open connections kept for the next request.",
        labels,
        stats.idle.value());
    answers(families, prefix + "answers", "Answers received.", labels, stats::answers);
    families.histogram(
        prefix + "request_duration_seconds",
        "From a request handed to an endpoint to its answer's last byte.",
        labels,
        stats.latency.latencies());
  }

  private static void answers(
      MetricFamilies families,
      String name,
      String help,
      Labels labels,
      Function<AnswerClass, Counter> counters) {
    for (AnswerClass answerClass : AnswerClass.values()) {
      families.counter(
          name, help, labels.add("class", answerClass.text()), counters.apply(answerClass).value());
    }
  }
}
