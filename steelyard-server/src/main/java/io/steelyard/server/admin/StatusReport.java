package io.steelyard.server.admin;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code /v1/status} says; its keys are these names in snake case, and {@code openapi.yaml}
 * describes them. Times are milliseconds unless their name says otherwise, sizes are bytes;
 * counters count since the process started.
 */
record StatusReport(
    String version,
    String startedAt,
    double uptimeSeconds,
    boolean ready,
    String readiness,
    String transport,
    int loops,
    @Nullable AccessLog accessLog,
    List<Listener> listeners,
    List<Pool> pools,
    List<HealthStatus.Event> events) {

  record AccessLog(long dropped, long lost) {}

  /** {@code failures} has only those reasons that occurred. */
  record Listener(
      String name,
      String address,
      String protocol,
      ListenerConnections connections,
      long requests,
      long malformed,
      Map<String, Long> answers,
      long bytesIn,
      long bytesOut,
      Map<String, Long> failures,
      Latency latency) {}

  record ListenerConnections(long active, long idle, long accepted, long waited) {}

  record Pool(
      String name,
      String balancer,
      long retries,
      long retriesDenied,
      long hedges,
      long hedgesWon,
      long noEndpoint,
      long fallbacks,
      HealthStatus.@Nullable Pool health,
      List<Endpoint> endpoints) {}

  record Endpoint(
      String name,
      int weight,
      String wish,
      int inFlight,
      HealthStatus.@Nullable Endpoint health,
      EndpointConnections connections,
      long requests,
      Map<String, Long> answers,
      long bytesSent,
      long bytesReceived,
      long resets,
      long responseTimeouts,
      long retries,
      Latency latency) {}

  record EndpointConnections(long active, long idle, long opened, long failed, long timedOut) {}

  record Latency(
      long count, double meanMs, double p50Ms, double p90Ms, double p99Ms, double p999Ms) {}
}
