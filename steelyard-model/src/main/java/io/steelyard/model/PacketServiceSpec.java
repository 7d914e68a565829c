package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the kernel carries what arrives at a listener of protocol {@code packet}. */
@Doc("How the kernel carries what arrives at a listener of protocol `packet`.")
public record PacketServiceSpec(
    @Doc(
            "LVS's four: `nat` (endpoints answer through this machine; maps ports), `dr` (neighbours that have the address themselves), `tun` (the same anywhere, the packet in a packet), `fullnat` (anywhere, endpoints see a local address; maps ports).")
        Mode mode,
    @Doc("What is above IP: `tcp`, `udp`, `icmp` (echo), or `any` protocol.") @Default("tcp")
        Transport transport,
    @Doc(
            "How a new connection finds its endpoint. Absent: as the pool's balancer says, if it is one of these. `least-connections` takes the one with the fewest for its weight, of eight in turn.")
        @Nullable Scheduler scheduler,
    @Doc(
            "All connections of a client's network go to one endpoint. Absent: each connection is chosen for by itself.")
        @Nullable PacketPersistence persistence,
    @Doc("Every datagram is chosen for anew and none remembered: UDP with `dr` or `tun`.")
        @Default("false")
        boolean onePacket,
    @Doc(
            "The interface that has the virtual address while this serves: it is added, announced to the network, and removed. Absent: the first of the plane's `interfaces`. `-`: it is somebody else's matter.")
        @NotEmpty
        @Nullable String addressInterface,
    @Doc(
            "`fullnat`: the addresses that endpoints see, used for nothing else. Each gives an endpoint about 1000 new connections per second.")
        @Default("[]")
        @NotEmpty
        List<String> localAddresses,
    @Doc("`fullnat`: the first port of these addresses.")
        @Default("1024")
        @Range(min = "1", max = "65535")
        int firstLocalPort,
    @Doc("`fullnat`: the last port of these addresses.")
        @Default("65535")
        @Range(min = "1", max = "65535")
        int lastLocalPort,
    @Doc(
            "`fullnat`: what tells endpoints who their client is: `none`; `toa`, a TCP option (254) in what the client sends before the endpoint has said anything, for kernels that read it; `proxy-v2`, a header of the PROXY protocol before the client's bytes (`tcp`) or before each datagram (`udp`).")
        @Default("none")
        ClientAddress clientAddress,
    @Doc("`tun`: the outer packet.") @Nullable PacketTunnel tunnel,
    @Doc("Whether the plane's `mirror` gets copies of what is carried.") @Default("false")
        boolean mirror) {
  /** How packets reach an endpoint. */
  public enum Mode {
    /** Another destination; the answer comes back through here. */
    NAT,
    /** Another destination MAC, nothing else. */
    DR,
    /** The packet in a packet. */
    TUN,
    /** Another source and another destination. */
    FULLNAT;

    /** Whether the endpoint may have another port than the listener. */
    public boolean mapsPorts() {
      return this == NAT || this == FULLNAT;
    }
  }

  /** What tells endpoints of {@code fullnat} who their client is. */
  public enum ClientAddress {
    /** Nothing. */
    NONE,
    /** A TCP option with the client's address and port. */
    TOA,
    /** A header of the PROXY protocol before what the client sends. */
    PROXY_V2
  }

  /** What is above IP. */
  public enum Transport {
    TCP,
    UDP,
    /** Echo requests. */
    ICMP,
    /** Whatever has no listener of its own at the address. */
    ANY;

    /** Whether it has ports. */
    public boolean hasPorts() {
      return this == TCP || this == UDP;
    }
  }

  /** How a new connection finds its endpoint. */
  @OtherWord(
      value = {"rr", "wrr"},
      why = "is LVS's name of turns, expected round-robin, which goes by weights")
  @OtherWord(
      value = {"lc", "wlc", "sed"},
      why =
          "is LVS's choice of the least busy, expected least-connections: (connections + 1) / weight, of eight in turn")
  @OtherWord(
      value = "nq",
      why =
          "is LVS's choice of an idle endpoint before all others; the table tells idle ones only of the eight that it compares, expected least-connections, or the balancer never-queue with protocol tcp")
  @OtherWord(value = "sh", why = "is LVS's hash of the client's address, expected source-hash")
  @OtherWord(value = "mh", why = "is LVS's name of Maglev, expected maglev")
  @OtherWord(
      value = "dh",
      why =
          "is LVS's hash of the destination, which is the same for all clients of a listener, expected maglev or source-hash, or the balancer destination-hash with protocol tcp")
  @OtherWord(
      value = {"lblc", "lblcr"},
      why =
          "is LVS's for caches: by destination, which is the same for all clients of a listener, expected maglev or source-hash, or the balancers lblc and lblcr with protocol http")
  @OtherWord(
      value = "ovf",
      why =
          "is LVS's overflow: it needs a limit of connections for each endpoint, which the kernel's table does not keep, expected least-connections with 'priority' of endpoints, or max-in-flight with protocol tcp")
  @OtherWord(
      value = "fo",
      why =
          "is LVS's fail-over, expected any scheduler with 'priority' of endpoints, of which the next stands by")
  public enum Scheduler {
    /** By the client's address and port; few move when endpoints change. LVS's {@code mh}. */
    MAGLEV,
    /** In turn, by weight. LVS's {@code rr} and {@code wrr}. */
    ROUND_ROBIN,
    /** By the client's address. LVS's {@code sh}. */
    SOURCE_HASH,
    /** The fewest connections for the weight, of eight in turn. LVS's {@code sed}. */
    LEAST_CONNECTIONS
  }

  public PacketServiceSpec {
    requireNonNull(mode, "mode");
    requireNonNull(transport, "transport");
    requireNonNull(clientAddress, "clientAddress");
    localAddresses = List.copyOf(localAddresses);
  }

  /** A service with all else at its default. */
  public static PacketServiceSpec of(Mode mode) {
    var shape = Shape.of(PacketServiceSpec.class);
    return new PacketServiceSpec(
        mode,
        shape.<Transport>defaultOf("transport"),
        null,
        null,
        shape.<Boolean>defaultOf("onePacket"),
        null,
        List.of(),
        shape.<Integer>defaultOf("firstLocalPort"),
        shape.<Integer>defaultOf("lastLocalPort"),
        shape.<ClientAddress>defaultOf("clientAddress"),
        null,
        shape.<Boolean>defaultOf("mirror"));
  }

  /** The scheduler, where the pool's balancer says it when this does not; null for no such one. */
  public @Nullable Scheduler schedulerFor(BalancerSpec balancer) {
    if (scheduler != null) {
      return scheduler;
    }
    return switch (balancer.name()) {
      case "round-robin" -> Scheduler.ROUND_ROBIN;
      case "source-hash" -> Scheduler.SOURCE_HASH;
      case "maglev" -> Scheduler.MAGLEV;
      case "least-connections", "weighted-least-connections", "shortest-expected-delay" ->
          Scheduler.LEAST_CONNECTIONS;
      default -> null;
    };
  }
}
