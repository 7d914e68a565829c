package io.steelyard.packet;

import io.steelyard.packet.bpf.BpfMap;
import io.steelyard.packet.bpf.Struct;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The services of a family: keys, settings, and which addresses are virtual. For one thread. */
final class ServiceTable {
  private final FamilyObject object;
  private final BpfMap services;
  private final BpfMap vips;
  private final BpfMap locals;
  private final Numbers numbers;
  private final Map<VirtualService.Key, Integer> byKey = new HashMap<>();
  private final Struct keyLayout;
  private final Struct layout;

  ServiceTable(FamilyObject object, int max) {
    this.object = object;
    services = object.map("services");
    vips = object.map("vips");
    locals = object.map("locals");
    numbers = new Numbers("services", max);
    keyLayout = object.btf().struct("service_key");
    layout = object.btf().struct("service");
  }

  /** Takes over what a process before this one left. */
  void adopt() {
    services.forEach((key, entry) -> {
      int number = (int) layout.field("id").get(entry);
      numbers.take(number);
      byKey.put(read(key), number);
      return false;
    });
  }

  private VirtualService.Key read(MemorySegment key) {
    try {
      var address = InetAddress.getByAddress(keyLayout.field("address").bytes(key));
      int port = Wire.port(keyLayout.field("port").get(key));
      long protocol = keyLayout.field("protocol").get(key);
      for (var transport : Transport.values()) {
        if (transport.number(object.family()) == protocol) {
          return new VirtualService.Key(address, port, transport);
        }
      }
      throw new IllegalStateException("a service of protocol " + protocol + " is in the table");
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Nullable Integer number(VirtualService.Key key) {
    return byKey.get(key);
  }

  Set<VirtualService.Key> keys() {
    return Set.copyOf(byKey.keySet());
  }

  /** A number for a service; packets find it only after {@link #put}. */
  int reserve(VirtualService.Key key) {
    return byKey.computeIfAbsent(key, fresh -> numbers.take());
  }

  /** From here on packets find the service with these settings. */
  void put(VirtualService service) {
    int number = reserve(service.key());
    try (var arena = Arena.ofConfined()) {
      services.update(key(service.key(), arena), entry(service, number, arena));
    }
    putVip(service.address());
  }

  /** Packets do not find it any more. */
  void remove(VirtualService.Key key) {
    var number = byKey.remove(key);
    if (number == null) {
      return;
    }
    try (var arena = Arena.ofConfined()) {
      services.delete(key(key, arena));
    }
    numbers.give(number);
    putVip(key.address());
  }

  /** What there is at an address, all services together; nothing when there is none left. */
  private void putVip(InetAddress address) {
    var here = new HashSet<>(byKey.keySet());
    here.removeIf(key -> !key.address().equals(address));
    var vip = object.btf().struct("vip");
    try (var arena = Arena.ofConfined()) {
      var key = arena.allocateFrom(ValueLayout.JAVA_BYTE, address.getAddress());
      if (here.isEmpty()) {
        vips.delete(key);
        return;
      }
      var entry = vip.allocate(arena);
      boolean anyPort = here.stream().anyMatch(each -> each.port() == 0);
      boolean anyProtocol = here.stream().anyMatch(each -> each.transport() == Transport.ANY);
      vip.field("any_port").set(entry, anyPort ? 1 : 0);
      vip.field("any_protocol").set(entry, anyProtocol ? 1 : 0);
      vips.update(key, entry);
    }
  }

  private MemorySegment key(VirtualService.Key key, Arena arena) {
    var entry = keyLayout.allocate(arena);
    keyLayout.field("address").setBytes(entry, key.address().getAddress());
    keyLayout.field("port").set(entry, Wire.port(key.port()));
    keyLayout.field("protocol").set(entry, key.transport().number(object.family()));
    return entry;
  }

  private MemorySegment entry(VirtualService service, int number, Arena arena) {
    var entry = layout.allocate(arena);
    layout.field("id").set(entry, number);
    layout.field("mode").set(entry, object.number("mode", mode(service.forwarding())));
    layout.field("flags").set(entry, flags(service));
    if (service.choice() instanceof Choice.BySource(int length)) {
      byte[] mask = Wire.firstBits(length, object.family().addressBytes());
      layout.field("source_mask").setBytes(entry, mask);
    }
    switch (service.forwarding()) {
      case Forwarding.Direct direct -> {}
      case Forwarding.Nat nat -> {}
      case Forwarding.Tunnel tunnel -> {
        layout.field("tunnel_source").setBytes(entry, tunnel.source().getAddress());
        layout.field("tunnel_vary").set(entry, Wire.lastBits(tunnel.varyBits()));
      }
      case Forwarding.FullNat fullNat -> putLocals(fullNat, number, entry, arena);
    }
    return entry;
  }

  private static String mode(Forwarding forwarding) {
    return switch (forwarding) {
      case Forwarding.Direct direct -> "MODE_DIRECT";
      case Forwarding.Tunnel tunnel -> tunnel.gue() ? "MODE_GUE" : "MODE_TUNNEL";
      case Forwarding.Nat nat -> "MODE_NAT";
      case Forwarding.FullNat fullNat -> "MODE_FULL_NAT";
    };
  }

  private int flags(VirtualService service) {
    int flags = service.onePacket() ? flag("SERVICE_ONE_PACKET") : 0;
    if (service.mirrored()) {
      flags |= flag("SERVICE_MIRRORED");
    }
    if (service.forwarding() instanceof Forwarding.FullNat fullNat) {
      flags |=
          switch (fullNat.introduction()) {
            case NONE -> 0;
            case TOA -> flag("SERVICE_TELLS");
            case PROXY_V2 -> flag("SERVICE_INTRODUCES");
          };
    }
    return flags
        | switch (service.choice()) {
          case Choice.ByFlow byFlow -> 0;
          case Choice.BySource bySource -> flag("SERVICE_SOURCE");
          case Choice.InTurn inTurn -> flag("SERVICE_IN_TURN");
          case Choice.LeastLoaded leastLoaded -> flag("SERVICE_LEAST");
        };
  }

  private int flag(String name) {
    return object.number("service_flag", name);
  }

  /** Each service has a part of the map for itself. */
  private void putLocals(Forwarding.FullNat fullNat, int number, MemorySegment entry, Arena arena) {
    int first = number * Forwarding.FullNat.MAX_LOCAL_ADDRESSES;
    int index = first;
    for (var address : fullNat.localAddresses()) {
      locals.update(
          arena.allocateFrom(ValueLayout.JAVA_INT, index++),
          arena.allocateFrom(ValueLayout.JAVA_BYTE, address.getAddress()));
    }
    layout.field("local_first").set(entry, first);
    layout.field("local_count").set(entry, fullNat.localAddresses().size());
    layout.field("port_first").set(entry, fullNat.firstPort());
    layout.field("port_count").set(entry, fullNat.lastPort() - fullNat.firstPort() + 1);
  }
}
