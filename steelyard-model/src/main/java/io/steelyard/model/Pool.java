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
    @Doc("When endpoints of the next priority join.") @Default("{}") Priorities priorities,
    @Doc("How endpoints that came up get their share. Without it: at once.")
        @Nullable SlowStart slowStart,
    @Doc("Which part of its endpoints this process uses. Without it: all.")
        @Nullable Subset subset) {
  public Pool {
    requireNonNull(balancer, "balancer");
    endpoints = List.copyOf(endpoints);
    requireNonNull(timeouts, "timeouts");
    requireNonNull(connections, "connections");
    requireNonNull(socket, "socket");
    requireNonNull(priorities, "priorities");
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
        Priorities.defaults(),
        null,
        null);
  }

  /** This with another {@link #balancer}. */
  public Pool withBalancer(BalancerSpec value) {
    return new Pool(
        value, endpoints, retries, timeouts, connections, socket, priorities, slowStart, subset);
  }

  /** This with other {@link #endpoints}. */
  public Pool withEndpoints(List<EndpointSpec> value) {
    return new Pool(
        balancer, value, retries, timeouts, connections, socket, priorities, slowStart, subset);
  }

  /** This with other {@link #retries}. */
  public Pool withRetries(int value) {
    return new Pool(
        balancer, endpoints, value, timeouts, connections, socket, priorities, slowStart, subset);
  }

  /** This with other {@link #timeouts}. */
  public Pool withTimeouts(PoolTimeouts value) {
    return new Pool(
        balancer, endpoints, retries, value, connections, socket, priorities, slowStart, subset);
  }

  /** This with other {@link #connections}. */
  public Pool withConnections(PoolConnections value) {
    return new Pool(
        balancer, endpoints, retries, timeouts, value, socket, priorities, slowStart, subset);
  }

  /** This with another {@link #socket}. */
  public Pool withSocket(PoolSocket value) {
    return new Pool(
        balancer, endpoints, retries, timeouts, connections, value, priorities, slowStart, subset);
  }

  /** This with other {@link #priorities}. */
  public Pool withPriorities(Priorities value) {
    return new Pool(
        balancer, endpoints, retries, timeouts, connections, socket, value, slowStart, subset);
  }

  /** This with another {@link #slowStart}; null for none. */
  public Pool withSlowStart(@Nullable SlowStart value) {
    return new Pool(
        balancer, endpoints, retries, timeouts, connections, socket, priorities, value, subset);
  }

  /** This with another {@link #subset}; null for all. */
  public Pool withSubset(@Nullable Subset value) {
    return new Pool(
        balancer, endpoints, retries, timeouts, connections, socket, priorities, slowStart, value);
  }
}
