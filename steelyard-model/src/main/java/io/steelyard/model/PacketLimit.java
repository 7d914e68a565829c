package io.steelyard.model;

/** How much one source address may send to the packet plane's virtual addresses. */
@Doc("How much one source address may send.")
public record PacketLimit(
    @Doc("How many per second, in the long run.") @Range(min = "1", max = "1000000000")
        int perSecond,
    @Doc(
            "How many at once. The kernel's clock is coarse: what comes within a hundredth of a second at this rate is always let in.")
        @Default("100")
        @Range(min = "1", max = "1000000000")
        int burst) {
  /** A limit with its burst at the default. */
  public static PacketLimit of(int perSecond) {
    return new PacketLimit(perSecond, Shape.of(PacketLimit.class).<Integer>defaultOf("burst"));
  }
}
