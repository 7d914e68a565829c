package io.steelyard.packet;

import io.steelyard.packet.bpf.BpfMap;
import io.steelyard.packet.bpf.Struct;
import io.steelyard.packet.linux.NextHop;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The endpoints of a family by number. A number that is given up is used again only when no
 * connection has it any more, which a sweep finds out. For one thread.
 */
final class EndpointTable {
  private final BpfMap endpoints;
  private final BpfMap stats;
  private final BpfMap portCursors;
  private final Numbers numbers;
  private final Map<Key, Integer> byKey = new HashMap<>();
  private final List<Integer> retired = new ArrayList<>();
  private final int usable;
  private final int local;

  private final Struct statsLayout;
  private final Struct layout;
  private final Struct.Field address;
  private final Struct.Field port;
  private final Struct.Field flags;
  private final Struct.Field mac;
  private final Struct.Field ownMac;
  private final Struct.Field ifindex;
  private final Struct.Field mtu;
  private final Struct.Field service;

  /** The same address may serve two services, and is counted for each by itself. */
  private record Key(int service, PacketEndpoint endpoint) {}

  EndpointTable(FamilyObject object, int max) {
    endpoints = object.map("endpoints");
    stats = object.map("endpoint_stats");
    portCursors = object.map("port_cursors");
    numbers = new Numbers("endpoints", max);
    usable = object.number("endpoint_flag", "ENDPOINT_USABLE");
    local = object.number("endpoint_flag", "ENDPOINT_LOCAL");
    statsLayout = object.btf().struct("endpoint_stats");
    layout = object.btf().struct("endpoint");
    address = layout.field("address");
    port = layout.field("port");
    flags = layout.field("flags");
    mac = layout.field("mac");
    ownMac = layout.field("own_mac");
    ifindex = layout.field("ifindex");
    mtu = layout.field("mtu");
    service = layout.field("service");
  }

  /** Takes over what a process before this one left. */
  void adopt() {
    endpoints.forEach((key, entry) -> {
      int owner = (int) service.get(entry);
      if (owner != 0) {
        int number = key.get(ValueLayout.JAVA_INT, 0);
        numbers.take(number);
        byKey.put(new Key(owner, read(entry)), number);
      }
      return false;
    });
  }

  private PacketEndpoint read(MemorySegment entry) {
    try {
      return new PacketEndpoint(
          InetAddress.getByAddress(address.bytes(entry)), Wire.port(port.get(entry)));
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The number of a service's endpoint, for which it may be reached from here on. */
  int put(int owner, PacketEndpoint endpoint, NextHop hop) {
    var key = new Key(owner, endpoint);
    var known = byKey.get(key);
    int number = known == null ? numbers.take() : known;
    try (var arena = Arena.ofConfined()) {
      if (known == null) {
        stats.update(
            arena.allocateFrom(ValueLayout.JAVA_INT, number),
            arena.allocate(stats.valueBytes(), 8));
        portCursors.update(
            arena.allocateFrom(ValueLayout.JAVA_INT, number),
            arena.allocateFrom(ValueLayout.JAVA_INT, firstPortTurn()));
        byKey.put(key, number);
      }
      endpoints.update(
          arena.allocateFrom(ValueLayout.JAVA_INT, number), entry(owner, endpoint, hop, arena));
    }
    return number;
  }

  /**
   * FullNAT: where the turns of local ports begin. They go on with the time, so that the ports that
   * a process before this one gave out have rested by the time their turn comes; 1,000 per second
   * are what one address has.
   */
  private static int firstPortTurn() {
    return (int) System.currentTimeMillis();
  }

  private MemorySegment entry(int owner, PacketEndpoint endpoint, NextHop hop, Arena arena) {
    var entry = layout.allocate(arena);
    address.setBytes(entry, endpoint.address().getAddress());
    port.set(entry, Wire.port(endpoint.port()));
    service.set(entry, owner);
    switch (hop) {
      case NextHop.Neighbour neighbour -> {
        mac.setBytes(entry, neighbour.mac().bytes());
        ownMac.setBytes(entry, neighbour.own().bytes());
        ifindex.set(entry, neighbour.interfaceIndex());
        mtu.set(entry, neighbour.mtu());
        flags.set(entry, usable);
      }
      case NextHop.Local here -> flags.set(entry, usable | local);
      case NextHop.Unknown unknown -> flags.set(entry, 0);
    }
    return entry;
  }

  /** The endpoints of a service with their numbers. */
  Map<PacketEndpoint, Integer> of(int owner) {
    var found = new HashMap<PacketEndpoint, Integer>();
    byKey.forEach((key, number) -> {
      if (key.service == owner) {
        found.put(key.endpoint, number);
      }
    });
    return found;
  }

  /** All endpoints' addresses. */
  Set<InetAddress> addresses() {
    return byKey.keySet().stream()
        .map(key -> key.endpoint.address())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Connections of a service's endpoints that are not among these are chosen for anew. */
  void keepOnly(int owner, Set<PacketEndpoint> kept) {
    of(owner)
        .forEach((endpoint, number) -> {
          if (!kept.contains(endpoint)) {
            retire(new Key(owner, endpoint), number);
          }
        });
  }

  private void retire(Key key, int number) {
    byKey.remove(key);
    try (var arena = Arena.ofConfined()) {
      endpoints.update(arena.allocateFrom(ValueLayout.JAVA_INT, number), layout.allocate(arena));
    }
    retired.add(number);
  }

  /** Numbers whose connections are to be forgotten. */
  Set<Integer> retired() {
    return Set.copyOf(retired);
  }

  /** No connection has these numbers any more. */
  void forget(Set<Integer> gone) {
    gone.forEach(numbers::give);
    retired.removeAll(gone);
  }

  /** Reads what was counted for a number: packets, bytes, answers, their bytes, connections. */
  Counted counted(int number) {
    try (var arena = Arena.ofConfined()) {
      var values = arena.allocate(stats.valueBytes(), 8);
      stats.lookup(arena.allocateFrom(ValueLayout.JAVA_INT, number), values);
      return new Counted(statsLayout, values, stats.stride());
    }
  }

  /** The sums over all processors. */
  static final class Counted {
    final long packets;
    final long bytes;
    final long answerPackets;
    final long answerBytes;
    final long connections;

    private Counted(Struct layout, MemorySegment values, int stride) {
      packets = sum(layout.field("packets"), values, stride);
      bytes = sum(layout.field("bytes"), values, stride);
      answerPackets = sum(layout.field("answer_packets"), values, stride);
      answerBytes = sum(layout.field("answer_bytes"), values, stride);
      connections = sum(layout.field("connections"), values, stride);
    }

    private static long sum(Struct.Field field, MemorySegment values, int stride) {
      long sum = 0;
      for (long at = 0; at < values.byteSize(); at += stride) {
        sum += field.get(values.asSlice(at, stride));
      }
      return sum;
    }
  }
}
