package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import java.util.List;

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
    @Doc("Settings of the sockets to its endpoints.") @Default("{}") PoolSocket socket) {
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
        PoolSocket.defaults());
  }

  /** This with another {@link #balancer}. */
  public Pool withBalancer(BalancerSpec value) {
    return new Pool(value, endpoints, retries, timeouts, connections, socket);
  }

  /** This with other {@link #endpoints}. */
  public Pool withEndpoints(List<EndpointSpec> value) {
    return new Pool(balancer, value, retries, timeouts, connections, socket);
  }

  /** This with other {@link #retries}. */
  public Pool withRetries(int value) {
    return new Pool(balancer, endpoints, value, timeouts, connections, socket);
  }

  /** This with other {@link #timeouts}. */
  public Pool withTimeouts(PoolTimeouts value) {
    return new Pool(balancer, endpoints, retries, value, connections, socket);
  }

  /** This with other {@link #connections}. */
  public Pool withConnections(PoolConnections value) {
    return new Pool(balancer, endpoints, retries, timeouts, value, socket);
  }

  /** This with another {@link #socket}. */
  public Pool withSocket(PoolSocket value) {
    return new Pool(balancer, endpoints, retries, timeouts, connections, value);
  }
}
