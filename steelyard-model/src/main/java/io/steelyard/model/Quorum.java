package io.steelyard.model;

/** How much of a pool has to be usable for the pool to be up. */
@Doc(
    "How much of the pool has to be usable. With less the pool is DOWN and none of its endpoints is used, for the few would only be crushed: its fallback answers.")
@Shorthand("endpoints")
public record Quorum(
    @Doc("The fewest usable endpoints.") @Default("1") @Range(min = "1", max = "65535")
        int endpoints,
    @Doc("The least weight of the usable endpoints together. 0: any.")
        @Default("0")
        @Range(min = "0", max = "1000000000")
        int weight,
    @Doc(
            "How far above the quorum a pool that is DOWN must come to be UP again, and how far below it one that is UP must fall to be DOWN, in endpoints and in weight, so that it does not come and go.")
        @Default("0")
        @Range(min = "0", max = "65534")
        int hysteresis) {
  /** The section with every key at its default: one usable endpoint will do. */
  public static Quorum defaults() {
    return Shape.of(Quorum.class).defaults();
  }
}
