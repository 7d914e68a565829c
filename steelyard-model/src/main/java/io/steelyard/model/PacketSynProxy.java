package io.steelyard.model;

import static java.util.Objects.requireNonNull;

/** Whether clients of {@code nat} and {@code fullnat} have to answer a cookie first. */
@Doc(
    "TCP clients of `nat` and `fullnat` have to show that they are there before a connection is remembered: their SYN is answered with a cookie. Such connections have no larger windows, selective acknowledgements or timestamps.")
public record PacketSynProxy(
    @Doc(
            "`under-flood`: when connections of a listener begin and go no further, more of them than is said here, and for ten seconds more; `always`.")
        @Default("under-flood")
        When when,
    @Doc("`under-flood`: how many of these there may be per second, in the long run.")
        @Default("1000")
        @Range(min = "1", max = "1000000000")
        int unfinishedPerSecond,
    @Doc("`under-flood`: how many at once.") @Default("5000") @Range(min = "1", max = "1000000000")
        int burst,
    @Doc(
            "The largest segment that clients are let send, which has to fit on the way to endpoints; IPv6 has 20 bytes fewer.")
        @Default("1460")
        @Range(min = "536", max = "8960")
        int mss) {
  /** When SYNs are answered with cookies. */
  public enum When {
    /** When too many connections begin and go no further. */
    UNDER_FLOOD,
    /** Each of them. */
    ALWAYS
  }

  public PacketSynProxy {
    requireNonNull(when, "when");
  }

  /** The section with every key at its default. */
  public static PacketSynProxy defaults() {
    return Shape.of(PacketSynProxy.class).defaults();
  }
}
