package io.steelyard.model;

import static java.util.Objects.requireNonNull;

/** When requests arrive in a simulation. */
@Doc("When simulated requests arrive.")
public record SimulatedArrivals(
    @Doc("Requests per second. 0: as many as `load` says.")
        @Default("0")
        @Range(min = "0", max = "100000000")
        int rate,
    @Doc(
            "The share of what all endpoints together can serve that is asked of them; above 1 they are overrun.")
        @Default("0.7")
        @Range(min = "0.001", max = "100")
        double load,
    @Doc(
            "`poisson`: independent of each other; `even`: at equal distances; `bursts`: ten at a time, the bursts independent of each other.")
        @Default("poisson")
        ArrivalProcess process) {
  /** How the arrivals follow each other. */
  public enum ArrivalProcess {
    /** Each independent of all others: exponential distances. */
    POISSON,
    /** Equal distances. */
    EVEN,
    /** Ten at once; the bursts as in {@link #POISSON}. */
    BURSTS
  }

  public SimulatedArrivals {
    requireNonNull(process, "process");
  }

  /** The section with every key at its default. */
  public static SimulatedArrivals defaults() {
    return Shape.of(SimulatedArrivals.class).defaults();
  }
}
