package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** Something that happens to an endpoint in a simulation. */
@Doc("Something that happens to an endpoint in a simulation.")
public record SimulatedEvent(
    @Doc("When, from the first moment on.") @Range(min = "0s", max = "168h") Duration at,
    @Doc("What.") Action action,
    @Doc("To which endpoint of the pool.") Address endpoint,
    @Doc("How many times as long a request takes from then on; for `slow` only.")
        @Default("10.0")
        @Range(min = "0.001", max = "100000")
        double factor) {
  /** What can happen. */
  public enum Action {
    /** It refuses every connection, and what it had under way breaks. */
    FAIL,
    /** It takes requests and never answers them. */
    HANG,
    /** It serves again, as fast as it did at first. */
    RECOVER,
    /** It takes longer. */
    SLOW,
    /** It is taken out of the configuration. */
    LEAVE,
    /** It is added to the configuration. */
    JOIN
  }

  public SimulatedEvent {
    requireNonNull(at, "at");
    requireNonNull(action, "action");
    requireNonNull(endpoint, "endpoint");
  }
}
