package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** What is done with packets that clients send, each for itself. */
@Doc(
    "What is done with packets that are like this. Each packet of a client to a virtual address is looked at for itself.")
public record PacketRuleSpec(
    @Doc("`drop`, or `allow`: it is let in by the rules, whatever those that follow say.")
        @Default("drop")
        Action action,
    @Doc("The network that it comes from. Absent: any.") @Nullable Cidr source,
    @Doc("The virtual address, or a network of them, that it is for. Absent: any.")
        @Nullable Cidr destination,
    @Doc("What is above IP.") @Default("any") PacketServiceSpec.Transport transport,
    @Doc("The first port that it may come from.") @Default("0") @Range(min = "0", max = "65535")
        int firstSourcePort,
    @Doc("The last port that it may come from.") @Default("65535") @Range(min = "0", max = "65535")
        int lastSourcePort,
    @Doc("The first port that it may be for.") @Default("0") @Range(min = "0", max = "65535")
        int firstPort,
    @Doc("The last port that it may be for.") @Default("65535") @Range(min = "0", max = "65535")
        int lastPort) {
  /** What is done with a packet. */
  public enum Action {
    /** It goes no further. */
    DROP,
    /** It goes on. */
    ALLOW
  }

  public PacketRuleSpec {
    requireNonNull(action, "action");
    requireNonNull(transport, "transport");
  }

  /** A rule with every key at its default: it drops everything. */
  public static PacketRuleSpec defaults() {
    return Shape.of(PacketRuleSpec.class).defaults();
  }
}
