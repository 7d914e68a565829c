package io.steelyard.server.packet;

import io.steelyard.model.Listener;
import io.steelyard.model.PacketLimit;
import io.steelyard.model.PacketMirror;
import io.steelyard.model.PacketPlaneSpec;
import io.steelyard.model.PacketProtection;
import io.steelyard.model.PacketRuleSpec;
import io.steelyard.model.PacketServiceSpec;
import io.steelyard.model.PacketServiceSpec.ClientAddress;
import io.steelyard.model.PacketServiceSpec.Scheduler;
import io.steelyard.model.PacketSynProxy;
import io.steelyard.model.PacketTimeouts;
import io.steelyard.model.PacketTunnel;
import io.steelyard.packet.Choice;
import io.steelyard.packet.Forwarding;
import io.steelyard.packet.Limit;
import io.steelyard.packet.Mirroring;
import io.steelyard.packet.PacketRule;
import io.steelyard.packet.PlaneOptions;
import io.steelyard.packet.SynProxy;
import io.steelyard.packet.Timeouts;
import io.steelyard.packet.Transport;
import io.steelyard.packet.VirtualService;
import io.steelyard.packet.bpf.XdpMode;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** The packet plane's words for what a validated configuration says. */
final class VirtualServices {
  private VirtualServices() {}

  /**
   * The plane's.
   *
   * @param listeners that it carries
   */
  static PlaneOptions options(PacketPlaneSpec spec, Collection<PacketServiceSpec> listeners) {
    var pins = spec.pins().isEmpty() ? null : Path.of(spec.pins());
    return new PlaneOptions(
        new PlaneOptions.Place(spec.interfaces(), mode(spec.xdp()), pins, spec.redirect()),
        PlaneOptions.Sizes.ofConnections(spec.maxConnections()),
        protection(spec.protection()),
        mirroring(spec.mirror()),
        listeners.stream().anyMatch(each -> each.clientAddress() == ClientAddress.PROXY_V2),
        spec.hashSeed(),
        PlaneOptions.of(spec.interfaces(), pins).portRest(),
        timeouts(spec.timeouts()));
  }

  private static PlaneOptions.Protection protection(PacketProtection spec) {
    return new PlaneOptions.Protection(
        spec.hasList(),
        limit(spec.packetsPerSource()),
        limit(spec.connectionsPerSource()),
        synProxy(spec.synProxy()),
        spec.rules().stream().map(VirtualServices::rule).toList());
  }

  private static @Nullable Mirroring mirroring(@Nullable PacketMirror spec) {
    return spec == null ? null : new Mirroring(spec.tap(), spec.sources());
  }

  private static PacketRule rule(PacketRuleSpec spec) {
    return new PacketRule(
        spec.action() == PacketRuleSpec.Action.DROP,
        spec.source(),
        spec.destination(),
        transport(spec.transport()),
        new PacketRule.Ports(spec.firstSourcePort(), spec.lastSourcePort()),
        new PacketRule.Ports(spec.firstPort(), spec.lastPort()));
  }

  private static @Nullable Limit limit(@Nullable PacketLimit spec) {
    return spec == null ? null : new Limit(spec.perSecond(), spec.burst());
  }

  private static @Nullable SynProxy synProxy(@Nullable PacketSynProxy spec) {
    if (spec == null) {
      return null;
    }
    return switch (spec.when()) {
      case ALWAYS -> new SynProxy(null, spec.mss());
      case UNDER_FLOOD ->
          new SynProxy(new Limit(spec.unfinishedPerSecond(), spec.burst()), spec.mss());
    };
  }

  private static XdpMode mode(PacketPlaneSpec.Xdp xdp) {
    return switch (xdp) {
      case NATIVE -> XdpMode.NATIVE;
      case GENERIC -> XdpMode.GENERIC;
    };
  }

  private static Timeouts timeouts(PacketTimeouts spec) {
    return new Timeouts(
        spec.beginning(), spec.established(), spec.ending(), spec.udp(), spec.other());
  }

  static VirtualService of(Listener listener, PacketServiceSpec spec, Scheduler scheduler) {
    var address = InetAddress.ofLiteral(listener.address().host());
    return new VirtualService(
        address,
        listener.address().port(),
        transport(spec.transport()),
        forwarding(spec),
        choice(spec, scheduler, address.getAddress().length * Byte.SIZE),
        spec.onePacket(),
        spec.mirror());
  }

  private static Transport transport(PacketServiceSpec.Transport transport) {
    return switch (transport) {
      case TCP -> Transport.TCP;
      case UDP -> Transport.UDP;
      case ICMP -> Transport.ICMP;
      case ANY -> Transport.ANY;
    };
  }

  private static Forwarding forwarding(PacketServiceSpec spec) {
    return switch (spec.mode()) {
      case NAT -> new Forwarding.Nat();
      case DR -> new Forwarding.Direct();
      case TUN -> tunnel(spec.tunnel());
      case FULLNAT ->
          new Forwarding.FullNat(
              spec.localAddresses().stream().map(InetAddress::ofLiteral).toList(),
              spec.firstLocalPort(),
              spec.lastLocalPort(),
              introduction(spec.clientAddress()));
    };
  }

  private static Forwarding.Introduction introduction(ClientAddress told) {
    return switch (told) {
      case NONE -> Forwarding.Introduction.NONE;
      case TOA -> Forwarding.Introduction.TOA;
      case PROXY_V2 -> Forwarding.Introduction.PROXY_V2;
    };
  }

  private static Forwarding tunnel(@Nullable PacketTunnel tunnel) {
    if (tunnel == null) {
      throw new IllegalArgumentException("mode tun without a tunnel, expected a validated one");
    }
    return new Forwarding.Tunnel(
        InetAddress.ofLiteral(tunnel.source()),
        tunnel.varyBits(),
        tunnel.encapsulation() == PacketTunnel.Encapsulation.GUE,
        tunnel.mtu());
  }

  private static Choice choice(PacketServiceSpec spec, Scheduler scheduler, int bits) {
    var persistence = spec.persistence();
    if (persistence != null) {
      return new Choice.BySource(persistence.sourcePrefix());
    }
    return switch (scheduler) {
      case MAGLEV -> new Choice.ByFlow();
      case ROUND_ROBIN -> new Choice.InTurn();
      case LEAST_CONNECTIONS -> new Choice.LeastLoaded();
      case SOURCE_HASH -> new Choice.BySource(bits);
    };
  }
}
