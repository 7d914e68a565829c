package io.steelyard.packet;

import io.steelyard.packet.bpf.BpfMap;
import io.steelyard.packet.bpf.BpfProgram;
import io.steelyard.packet.linux.NextHop;
import io.steelyard.packet.linux.NextHops;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The services of one family. For one thread. */
final class FamilyPlane implements AutoCloseable {
  private final FamilyObject object;
  private final NextHops nextHops;
  private final ServiceTable services;
  private final EndpointTable endpoints;
  private final FlowTable flows;
  private final LoadTable loads;
  private final MirrorTable mirrors;
  private Map<Integer, FlowTable.Counted> connections = Map.of();

  /** What was found last, so that a change of the table does not wait for neighbours. */
  private final Map<InetAddress, NextHop> known = new HashMap<>();

  FamilyPlane(FamilyObject object, PlaneOptions options, NextHops nextHops) {
    this.object = object;
    this.nextHops = nextHops;
    services = new ServiceTable(object, options.sizes().services());
    endpoints = new EndpointTable(object, options.sizes().endpoints());
    flows = new FlowTable(object, options.timeouts());
    loads = new LoadTable(object);
    mirrors = new MirrorTable(object, options.mirroring());
    services.adopt();
    endpoints.adopt();
  }

  BpfProgram program() {
    return object.program();
  }

  BpfMap map(String name) {
    return object.map(name);
  }

  /** What its programs decide. */
  TraceReader traces() {
    return new TraceReader(object);
  }

  FlowTable flows() {
    return flows;
  }

  /** Endpoints first, then the table that names them, then the service that uses it. */
  List<String> apply(VirtualService service, ForwardingTable table) {
    table.check(service);
    int owner = services.reserve(service.key());
    var problems = new ArrayList<String>();
    var numbers = new int[table.endpoints().size()];
    for (int i = 0; i < numbers.length; i++) {
      var endpoint = table.endpoints().get(i);
      numbers[i] = endpoints.put(owner, endpoint, find(service.forwarding(), endpoint, problems));
    }
    if (service.choice() instanceof Choice.LeastLoaded) {
      loads.put(numbers, table.shares());
    }
    fill(owner, table, numbers);
    services.put(service);
    endpoints.keepOnly(owner, new HashSet<>(table.endpoints()));
    return problems;
  }

  private NextHop find(Forwarding forwarding, PacketEndpoint endpoint, List<String> problems) {
    var hop = known.get(endpoint.address());
    if (hop == null || hop instanceof NextHop.Unknown) {
      hop = nextHops.find(endpoint.address());
      known.put(endpoint.address(), hop);
    }
    if (hop instanceof NextHop.Local && forwarding.translates()) {
      hop =
          new NextHop.Unknown(
              "this machine itself can be an endpoint of DR and TUN only: its answers in "
                  + forwarding.title()
                  + " would not pass the interface");
    }
    if (hop instanceof NextHop.Unknown(String reason)) {
      problems.add("endpoint " + endpoint + " cannot be reached: " + reason);
    }
    if (hop instanceof NextHop.Neighbour neighbour) {
      mirrors.put(neighbour.interfaceIndex());
    }
    return narrowed(hop, forwarding);
  }

  /** Answers leave by these interfaces. */
  void mirror(Collection<Integer> interfaces) {
    interfaces.forEach(mirrors::put);
  }

  private static NextHop narrowed(NextHop hop, Forwarding forwarding) {
    return forwarding instanceof Forwarding.Tunnel tunnel
            && tunnel.mtu() != 0
            && hop instanceof NextHop.Neighbour neighbour
        ? neighbour.withMtu(tunnel.mtu())
        : hop;
  }

  /** A new table is filled through shared memory, 65,537 system calls cheaper, and put in place. */
  private void fill(int owner, ForwardingTable table, int[] numbers) {
    try (var arena = Arena.ofConfined();
        var slots = object.map("tables").createInner()) {
      var memory = slots.mapped(arena);
      int stride = slots.stride();
      for (int i = 0; i < ForwardingTable.SLOTS; i++) {
        int slot = table.slot(i);
        int number = slot == ForwardingTable.NOBODY ? 0 : numbers[slot];
        memory.set(ValueLayout.JAVA_INT, (long) i * stride, number);
      }
      object.map("tables").update(number(arena, owner), slots);
    }
  }

  private static MemorySegment number(Arena arena, int value) {
    return arena.allocateFrom(ValueLayout.JAVA_INT, value);
  }

