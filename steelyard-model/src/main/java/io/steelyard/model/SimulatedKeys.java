package io.steelyard.model;

/** What simulated requests ask for. */
@Doc(
    "What simulated requests ask for: client addresses, targets, keys, whatever the balancer looks at.")
public record SimulatedKeys(
    @Doc("How many different ones there are.") @Default("10000") @Range(min = "1", max = "10000000")
        int number,
    @Doc(
            "The exponent of Zipf's law: the n-th most popular is asked for in proportion to 1 / n to the power of this. 0: all alike.")
        @Default("1.0")
        @Range(min = "0", max = "10")
        double exponent) {
  /** The section with every key at its default. */
  public static SimulatedKeys defaults() {
    return Shape.of(SimulatedKeys.class).defaults();
  }
}
