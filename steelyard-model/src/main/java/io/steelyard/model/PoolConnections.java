package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** Which idle connections to endpoints are kept for the next request. */
@Doc("Which idle connections to endpoints are kept for the next request.")
public record PoolConnections(
    @Doc(
            "The most idle connections that each event loop keeps. 0 keeps none: every request connects anew.")
        @Default("256")
        @Range(min = "0", max = "65535")
        int idle,
    @Doc(
            "How long an idle connection is kept. Choose less than the endpoints' own keep-alive time.")
        @Default("30s")
        @Range(min = "1ms", max = "24h")
        Duration idleTime,
    @Doc("The age from which a connection is not used again.")
        @Default("1h")
        @Range(min = "1ms", max = "168h")
        Duration maxAge) {
  public PoolConnections {
    requireNonNull(idleTime, "idleTime");
    requireNonNull(maxAge, "maxAge");
  }

  /** The section with every key at its default. */
  public static PoolConnections defaults() {
    return Shape.of(PoolConnections.class).defaults();
  }
}
