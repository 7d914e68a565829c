package io.steelyard.packet.lab;

/** How a lab is drawn. */
final class LabPicture {
  private static final String THROUGH =
      """
        client ──CIP→VIP──► director ──%s──► endpoint
               ◄─VIP→CIP──     │     ◄─%s──
                               └ at XDP, before netfilter's PREROUTING: neither INPUT, FORWARD nor POSTROUTING sees them
      """;

  private static final String AROUND =
      """
        client ──CIP→VIP──► director ──%s──► endpoint
           ▲                   └ at XDP, before netfilter's PREROUTING        │
           └───────────VIP→CIP─────────── router ◄────────────────VIP→CIP─────┘
      """;

  private LabPicture() {}

  static String of(Laboratory.Mode mode) {
    return switch (mode) {
      case NAT ->
          "NAT: another destination, and the answer comes back through the director.\n\n"
              + THROUGH.formatted("CIP→RIP", "RIP→CIP");
      case FULLNAT ->
          "FullNAT: another source, too; the endpoint needs no way back to the client.\n\n"
              + THROUGH.formatted("LIP→RIP", "RIP→LIP");
      case DR ->
          "DR: another destination MAC, nothing else; the answer goes by itself.\n\n"
              + AROUND.formatted("CIP→VIP, RMAC");
      case TUN ->
          "TUN: the packet in a packet; the answer goes by itself.\n\n"
              + AROUND.formatted("DIP→RIP(CIP→VIP)");
    };
  }

  /** One frame, sent by a machine. */
  static String line(String from, SeenPacket packet, Roles roles) {
    var outer = packet.outer();
    var way = from + " ─► " + roles.machine(packet.to());
    return "  %-24s %-9s %s%s   %s → %s%n"
        .formatted(
            way,
            packet.what(),
            outer == null ? "" : "[" + text(outer, roles) + "] ",
            text(packet.addresses(), roles),
            roles.of(packet.from()),
            roles.of(packet.to()));
  }

  private static String text(SeenPacket.Addresses addresses, Roles roles) {
    return roles.of(addresses.source(), addresses.sourcePort())
        + " → "
        + roles.of(addresses.destination(), addresses.port());
  }
}