  Set<VirtualService.Key> services() {
    return services.keys();
  }

  void remove(VirtualService.Key key) {
    var owner = services.number(key);
    if (owner == null) {
      return;
    }
    services.remove(key);
    endpoints.keepOnly(owner, Set.of());
    try (var arena = Arena.ofConfined()) {
      object.map("tables").delete(number(arena, owner));
      clearDrops(owner, arena);
      clear("handshakes", owner, arena);
      clear("handshake_stats", owner, arena);
    }
  }

  private void clear(String map, int owner, Arena arena) {
    var cleared = object.map(map);
    cleared.update(number(arena, owner), arena.allocate(cleared.valueBytes(), Long.BYTES));
  }

  private void clearDrops(int owner, Arena arena) {
    var drops = object.map("drops");
    var zero = arena.allocate(drops.valueBytes(), Long.BYTES);
    for (var reason : DropReason.values()) {
      drops.update(number(arena, dropIndex(owner, reason)), zero);
    }
  }

  /** The endpoints of all services. */
  Set<InetAddress> addresses() {
    return endpoints.addresses();
  }

  /** Where an address is now. What is lost stays where it was: the neighbour may come back. */
  void found(InetAddress address, NextHop hop) {
    if (!(hop instanceof NextHop.Unknown && known.get(address) instanceof NextHop.Neighbour)) {
      known.put(address, hop);
    }
  }

  /** Writes what was {@linkplain #found found} to the endpoints of a service. */
  List<String> refresh(VirtualService service) {
    var problems = new ArrayList<String>();
    var owner = services.number(service.key());
    if (owner != null) {
      for (var endpoint : endpoints.of(owner).keySet()) {
        endpoints.put(owner, endpoint, find(service.forwarding(), endpoint, problems));
      }
    }
    return problems;
  }

  void sweep(long now) {
    var gone = endpoints.retired();
    connections = flows.sweep(now, gone);
    loads.forget(gone);
    loads.count(connections);
    endpoints.forget(gone);
  }

  Counters counters(VirtualService.Key key) {
    var owner = services.number(key);
    if (owner == null) {
      return new Counters(Map.of(), Map.of(), Counters.Handshakes.NONE);
    }
    var counted = new HashMap<PacketEndpoint, Counters.EndpointCounters>();
    endpoints.of(owner).forEach((endpoint, number) -> counted.put(endpoint, counted(number)));
    return new Counters(counted, drops(owner), handshakes(owner));
  }

  private Counters.Handshakes handshakes(int owner) {
    var stats = object.map("handshake_stats");
    try (var arena = Arena.ofConfined()) {
      var values = arena.allocate(stats.valueBytes(), Long.BYTES);
      stats.lookup(number(arena, owner), values);
      long cookies = 0;
      long opened = 0;
      for (long at = 0; at < values.byteSize(); at += stats.stride()) {
        cookies += values.get(ValueLayout.JAVA_LONG, at);
        opened += values.get(ValueLayout.JAVA_LONG, at + Long.BYTES);
      }
      return new Counters.Handshakes(cookies, opened);
    }
  }

  private Counters.EndpointCounters counted(int number) {
    var counted = endpoints.counted(number);
    var now = connections.getOrDefault(number, new FlowTable.Counted());
    return new Counters.EndpointCounters(
        counted.packets,
        counted.bytes,
        counted.answerPackets,
        counted.answerBytes,
        counted.connections,
        now.active,
        now.inactive);
  }

  /** What was dropped for a service; for number 0, at virtual addresses where no service is. */
  Map<DropReason, Long> drops(int owner) {
    var counted = new EnumMap<DropReason, Long>(DropReason.class);
    var drops = object.map("drops");
    try (var arena = Arena.ofConfined()) {
      var values = arena.allocate(drops.valueBytes(), Long.BYTES);
      for (var reason : DropReason.values()) {
        drops.lookup(number(arena, dropIndex(owner, reason)), values);
        long sum = 0;
        for (long at = 0; at < values.byteSize(); at += drops.stride()) {
          sum += values.get(ValueLayout.JAVA_LONG, at);
        }
        counted.put(reason, sum);
      }
    }
    return counted;
  }

  private static int dropIndex(int owner, DropReason reason) {
    return owner * DropReason.values().length + reason.ordinal();
  }

  @Override
  public void close() {
    object.close();
  }
}
