package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An endpoint that differs from the others in a simulation. */
@Doc("An endpoint that differs from the others. What is left out is as `speed` says.")
public record SimulatedEndpoint(
    @Doc("Its address, as in the pool.") Address address,
    @Doc("The mean time that a request takes.") @Range(min = "1ms", max = "1h")
        @Nullable Duration time,
    @Doc("How the times are distributed about the mean.")
        SimulatedSpeed.@Nullable Distribution distribution,
    @Doc("How many requests are worked at together. 0: as many as `speed` says.")
        @Default("0")
        @Range(min = "0", max = "1000000")
        int atOnce) {
  public SimulatedEndpoint {
    requireNonNull(address, "address");
  }

  /** What it amounts to when the others are like this. */
  public SimulatedSpeed speed(SimulatedSpeed others) {
    return new SimulatedSpeed(
        time == null ? others.time() : time,
        distribution == null ? others.distribution() : distribution,
        atOnce == 0 ? others.atOnce() : atOnce);
  }
}
