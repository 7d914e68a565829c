package io.steelyard.model;

/** How many attempts may follow others, whoever's they are. */
@Doc(
    "How many attempts may follow failed ones in all, so that a pool in trouble is not asked many times over. What came"
        + " before a connect that failed does not count, for nothing was asked; hedged requests do. Each event loop has its part.")
public record RetryBudget(
    @Doc("Of the requests of the last ten seconds, in percent.")
        @Default("20")
        @Range(min = "0", max = "1000")
        int share,
    @Doc("So many per second besides, for pools with little traffic.")
        @Default("10")
        @Range(min = "0", max = "1000000")
        int floor) {
  /** The section with every key at its default. */
  public static RetryBudget defaults() {
    return Shape.of(RetryBudget.class).defaults();
  }
}
