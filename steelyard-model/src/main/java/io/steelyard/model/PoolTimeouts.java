package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** How long a pool waits for its endpoints. */
@Doc("How long a pool waits for its endpoints.")
public record PoolTimeouts(
    @Doc("The time to open a connection.") @Default("1s") @Range(min = "1ms", max = "24h")
        Duration connect,
    @Doc("The time from a request that was sent to the head of its answer.")
        @Default("30s")
        @Range(min = "1ms", max = "24h")
        Duration response,
    @Doc("How long a body may make no progress.") @Default("60s") @Range(min = "1ms", max = "24h")
        Duration idle,
    @Doc(
            "How long a tunnel, such as a WebSocket, or a TCP connection may carry nothing in either direction.")
        @Default("1h")
        @Range(min = "1ms", max = "24h")
        Duration tunnel) {
  public PoolTimeouts {
    requireNonNull(connect, "connect");
    requireNonNull(response, "response");
    requireNonNull(idle, "idle");
    requireNonNull(tunnel, "tunnel");
  }

  /** The section with every key at its default. */
  public static PoolTimeouts defaults() {
    return Shape.of(PoolTimeouts.class).defaults();
  }
}
