package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Endpoints that serve the same thing, and how one is chosen. */
@Doc("Endpoints that serve the same thing, and how one is chosen.")
public record Pool(
    @Doc("How an endpoint is chosen.") @Default("round-robin") BalancerSpec balancer,
    @Doc("The addresses that serve.") @NotEmpty List<EndpointSpec> endpoints,
    @Doc(
            "How often a request that can safely be sent again is tried after its first attempt failed.")
        @Default("2")
        @Range(min = "0", max = "10")
        int retries,
    @Doc("How long it waits for its endpoints.") @Default("{}") PoolTimeouts timeouts,
    @Doc("Which idle connections are kept.") @Default("{}") PoolConnections connections,
    @Doc("Settings of the sockets to its endpoints.") @Default("{}") PoolSocket socket,
    @Doc("How the endpoints are probed. Absent: they are not, and are taken for well.")
        @Nullable HealthSpec health,
    @Doc("Takes out endpoints whose traffic goes badly. Absent: it does not.")
        @Nullable PassiveHealthSpec passiveHealth,
    @Doc(
            "When a smaller share of the endpoints is UP, in percent, all are used, for then it is likelier that the probes are wrong,"
                + " or that the few would be crushed. 0: only those that are UP are ever used.")
        @Default("0")
        @Range(min = "0", max = "100")
        int panicThreshold) {
  public Pool {
    requireNonNull(balancer, "balancer");
    endpoints = List.copyOf(endpoints);
    requireNonNull(timeouts, "timeouts");
    requireNonNull(connections, "connections");
    requireNonNull(socket, "socket");
  }

  /** A pool with all else at its default. */
  public static Pool of(BalancerSpec balancer, List<EndpointSpec> endpoints) {
    return new Pool(
        balancer,
        endpoints,
        Shape.of(Pool.class).<Integer>defaultOf("retries"),
        PoolTimeouts.defaults(),
        PoolConnections.defaults(),
        PoolSocket.defaults(),
        null,
        null,
        Shape.of(Pool.class).<Integer>defaultOf("panicThreshold"));
  }

  /** This with another {@link #balancer}. */
  public Pool withBalancer(BalancerSpec value) {
    return new Pool(
        value,
        endpoints,
        retries,
        timeouts,
        connections,
        socket,
        health,
        passiveHealth,
        panicThreshold);
  }

  /** This with other {@link #endpoints}. */
  public Pool withEndpoints(List<EndpointSpec> value) {
    return new Pool(
        balancer,
        value,
        retries,
        timeouts,
        connections,
        socket,
        health,
        passiveHealth,
        panicThreshold);
  }

  /** This with other {@link #retries}. */
  public Pool withRetries(int value) {
    return new Pool(
        balancer,
        endpoints,
        value,
        timeouts,
        connections,
        socket,
        health,
        passiveHealth,
        panicThreshold);
  }

  /** This with other {@link #timeouts}. */
  public Pool withTimeouts(PoolTimeouts value) {
    return new Pool(
        balancer,
        endpoints,
        retries,
        value,
        connections,
        socket,
        health,
        passiveHealth,
        panicThreshold);
  }

  /** This with other {@link #connections}. */
  public Pool withConnections(PoolConnections value) {
    return new Pool(
        balancer,
        endpoints,
        retries,
        timeouts,
        value,
        socket,
        health,
        passiveHealth,
        panicThreshold);
  }

  /** This with another {@link #socket}. */
  public Pool withSocket(PoolSocket value) {
    return new Pool(
        balancer,
        endpoints,
        retries,
        timeouts,
        connections,
        value,
        health,
        passiveHealth,
        panicThreshold);
  }

  /** This with another {@link #health}. */
  public Pool withHealth(@Nullable HealthSpec value) {
    return new Pool(
        balancer,
        endpoints,
        retries,
        timeouts,
        connections,
        socket,
        value,
        passiveHealth,
        panicThreshold);
  }

  /** This with another {@link #passiveHealth}. */
  public Pool withPassiveHealth(@Nullable PassiveHealthSpec value) {
    return new Pool(
        balancer, endpoints, retries, timeouts, connections, socket, health, value, panicThreshold);
  }

  /** This with another {@link #panicThreshold}. */
  public Pool withPanicThreshold(int value) {
    return new Pool(
        balancer, endpoints, retries, timeouts, connections, socket, health, passiveHealth, value);
  }
}
