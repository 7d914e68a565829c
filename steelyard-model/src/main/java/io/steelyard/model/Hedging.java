package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** When a request that waits for its answer is sent to a second endpoint. */
@Doc(
    "When a request that waits for its answer is sent to a second endpoint as well; the first answer is passed on, and the other attempt is cancelled. Only"
        + " for safe methods (GET, HEAD, OPTIONS, TRACE), once for each request, within the budget of `retries`. It has either `after` or `percentile`.")
@ExactlyOne({"after", "percentile"})
public record Hedging(
    @Doc("How long the first endpoint may take until then.") @Range(min = "1ms", max = "1h")
        @Nullable Duration after,
    @Doc(
            "As long as so many percent of the pool's answers take, as measured: with 95, about one request in twenty is hedged.")
        @Range(min = "1", max = "99.99")
        @Nullable Double percentile,
    @Doc("With `percentile`: no sooner than this, however fast the pool is.")
        @Default("1ms")
        @Range(min = "0s", max = "1h")
        Duration atLeast) {
  public Hedging {
    requireNonNull(atLeast, "atLeast");
  }

  /** After a fixed time. */
  public static Hedging after(Duration delay) {
    return new Hedging(delay, null, Shape.of(Hedging.class).<Duration>defaultOf("atLeast"));
  }

  /** After the time within which so many percent of the answers come. */
  public static Hedging percentile(double percent) {
    return new Hedging(null, percent, Shape.of(Hedging.class).<Duration>defaultOf("atLeast"));
  }
}
