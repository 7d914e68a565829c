package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** How fast simulated endpoints are. */
@Doc("How fast simulated endpoints are.")
public record SimulatedSpeed(
    @Doc("The mean time that a request takes once it is its turn.")
        @Default("10ms")
        @Range(min = "1ms", max = "1h")
        Duration time,
    @Doc(
            "How the times are distributed about the mean: `constant`, `uniform` (0 to twice the mean), `exponential`, `log-normal` (sigma 1) or `pareto` (shape 1.5, the heaviest tail).")
        @Default("exponential")
        Distribution distribution,
    @Doc("How many requests are worked at together; what comes beyond that waits in line.")
        @Default("8")
        @Range(min = "1", max = "1000000")
        int atOnce) {
  /** How times are distributed about their mean. */
  public enum Distribution {
    /** Always the mean. */
    CONSTANT,
    /** Anything from 0 to twice the mean, alike. */
    UNIFORM,
    /** Memoryless. */
    EXPONENTIAL,
    /** Its logarithm is normal with sigma 1. */
    LOG_NORMAL,
    /** A power law with shape 1.5: the mean exists, the variance does not. */
    PARETO
  }

  public SimulatedSpeed {
    requireNonNull(time, "time");
    requireNonNull(distribution, "distribution");
  }

  /** The section with every key at its default. */
  public static SimulatedSpeed defaults() {
    return Shape.of(SimulatedSpeed.class).defaults();
  }
}
