package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** When traffic that goes badly takes an endpoint out. */
@Doc(
    "Takes an endpoint out of the traffic for a while when its traffic goes badly (passive health checks; Envoy calls this outlier"
        + " detection, HAProxy `observe layer7`, nginx `max_fails`). An error is a connection that cannot be opened, breaks or"
        + " times out, an invalid answer, or a status of 500 and above; 501 and 505 speak of the request and are none. `passive-health: {}` ejects after 5 errors in a row.")
public record PassiveHealthSpec(
    @Doc("Errors in a row that eject. 0: they do not.")
        @Default("5")
        @Range(min = "0", max = "1000000")
        int consecutiveErrors,
    @Doc("The share of errors among a window's requests that ejects, in percent. 0: it does not.")
        @Default("0")
        @Range(min = "0", max = "100")
        int errorRate,
    @Doc(
            "A mean time of a window's requests so many times the median of the pool's endpoints ejects; at least three endpoints"
                + " must have had traffic. 0: it does not.")
        @Default("0")
        @Range(min = "0", max = "1000")
        int slowFactor,
    @Doc("... if it is also so much longer than the median.")
        @Default("50ms")
        @Range(min = "0s", max = "1h")
        Duration slowMargin,
    @Doc("An endpoint with fewer requests in a window is not judged by it.")
        @Default("20")
        @Range(min = "1", max = "1000000")
        int leastRequests,
    @Doc("The window in which requests are counted for `error-rate` and `slow-factor`.")
        @Default("10s")
        @Range(min = "100ms", max = "1h")
        Duration window,
    @Doc(
            "How long the first ejection lasts; the second in a row twice as long, the third three times ...")
        @Default("30s")
        @Range(min = "10ms", max = "24h")
        Duration ejectionTime,
    @Doc("... but no longer than this.") @Default("5m") @Range(min = "10ms", max = "24h")
        Duration longestEjection,
    @Doc(
            "The largest share of the pool's endpoints that may be ejected at a time, in percent, rounded down. The last usable"
                + " endpoint is never ejected.")
        @Default("50")
        @Range(min = "0", max = "100")
        int mostEjected) {
  public PassiveHealthSpec {
    requireNonNull(slowMargin, "slowMargin");
    requireNonNull(window, "window");
    requireNonNull(ejectionTime, "ejectionTime");
    requireNonNull(longestEjection, "longestEjection");
  }

  /** The section with every key at its default. */
  public static PassiveHealthSpec defaults() {
    return Shape.of(PassiveHealthSpec.class).defaults();
  }
}
