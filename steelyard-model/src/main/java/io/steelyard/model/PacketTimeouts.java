package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** After which silence a connection of the packet plane is forgotten. The defaults are LVS's. */
@Doc("After which silence a connection is forgotten. The defaults are LVS's.")
public record PacketTimeouts(
    @Doc("TCP before the client's first acknowledgement.")
        @Default("1m")
        @Range(min = "1s", max = "24h")
        Duration beginning,
    @Doc("TCP between two packets of an open connection.")
        @Default("15m")
        @Range(min = "1s", max = "24h")
        Duration established,
    @Doc("TCP after a FIN or RST.") @Default("2m") @Range(min = "1s", max = "24h") Duration ending,
    @Doc("UDP.") @Default("5m") @Range(min = "1s", max = "24h") Duration udp,
    @Doc("Other protocols.") @Default("1m") @Range(min = "1s", max = "24h") Duration other) {
  public PacketTimeouts {
    requireNonNull(beginning, "beginning");
    requireNonNull(established, "established");
    requireNonNull(ending, "ending");
    requireNonNull(udp, "udp");
    requireNonNull(other, "other");
  }

  /** The section with every key at its default. */
  public static PacketTimeouts defaults() {
    return Shape.of(PacketTimeouts.class).defaults();
  }
}
