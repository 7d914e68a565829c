package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How much a pool's endpoints are asked at a time. */
@Doc(
    "How much all endpoints of the pool together have to do at a time (a circuit breaker). A request beyond a limit waits in the `queue`, or is"
        + " answered 503 with `Retry-After`. 0: any number.")
public record Limits(
    @Doc("Requests at endpoints.") @Default("0") @Range(min = "0", max = "1000000000") int inFlight,
    @Doc("Open connections, idle ones and those being opened included.")
        @Default("0")
        @Range(min = "0", max = "1000000000")
        int connections,
    @Doc("Connections being opened, each with a request that waits for it.")
        @Default("0")
        @Range(min = "0", max = "1000000000")
        int connecting,
    @Doc("Attempts under way that follow failed ones. Beyond it, failures are passed on.")
        @Default("0")
        @Range(min = "0", max = "1000000000")
        int retries,
    @Doc("The same for each endpoint.") @Default("{}") EndpointLimits perEndpoint,
    @Doc("Limits what each endpoint has in flight by the times it takes. Without it: not.")
        @Nullable AdaptiveSpec adaptive,
    @Doc("What `Retry-After` says when the pool answers 503; in whole seconds, rounded up.")
        @Default("1s")
        @Range(min = "0s", max = "24h")
        Duration retryAfter) {
  public Limits {
    requireNonNull(perEndpoint, "perEndpoint");
    requireNonNull(retryAfter, "retryAfter");
  }

  /** The section with every key at its default. */
  public static Limits defaults() {
    return Shape.of(Limits.class).defaults();
  }

  /** No limit but these. */
  public static Limits of(int inFlight, int connections, int connecting, int retries) {
    return new Limits(
        inFlight,
        connections,
        connecting,
        retries,
        EndpointLimits.defaults(),
        null,
        defaults().retryAfter);
  }

  /** This with other {@link #perEndpoint}. */
  public Limits withPerEndpoint(EndpointLimits value) {
    return new Limits(inFlight, connections, connecting, retries, value, adaptive, retryAfter);
  }

  /** This with another {@link #retryAfter}. */
  public Limits withRetryAfter(Duration value) {
    return new Limits(inFlight, connections, connecting, retries, perEndpoint, adaptive, value);
  }

  /** This with another {@link #adaptive}; null for none. */
  public Limits withAdaptive(@Nullable AdaptiveSpec value) {
    return new Limits(inFlight, connections, connecting, retries, perEndpoint, value, retryAfter);
  }

  /** Whether connections or retries are limited, of the pool or of an endpoint. */
  public boolean limitsConnectionsOrRetries() {
    return connections > 0
        || connecting > 0
        || retries > 0
        || perEndpoint.limitsConnectionsOrRetries();
  }
}
