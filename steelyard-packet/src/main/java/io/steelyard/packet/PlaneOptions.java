package io.steelyard.packet;

import io.steelyard.packet.bpf.XdpMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a plane is built.
 *
 * @param protection who may not come in, and who comes too often
 * @param mirroring who gets copies, or null: nobody
 * @param introduces whether there may be services that tell endpoints of clients by {@link
 *     Forwarding.Introduction#PROXY_V2}; their program takes half a second to load
 * @param hashSeed the same on all balancers of the same services
 * @param portRest FullNAT: how long a local port rests after its connection
 */
public record PlaneOptions(
    Place place,
    Sizes sizes,
    Protection protection,
    @Nullable Mirroring mirroring,
    boolean introduces,
    long hashSeed,
    Duration portRest,
    Timeouts timeouts) {

  /**
   * Where it is.
   *
   * @param interfaces whose frames it looks at
   * @param pins a directory in a bpffs that keeps programs and tables when the process ends, or
   *     null: then they end with it
   * @param byRedirect for veth, which loses XDP_TX frames when the other side has no XDP program
   */
  public record Place(
      List<String> interfaces, XdpMode mode, @Nullable Path pins, boolean byRedirect) {
    public Place {
      interfaces = List.copyOf(interfaces);
    }
  }

  /**
   * What there is room for.
   *
   * @param connections per family; an entry is about 150 bytes (IPv4) or 200 (IPv6), and NAT and
   *     FullNAT take two
   */
  public record Sizes(int connections, int services, int endpoints) {
    /** The usual ones, with room for so many connections. */
    public static Sizes ofConnections(int connections) {
      return new Sizes(connections, 256, 16_384);
    }
  }

  /**
   * What clients' packets are asked.
   *
   * @param accessList whether {@link KernelForwardingPlane#accessList} is asked for each packet
   * @param packets how many packets a source may send, or null
   * @param connections how many new connections a source may begin, or null
   * @param synProxy what answers TCP clients' SYN, or null: endpoints
   * @param rules the first that a client's packet is like decides; 64 of each family at most
   */
  public record Protection(
      boolean accessList,
      @Nullable Limit packets,
      @Nullable Limit connections,
      @Nullable SynProxy synProxy,
      List<PacketRule> rules) {
    /** Everybody may come in, as often as they like. */
    public static final Protection NONE = new Protection(false, null, null, null, List.of());

    public Protection {
      rules = List.copyOf(rules);
    }
  }

  private static final int CONNECTIONS = 1 << 20;

  /** The usual ones. */
  public static PlaneOptions of(List<String> interfaces, @Nullable Path pins) {
    return new PlaneOptions(
        new Place(interfaces, XdpMode.NATIVE, pins, false),
        Sizes.ofConnections(CONNECTIONS),
        Protection.NONE,
        null,
        false,
        0,
        Duration.ofMinutes(1),
        Timeouts.DEFAULT);
  }

  private PlaneOptions at(Place other) {
    return new PlaneOptions(
        other, sizes, protection, mirroring, introduces, hashSeed, portRest, timeouts);
  }

  private PlaneOptions guarded(Protection other) {
    return new PlaneOptions(
        place, sizes, other, mirroring, introduces, hashSeed, portRest, timeouts);
  }

  /** With another size of the connection table. */
  public PlaneOptions withMaxConnections(int entries) {
    var other = new Sizes(entries, sizes.services, sizes.endpoints);
    return new PlaneOptions(
        place, other, protection, mirroring, introduces, hashSeed, portRest, timeouts);
  }

  /** For veth. */
  public PlaneOptions withRedirect() {
    return at(new Place(place.interfaces, place.mode, place.pins, true));
  }

  /** With an access list, and limits per source. */
  public PlaneOptions withProtection(
      boolean list, @Nullable Limit packets, @Nullable Limit connections) {
    return guarded(
        new Protection(list, packets, connections, protection.synProxy, protection.rules));
  }

  /** With a SYN proxy. */
  public PlaneOptions withSynProxy(SynProxy proxy) {
    return guarded(
        new Protection(
            protection.accessList,
            protection.packets,
            protection.connections,
            proxy,
            protection.rules));
  }

  /** With rules. */
  public PlaneOptions withRules(List<PacketRule> rules) {
    return guarded(
        new Protection(
            protection.accessList,
            protection.packets,
            protection.connections,
            protection.synProxy,
            rules));
  }

  /** With a tap. */
  public PlaneOptions withMirroring(Mirroring other) {
    return new PlaneOptions(
        place, sizes, protection, other, introduces, hashSeed, portRest, timeouts);
  }

  /** With what tells endpoints of clients by PROXY headers. */
  public PlaneOptions withIntroductions() {
    return new PlaneOptions(
        place, sizes, protection, mirroring, true, hashSeed, portRest, timeouts);
  }

  /** With other times. */
  public PlaneOptions withTimes(Duration rest, Timeouts silence) {
    return new PlaneOptions(
        place, sizes, protection, mirroring, introduces, hashSeed, rest, silence);
  }
}
