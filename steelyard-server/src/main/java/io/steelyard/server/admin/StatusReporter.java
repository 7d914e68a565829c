package io.steelyard.server.admin;

import io.steelyard.proxy.stats.AnswerClass;
import io.steelyard.proxy.stats.Counter;
import io.steelyard.proxy.stats.EndpointStats;
import io.steelyard.proxy.stats.Latencies;
import io.steelyard.proxy.stats.ListenerStats;
import io.steelyard.proxy.stats.PoolStats;
import io.steelyard.proxy.stats.Reason;
import io.steelyard.server.admin.ReadySource.Readiness;
import io.steelyard.server.admin.StatusReport.EndpointConnections;
import io.steelyard.server.admin.StatusReport.Latency;
import io.steelyard.server.admin.StatusReport.ListenerConnections;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Puts together what runs and what has happened. */
final class StatusReporter {
  private final AdminSources sources;
  private final InstantSource clock;

  StatusReporter(AdminSources sources, InstantSource clock) {
    this.sources = sources;
    this.clock = clock;
  }

  StatusReport report() {
    RunningState state = sources.status().state();
    Readiness readiness = sources.ready().readiness();
    return new StatusReport(
        state.version(),
        state.started().truncatedTo(ChronoUnit.MILLIS).toString(),
        Duration.between(state.started(), clock.instant()).toMillis() / 1e3,
        readiness.ready(),
        readiness.text(),
        state.transport(),
        state.loops(),
        accessLog(state.accessLog()),
        state.listeners().stream().map(this::listener).toList(),
        state.pools().stream().map(this::pool).toList(),
        state.events().stream().map(HealthStatus.Event::of).toList());
  }

  private static StatusReport.@Nullable AccessLog accessLog(RunningState.@Nullable AccessLog log) {
    return log == null ? null : new StatusReport.AccessLog(log.dropped(), log.lost());
  }

  private StatusReport.Listener listener(RunningState.Listener listener) {
    ListenerStats stats = sources.stats().listener(listener.name());
    return new StatusReport.Listener(
        listener.name(),
        listener.address(),
        listener.protocol(),
        new ListenerConnections(
            stats.active.value(),
            stats.idle.value(),
            stats.connections.value(),
            stats.waited.value()),
        stats.requests.value(),
        stats.malformed.value(),
        answers(stats::answers),
        stats.bytesIn.value(),
        stats.bytesOut.value(),
        failures(stats),
        latency(stats.latency.latencies()));
  }

  private StatusReport.Pool pool(RunningState.Pool pool) {
    PoolStats stats = sources.stats().pool(pool.name());
    return new StatusReport.Pool(
        pool.name(),
        pool.balancer(),
        stats.retries.value(),
        stats.retriesDenied.value(),
        stats.hedges.value(),
        stats.hedgesWon.value(),
        stats.noEndpoint.value(),
        stats.fallbacks.value(),
        HealthStatus.Pool.of(pool.health()),
        IntStream.range(0, pool.endpoints().size())
            .mapToObj(i -> endpoint(pool, i, stats))
            .toList());
  }

  private static StatusReport.Endpoint endpoint(
      RunningState.Pool pool, int index, PoolStats poolStats) {
    RunningState.Endpoint endpoint = pool.endpoints().get(index);
    EndpointStats stats = poolStats.endpoint(endpoint.name());
    return new StatusReport.Endpoint(
        endpoint.name(),
        endpoint.weight(),
        endpoint.wish().name(),
        endpoint.inFlight(),
        HealthStatus.Endpoint.of(pool.health(), index),
        new EndpointConnections(
            stats.active.value(),
            stats.idle.value(),
            stats.connects.value(),
            stats.connectFailures.value(),
            stats.connectTimeouts.value()),
        stats.requests.value(),
        answers(stats::answers),
        stats.bytesSent.value(),
        stats.bytesReceived.value(),
        stats.resets.value(),
        stats.responseTimeouts.value(),
        stats.retries.value(),
        latency(stats.latency.latencies()));
  }

  private static Map<String, Long> answers(Function<AnswerClass, Counter> counters) {
    Map<String, Long> answers = new LinkedHashMap<>();
    for (AnswerClass answerClass : AnswerClass.values()) {
      answers.put(answerClass.text(), counters.apply(answerClass).value());
    }
    return answers;
  }

  private static Map<String, Long> failures(ListenerStats stats) {
    Map<String, Long> failures = new LinkedHashMap<>();
    for (Reason reason : Reason.values()) {
      long count = stats.reasons(reason);
      if (reason != Reason.NONE && count > 0) {
        failures.put(reason.text(), count);
      }
    }
    return failures;
  }

  private static Latency latency(Latencies latencies) {
    return new Latency(
        latencies.count(),
        millis(latencies.meanNanos()),
        millis(latencies.percentileNanos(0.5)),
        millis(latencies.percentileNanos(0.9)),
        millis(latencies.percentileNanos(0.99)),
        millis(latencies.percentileNanos(0.999)));
  }

  /** With three decimals: more would promise what the buckets do not keep. */
  private static double millis(double nanos) {
    return Math.round(nanos / 1e3) / 1e3;
  }
}
