package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Endpoints that serve the same thing, and how one is chosen. */
@Doc("Endpoints that serve the same thing, and how one is chosen.")
public record Pool(
    @Doc("How an endpoint is chosen.") @Default("round-robin") BalancerSpec balancer,
    @Doc("The addresses that serve.") @NotEmpty List<EndpointSpec> endpoints,
    @Doc("When a request, or a TCP connection that was not accepted, is tried again.")
        @Default("{}")
        Retries retries,
    @Doc("When a request is sent to a second endpoint beside the first. Without it: never.")
        @NotEmpty
        @Nullable Hedging hedging,
    @Doc("How much its endpoints have to do at a time.") @Default("{}") Limits limits,
    @Doc("How requests wait while it is saturated. Without it they are answered 503 at once.")
        @Nullable QueueSpec queue,
    @Doc("How long it waits for its endpoints.") @Default("{}") PoolTimeouts timeouts,
    @Doc("Which idle connections are kept.") @Default("{}") PoolConnections connections,
    @Doc("Settings of the sockets to its endpoints.") @Default("{}") PoolSocket socket,
    @Doc("When endpoints of the next priority join.") @Default("{}") Priorities priorities,
    @Doc("How endpoints that came up get their share. Without it: at once.")
        @Nullable SlowStart slowStart,
    @Doc("Which part of its endpoints this process uses. Without it: all.") @Nullable Subset subset,
    @Doc("How the endpoints are probed. Absent: they are not, and are taken for well.")
        @Nullable HealthSpec health,
    @Doc("Takes out endpoints whose traffic goes badly. Absent: it does not.")
        @Nullable PassiveHealthSpec passiveHealth,
    @Doc(
            "When a smaller share of the endpoints is UP, in percent, all are used, for then it is likelier that the probes are wrong,"
                + " or that the few would be crushed. 0: only those that are UP are ever used.")
        @Default("0")
        @Range(min = "0", max = "100")
        int panicThreshold,
    @Doc("How much of the pool has to be usable. Absent: one endpoint.") @Nullable Quorum quorum,
    @Doc("What serves when no endpoint can be used. Absent: an answer 503.")
        @Nullable Fallback fallback,
    @Doc("How the endpoints are spoken to in TLS. Absent: they are not.") @Nullable EndpointTls tls,
    @Doc("How the names among the endpoints are resolved.") @Default("{}") Resolution resolution,
    @Doc(
            "Tells endpoints who the client is by a header before its first bytes (PROXY protocol). Of HTTP, each request then has a connection"
                + " of its own. Absent: it does not.")
        @Nullable ProxyProtocolVersion proxyProtocol,
    @Doc("Which HTTP the endpoints are spoken to in.") @Default("{}") EndpointHttp http) {
  public Pool {
    requireNonNull(balancer, "balancer");
    endpoints = List.copyOf(endpoints);
    requireNonNull(retries, "retries");
    requireNonNull(limits, "limits");
    requireNonNull(timeouts, "timeouts");
    requireNonNull(connections, "connections");
    requireNonNull(socket, "socket");
    requireNonNull(priorities, "priorities");
    requireNonNull(resolution, "resolution");
    requireNonNull(http, "http");
  }

  /** A pool with all else at its default. */
  public static Pool of(BalancerSpec balancer, List<EndpointSpec> endpoints) {
    return new Pool(
        balancer,
        endpoints,
        Retries.defaults(),
        null,
        Limits.defaults(),
        null,
        PoolTimeouts.defaults(),
        PoolConnections.defaults(),
        PoolSocket.defaults(),
        Priorities.defaults(),
        null,
        null,
        null,
        null,
        Shape.of(Pool.class).<Integer>defaultOf("panicThreshold"),
        null,
        null,
        null,
        Resolution.defaults(),
        null,
        EndpointHttp.defaults());
  }

  /** This with another {@link #balancer}. */
  public Pool withBalancer(BalancerSpec value) {
    return with("balancer", value);
  }

  /** This with other {@link #endpoints}. */
  public Pool withEndpoints(List<EndpointSpec> value) {
    return with("endpoints", value);
  }

  /** This with other {@link #retries}. */
  public Pool withRetries(Retries value) {
    return with("retries", value);
  }

  /** This with another {@link #hedging}; null for none. */
  public Pool withHedging(@Nullable Hedging value) {
    return with("hedging", value);
  }

  /** This with other {@link #limits}. */
  public Pool withLimits(Limits value) {
    return with("limits", value);
  }

  /** This with another {@link #queue}; null for none. */
  public Pool withQueue(@Nullable QueueSpec value) {
    return with("queue", value);
  }

  /** The endpoints, each with the pool's limit of what it has in flight where it has none. */
  public List<EndpointSpec> limitedEndpoints() {
    int usual = limits.perEndpoint().inFlight();
    return endpoints.stream()
        .map(spec -> spec.maxInFlight() == 0 ? spec.withMaxInFlight(usual) : spec)
        .toList();
  }

  /** This with other {@link #timeouts}. */
  public Pool withTimeouts(PoolTimeouts value) {
    return with("timeouts", value);
  }

  /** This with other {@link #connections}. */
  public Pool withConnections(PoolConnections value) {
    return with("connections", value);
  }

  /** This with another {@link #socket}. */
  public Pool withSocket(PoolSocket value) {
    return with("socket", value);
  }

  /** This with other {@link #priorities}. */
  public Pool withPriorities(Priorities value) {
    return with("priorities", value);
  }

  /** This with another {@link #slowStart}; null for none. */
  public Pool withSlowStart(@Nullable SlowStart value) {
    return with("slowStart", value);
  }

  /** This with another {@link #subset}; null for all. */
  public Pool withSubset(@Nullable Subset value) {
    return with("subset", value);
  }

  /** This with another {@link #health}; null for none. */
  public Pool withHealth(@Nullable HealthSpec value) {
    return with("health", value);
  }

  /** This with another {@link #passiveHealth}; null for none. */
  public Pool withPassiveHealth(@Nullable PassiveHealthSpec value) {
    return with("passiveHealth", value);
  }

  /** This with another {@link #panicThreshold}. */
  public Pool withPanicThreshold(int value) {
    return with("panicThreshold", value);
  }

  /** This with another {@link #quorum}; null for one endpoint. */
  public Pool withQuorum(@Nullable Quorum value) {
    return with("quorum", value);
  }

  /** This with another {@link #fallback}; null for an answer 503. */
  public Pool withFallback(@Nullable Fallback value) {
    return with("fallback", value);
  }

  /** This with another {@link #tls}; null for none. */
  public Pool withTls(@Nullable EndpointTls value) {
    return with("tls", value);
  }

  /** This with another {@link #resolution}. */
  public Pool withResolution(Resolution value) {
    return with("resolution", value);
  }

  /** This with another {@link #proxyProtocol}; null for none. */
  public Pool withProxyProtocol(@Nullable ProxyProtocolVersion value) {
    return with("proxyProtocol", value);
  }

  /** This with another {@link #http}. */
  public Pool withHttp(EndpointHttp value) {
    return with("http", value);
  }

  private Pool with(String component, @Nullable Object value) {
    return Shape.of(Pool.class).with(this, component, value);
  }
}
