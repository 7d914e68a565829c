package io.steelyard.model;

import static java.util.Objects.requireNonNull;

/** The outer packet of {@code tun}. */
@Doc("The outer packet of mode `tun`.")
public record PacketTunnel(
    @Doc("Its source: an address of this machine.") String source,
    @Doc(
            "How many of the source's last bits differ from flow to flow, so that the endpoint's network card spreads them over its queues. Endpoints have to accept all of these.")
        @Default("0")
        @Range(min = "0", max = "16")
        int varyBits,
    @Doc(
            "`ipip`: IP in IP; `gue`: in UDP, for networks that pass nothing else (GUE variant 1, port 6080).")
        @Default("ipip")
        Encapsulation encapsulation,
    @Doc(
            "The largest packet, outer header included, that reaches the endpoints. 0: as large as the interface sends.")
        @Default("0")
        @Range(min = "0", max = "65535")
        int mtu) {
  /** What is around the packet. */
  public enum Encapsulation {
    /** IP alone. */
    IPIP,
    /** IP and UDP. */
    GUE
  }

  public PacketTunnel {
    requireNonNull(source, "source");
    requireNonNull(encapsulation, "encapsulation");
  }
}
