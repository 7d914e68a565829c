package io.steelyard.model;

/** When endpoints of the next priority join and leave. */
@Doc(
    "When endpoints of the next priority join those that serve, and when they stand by again. Endpoints have priorities of their own; the lowest number comes first.")
public record Priorities(
    @Doc("With fewer endpoints available, the next priority joins.")
        @Default("1")
        @Range(min = "1", max = "65535")
        int minimumActive,
    @Doc(
            "With so many available again, it stands by again and finishes what it has. More than `minimum-active` keeps it from coming and going; 0: as many as that.")
        @Default("0")
        @Range(min = "0", max = "65535")
        int returnAt) {
  /** The section with every key at its default. */
  public static Priorities defaults() {
    return Shape.of(Priorities.class).defaults();
  }

  /** How many have to be available before a group stands by again. */
  public int effectiveReturnAt() {
    return Math.max(returnAt, minimumActive);
  }
}
