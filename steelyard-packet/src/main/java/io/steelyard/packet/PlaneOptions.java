package io.steelyard.packet;

import io.steelyard.packet.bpf.XdpMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a plane is built.
 *
 * @param interfaces whose frames it looks at
 * @param pins a directory in a bpffs that keeps programs and tables when the process ends, or null:
 *     then they end with it
 * @param sendByRedirect for veth, which loses XDP_TX frames when the other side has no XDP program
 * @param maxConnections per family; an entry is about 150 bytes (IPv4) or 200 (IPv6), and NAT and
 *     FullNAT take two
 * @param hashSeed the same on all balancers of the same services
 * @param accessList whether {@link KernelForwardingPlane#accessList} is asked for each packet
 * @param packets how many packets a source may send, or null
 * @param connections how many new connections a source may begin, or null
 * @param synProxy what answers TCP clients' SYN, or null: endpoints
 * @param rules the first that a client's packet is like decides; 64 of each family at most
 * @param portRest FullNAT: how long a local port rests after its connection
 */
public record PlaneOptions(
    List<String> interfaces,
    XdpMode mode,
    @Nullable Path pins,
    boolean sendByRedirect,
    int maxConnections,
    int maxServices,
    int maxEndpoints,
    long hashSeed,
    boolean accessList,
    @Nullable Limit packets,
    @Nullable Limit connections,
    @Nullable SynProxy synProxy,
    List<PacketRule> rules,
    Duration portRest,
    Timeouts timeouts) {
  private static final int CONNECTIONS = 1 << 20;
  private static final int SERVICES = 256;
  private static final int ENDPOINTS = 16_384;

  public PlaneOptions {
    interfaces = List.copyOf(interfaces);
    rules = List.copyOf(rules);
  }

  /** The usual ones. */
  public static PlaneOptions of(List<String> interfaces, @Nullable Path pins) {
    return new PlaneOptions(
        interfaces,
        XdpMode.NATIVE,
        pins,
        false,
        CONNECTIONS,
        SERVICES,
        ENDPOINTS,
        0,
        false,
        null,
        null,
        null,
        List.of(),
        Duration.ofMinutes(1),
        Timeouts.DEFAULT);
  }

  /** With another size of the connection table. */
  public PlaneOptions withMaxConnections(int entries) {
    return new PlaneOptions(
        interfaces,
        mode,
        pins,
        sendByRedirect,
        entries,
        maxServices,
        maxEndpoints,
        hashSeed,
        accessList,
        packets,
        connections,
        synProxy,
        rules,
        portRest,
        timeouts);
  }

  /** For veth. */
  public PlaneOptions withRedirect() {
    return new PlaneOptions(
        interfaces,
        mode,
        pins,
        true,
        maxConnections,
        maxServices,
        maxEndpoints,
        hashSeed,
        accessList,
        packets,
        connections,
        synProxy,
        rules,
        portRest,
        timeouts);
  }

  /** With an access list, and limits per source. */
  public PlaneOptions withProtection(
      boolean list, @Nullable Limit packetLimit, @Nullable Limit connectionLimit) {
    return new PlaneOptions(
        interfaces,
        mode,
        pins,
        sendByRedirect,
        maxConnections,
        maxServices,
        maxEndpoints,
        hashSeed,
        list,
        packetLimit,
        connectionLimit,
        synProxy,
        rules,
        portRest,
        timeouts);
  }

  /** With a SYN proxy. */
  public PlaneOptions withSynProxy(SynProxy proxy) {
    return new PlaneOptions(
        interfaces,
        mode,
        pins,
        sendByRedirect,
        maxConnections,
        maxServices,
        maxEndpoints,
        hashSeed,
        accessList,
        packets,
        connections,
        proxy,
        rules,
        portRest,
        timeouts);
  }

  /** With rules. */
  public PlaneOptions withRules(List<PacketRule> others) {
    return new PlaneOptions(
        interfaces,
        mode,
        pins,
        sendByRedirect,
        maxConnections,
        maxServices,
        maxEndpoints,
        hashSeed,
        accessList,
        packets,
        connections,
        synProxy,
        others,
        portRest,
        timeouts);
  }

  /** With other times. */
  public PlaneOptions withTimes(Duration rest, Timeouts silence) {
    return new PlaneOptions(
        interfaces,
        mode,
        pins,
        sendByRedirect,
        maxConnections,
        maxServices,
        maxEndpoints,
        hashSeed,
        accessList,
        packets,
        connections,
        synProxy,
        rules,
        rest,
        silence);
  }

  /** With XDP in the driver, or after it. */
  public PlaneOptions withMode(XdpMode other) {
    return new PlaneOptions(
        interfaces,
        other,
        pins,
        sendByRedirect,
        maxConnections,
        maxServices,
        maxEndpoints,
        hashSeed,
        accessList,
        packets,
        connections,
        synProxy,
        rules,
        portRest,
        timeouts);
  }
}
