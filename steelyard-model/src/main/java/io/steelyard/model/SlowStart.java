package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** How an endpoint that came up gets its share little by little. */
@Doc(
    "How an endpoint that came up gets its share little by little: caches fill, code is compiled. Works with every balancer.")
public record SlowStart(
    @Doc("How long it takes until it has its whole share.")
        @Default("30s")
        @Range(min = "1ms", max = "24h")
        Duration duration,
    @Doc("The part of its share that it begins with.")
        @Default("0.1")
        @Range(min = "0.001", max = "1")
        double from) {
  public SlowStart {
    requireNonNull(duration, "duration");
  }

  /** The section with every key at its default. */
  public static SlowStart defaults() {
    return Shape.of(SlowStart.class).defaults();
  }
}
