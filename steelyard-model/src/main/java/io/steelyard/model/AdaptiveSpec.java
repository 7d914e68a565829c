package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** A limit of what endpoints have in flight that follows the times they take. */
@Doc(
    "Limits what each endpoint has in flight to what it can work on without requests waiting inside of it, which its times tell (a gradient"
        + " of the time with little to do over the time now, as Envoy's adaptive concurrency). Besides, `max-in-flight` and `per-endpoint.in-flight` hold.")
public record AdaptiveSpec(
    @Doc("Never less than this; and no more while the time with little to do is measured.")
        @Default("3")
        @Range(min = "1", max = "1000000")
        int least,
    @Doc("Never more than this.") @Default("1000") @Range(min = "1", max = "1000000") int most,
    @Doc(
            "How often the time with little to do is measured anew: for a moment, until 100 requests were answered.")
        @Default("60s")
        @Range(min = "1s", max = "24h")
        Duration remeasure,
    @Doc("How much longer than that requests may take, in percent.")
        @Default("25")
        @Range(min = "1", max = "1000")
        int buffer) {
  public AdaptiveSpec {
    requireNonNull(remeasure, "remeasure");
  }

  /** The section with every key at its default. */
  public static AdaptiveSpec defaults() {
    return Shape.of(AdaptiveSpec.class).defaults();
  }
}
