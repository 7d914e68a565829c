package io.steelyard.packet;

import io.steelyard.packet.bpf.BpfMap;
import io.steelyard.packet.bpf.RingBuffer;
import io.steelyard.packet.bpf.Struct;
import io.steelyard.packet.linux.MacAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/** Asks the programs of a family for what they decide, and reads it. For one thread. */
final class TraceReader implements AutoCloseable {
  private final FamilyObject object;
  private final BpfMap tracing;
  private final RingBuffer buffer;
  private final Struct layout;
  private final Struct key;

  TraceReader(FamilyObject object) {
    this.object = object;
    tracing = object.map("tracing");
    buffer = new RingBuffer(object.map("traces"));
    layout = object.btf().struct("trace");
    key = object.btf().struct("flow_key");
    stop();
  }

  /** From here on one in so many packets of an address is traced. */
  void start(InetAddress vip, int every) {
    try (var arena = Arena.ofConfined()) {
      var wanted = object.btf().struct("tracing");
      var entry = wanted.allocate(arena);
      wanted.field("vip").setBytes(entry, vip.getAddress());
      wanted.field("every").set(entry, every);
      tracing.update(arena.allocate(ValueLayout.JAVA_INT), entry);
    }
  }

  /** Nothing is traced any more. */
  void stop() {
    try (var arena = Arena.ofConfined()) {
      tracing.update(
          arena.allocate(ValueLayout.JAVA_INT), object.btf().struct("tracing").allocate(arena));
    }
  }

  /** Adds what there is. */
  void read(List<PacketTrace> traces) {
    buffer.read(entry -> traces.add(trace(entry)));
  }

  private PacketTrace trace(MemorySegment entry) {
    var flow = layout.field("key");
    var came = entry.asSlice(flow.offset(), flow.size());
    var cause =
        new PacketTrace.Hop(
            endpoint(came, key.field("source"), key.field("source_port")),
            endpoint(came, key.field("destination"), key.field("destination_port")),
            mac(entry, "mac_source"),
            mac(entry, "mac_destination"),
            (int) number(entry, "ifindex"));
    return new PacketTrace(
        number(entry, "time"),
        (int) key.field("protocol").get(came),
        (int) number(entry, "tcp_flags"),
        (int) number(entry, "length"),
        cause,
        effect(entry, cause));
  }

  private PacketTrace.Effect effect(MemorySegment entry, PacketTrace.Hop cause) {
    if (number(entry, "dropped") != 0) {
      return new PacketTrace.Effect.Dropped(DropReason.values()[(int) number(entry, "reason")]);
    }
    long mode = number(entry, "mode");
    boolean unchanged = mode == object.number("mode", "MODE_DIRECT");
    var hop =
        new PacketTrace.Hop(
            unchanged ? cause.source() : endpoint(entry, "source", "source_port"),
            unchanged ? cause.destination() : endpoint(entry, "destination", "destination_port"),
            mac(entry, "out_mac_source"),
            mac(entry, "out_mac_destination"),
            (int) number(entry, "out_ifindex"));
    return new PacketTrace.Effect.Carried(
        title(mode),
        number(entry, "fresh") != 0,
        number(entry, "answer") != 0,
        address(layout.field("endpoint").bytes(entry)),
        number(entry, "local") != 0 ? null : hop);
  }

  private String title(long mode) {
    for (var name : List.of("DIRECT:DR", "TUNNEL:TUN", "GUE:TUN", "NAT:NAT", "FULL_NAT:FullNAT")) {
      var parts = name.split(":", 2);
      if (object.number("mode", "MODE_" + parts[0]) == mode) {
        return parts[1];
      }
    }
    return "mode " + mode;
  }

  private long number(MemorySegment entry, String field) {
    return layout.field(field).get(entry);
  }

  private MacAddress mac(MemorySegment entry, String field) {
    return MacAddress.of(layout.field(field).bytes(entry));
  }

  private PacketEndpoint endpoint(MemorySegment entry, String address, String port) {
    return endpoint(entry, layout.field(address), layout.field(port));
  }

  private static PacketEndpoint endpoint(
      MemorySegment entry, Struct.Field address, Struct.Field port) {
    return new PacketEndpoint(address(address.bytes(entry)), Wire.port(port.get(entry)));
  }

  private static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(Arrays.toString(bytes), impossible);
    }
  }

  @Override
  public void close() {
    stop();
    buffer.close();
  }
}
