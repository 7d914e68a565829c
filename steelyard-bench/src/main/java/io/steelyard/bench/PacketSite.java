package io.steelyard.bench;

/** What carries packets at the director; each has a virtual address of its own. */
enum PacketSite implements Named {
  /** nftables: another destination, and connection tracking for the way back. */
  NFT_DNAT("nft dnat", "10.99.0.3", true),
  /** The same with another source, too. */
  NFT_MASQUERADE("nft masquerade", "10.99.0.4", true),
  NAT("steelyard nat", "10.99.0.1", false),
  FULLNAT("steelyard fullnat", "10.99.0.2", false);

  /** Where the endpoint serves HTTP. */
  static final int HTTP = 8080;

  /** Where it takes bytes. */
  static final int BULK = 5201;

  private final String label;
  private final String address;
  private final boolean peer;

  PacketSite(String label, String address, boolean peer) {
    this.label = label;
    this.address = address;
    this.peer = peer;
  }

  @Override
  public String label() {
    return label;
  }

  String address() {
    return address;
  }

  boolean isPeer() {
    return peer;
  }

  /** Whom it is compared with: who does the same. */
  PacketSite reference() {
    return switch (this) {
      case NFT_DNAT, NAT -> NFT_DNAT;
      case NFT_MASQUERADE, FULLNAT -> NFT_MASQUERADE;
    };
  }

  /** The rules of both peers, for {@code nft -f}. */
  static String rules() {
    return """
    table ip bench {
      chain before { type nat hook prerouting priority -100;
        ip daddr %1$s tcp dport 80 dnat to 10.20.0.21:%3$d
        ip daddr %1$s tcp dport %4$d dnat to 10.20.0.21:%4$d
        ip daddr %2$s tcp dport 80 dnat to 10.20.0.21:%3$d
        ip daddr %2$s tcp dport %4$d dnat to 10.20.0.21:%4$d
      }
      chain after { type nat hook postrouting priority 100;
        ip daddr 10.20.0.21 ct original ip daddr %2$s masquerade
      }
    }
    """
        .formatted(NFT_DNAT.address, NFT_MASQUERADE.address, HTTP, BULK);
  }

  /** What Steelyard runs with. */
  static String configuration() {
    return """
    admin: { address: "127.0.0.1:9900" }
    packet: { interfaces: [eth0, eth1], pins: "", redirect: true }
    listeners:
    %s%s%s%s\
    pools:
      http: { endpoints: ["10.20.0.21:%d"] }
      bulk: { endpoints: ["10.20.0.21:%d"] }
    """
        .formatted(
            NAT.listener("nat-http", 80, "http"),
            NAT.listener("nat-bulk", BULK, "bulk"),
            FULLNAT.listener("fullnat-http", 80, "http"),
            FULLNAT.listener("fullnat-bulk", BULK, "bulk"),
            HTTP,
            BULK);
  }

  private String listener(String name, int port, String pool) {
    String mode =
        this == NAT ? "mode: nat" : "mode: fullnat, local-addresses: [10.20.0.200, 10.20.0.201]";
    return "  %s: { address: \"%s:%d\", protocol: packet, pool: %s, packet: { scheduler: maglev, address-interface: \"-\", %s } }%n"
        .formatted(name, address, port, pool, mode);
  }
}
