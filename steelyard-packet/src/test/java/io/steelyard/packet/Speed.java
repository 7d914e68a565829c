package io.steelyard.packet;

import io.steelyard.model.Cidr;
import io.steelyard.packet.Forwarding.Introduction;
import io.steelyard.packet.bpf.BpfProgram;
import io.steelyard.packet.bpf.LoadedObject;
import io.steelyard.packet.bpf.ObjectFile;
import io.steelyard.packet.bpf.ObjectLoader;
import io.steelyard.packet.bpf.Struct;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a packet costs, in nanoseconds above a bare swap of MACs, by BPF_PROG_TEST_RUN in one
 * interleaved run. A program to be run by hand (docs/packet-plane.md says how), as root, on a quiet
 * machine.
 */
final class Speed implements AutoCloseable {
  private static final int ROUNDS = 7;
  private static final int REPEAT = 1_000_000;
  private static final InetAddress VIP = Frame.address("192.0.2.1");
  private static final InetAddress VIP6 = Frame.address("2001:db8::1");
  private static final InetAddress CLIENT = Frame.address("10.9.1.1");
  private static final InetAddress CLIENT6 = Frame.address("2001:db8:9::1");

  private final Arena arena = Arena.ofConfined();
  private final LoadedObject floor;
  private final Struct sample;
  private final Map<String, List<Integer>> nanos = new LinkedHashMap<>();

  private Speed() throws IOException {
    try (var in = Speed.class.getResourceAsStream("floor.bpf.o")) {
      floor = new ObjectLoader(ObjectFile.read(Objects.requireNonNull(in).readAllBytes())).load();
    }
    sample = floor.btf().struct("sample");
  }

  public static void main(String[] arguments) throws IOException {
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try (var speed = new Speed()) {
      speed.measureKnown();
      speed.measureNew();
      speed.print(out);
      speed.measureTables(out);
      speed.measureMillion(out);
      measureList(out);
    }
  }

  private int run(BpfProgram program, Frame frame, boolean vary, int repeat) {
    byte[] bytes = frame.bytes();
    var value = sample.allocate(arena);
    boolean v4 = frame.isV4();
    sample.field("length").set(value, bytes.length);
    sample.field("vary").set(value, vary ? 1 : 0);
    sample.field("port_at").set(value, v4 ? 34 : 54);
    sample.field("address_at").set(value, v4 ? 28 : 36);
    int head = sample.field("head").offset();
    MemorySegment.copy(bytes, 0, value, ValueLayout.JAVA_BYTE, head, 96);
    var zero = arena.allocate(ValueLayout.JAVA_INT);
    floor.map("samples").update(zero, value);
    floor.map("measured").update(zero, program);
    return floor.program("restore").testRun(bytes, repeat).nanos();
  }

  private void record(String what, BpfProgram program, Frame frame, boolean vary, int repeat) {
    nanos.computeIfAbsent(what, first -> new ArrayList<>()).add(run(program, frame, vary, repeat));
  }

  private static Bench bench() {
    return new Bench(options -> options.withMaxConnections(1 << 20));
  }

  private static Forwarding forwarding(String mode, boolean v4) {
    return switch (mode) {
      case "DR" -> new Forwarding.Direct();
      case "TUN" ->
          new Forwarding.Tunnel(Frame.address(v4 ? "172.16.0.0" : "2001:db8:f::"), 12, false);
      case "GUE" ->
          new Forwarding.Tunnel(Frame.address(v4 ? "172.16.0.0" : "2001:db8:f::"), 0, true);
      case "NAT" -> new Forwarding.Nat();
      default -> new Forwarding.FullNat(locals(v4), 1024, 65_000);
    };
  }

  private static List<InetAddress> locals(boolean v4) {
    var locals = new ArrayList<InetAddress>();
    for (int i = 1; i <= 8; i++) {
      locals.add(Frame.address((v4 ? "10.20.1." : "2001:db8:21::") + i));
    }
    return locals;
  }

  private static VirtualService serve(Bench bench, String mode, boolean v4) {
    var forwarding = forwarding(mode, v4);
    var service = new VirtualService(v4 ? VIP : VIP6, 80, Transport.TCP, forwarding);
    bench.serve(
        service,
        Bench.endpoints(v4 ? "10.20.0." : "2001:db8:20::", 3, forwarding.translates() ? 8080 : 0));
    return service;
  }

  private static Frame frame(boolean v4, int flags) {
    return Frame.tcp(v4 ? CLIENT : CLIENT6, 2000, v4 ? VIP : VIP6, 80, flags, new byte[64]);
  }

  private static Bench guarded(@Nullable Limit packets) {
    var connections = new Limit(1_000_000, 1000);
    var guarded = new Bench(options -> options.withProtection(true, packets, connections));
    serve(guarded, "DR", true);
    guarded.sent(frame(true, Frame.SYN));
    for (int i = 0; i < 10_000; i++) {
      var network = "172.%d.%d.%d".formatted(16 + i % 16, i / 16 % 256, i / 4096 * 64);
      guarded.plane.accessList().deny(Frame.address(network), 26);
    }
    return guarded;
  }

  /** Past the header, as all but the first packets are. */
  private static Bench introduced(boolean v4) {
    var bench = new Bench(options -> options.withIntroductions().withMaxConnections(1 << 20));
    var fullNat = new Forwarding.FullNat(locals(v4), 1024, 65_000, Introduction.PROXY_V2);
    var service = new VirtualService(v4 ? VIP : VIP6, 80, Transport.TCP, fullNat);
    bench.serve(service, Bench.endpoints(v4 ? "10.20.0." : "2001:db8:20::", 3, 8080));
    bench.sent(
        Frame.tcp(v4 ? CLIENT : CLIENT6, 2000, service.address(), 80, Frame.SYN, new byte[0]));
    return bench;
  }

  private void measureKnown() {
    var benches = new LinkedHashMap<String, Bench>();
    for (var mode : List.of("DR", "TUN", "GUE", "NAT", "FullNAT")) {
      for (boolean v4 : new boolean[] {true, false}) {
        var bench = bench();
        serve(bench, mode, v4);
        bench.sent(frame(v4, Frame.SYN));
        benches.put(mode + (v4 ? "" : " IPv6"), bench);
      }
    }
    for (boolean v4 : new boolean[] {true, false}) {
      benches.put("FullNAT with PROXY header" + (v4 ? "" : " IPv6"), introduced(v4));
    }
    benches.put("DR with an access list of 10,000 prefixes", guarded(null));
    benches.put("DR with that and a packet limit", guarded(new Limit(1_000_000_000, 1_000_000)));
    for (int round = 0; round < ROUNDS; round++) {
      record("bare swap", floor.program("swap"), frame(true, Frame.ACK), false, REPEAT);
      benches.forEach((what, bench) -> {
        boolean v4 = !what.endsWith("IPv6");
        record("known: " + what, bench.program(), frame(v4, Frame.ACK), false, REPEAT);
      });
      var other = Frame.tcp(CLIENT, 2000, Frame.address("192.0.2.99"), 80, Frame.ACK, new byte[64]);
      record("not ours", benches.values().iterator().next().program(), other, false, REPEAT);
    }
    benches.values().forEach(Bench::close);
  }

  private void measureNew() {
    for (var mode : List.of("DR", "TUN", "NAT", "FullNAT")) {
      try (var bench = bench()) {
        serve(bench, mode, true);
        int count = 200_000;
        for (int round = 0; round < 3; round++) {
          record("new: " + mode, bench.program(), frame(true, Frame.SYN), true, count);
          record(
              "known, " + count + " flows: " + mode,
              bench.program(),
              frame(true, Frame.ACK),
              true,
              count);
          bench.plane.family(Family.IPV4).flows().clear();
        }
      }
    }
  }

  private static int median(List<Integer> values) {
    var sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }

  private void print(PrintStream out) {
    int bare = median(nanos.getOrDefault("bare swap", List.of(0)));
    nanos.forEach((what, values) ->
        out.printf(
            "%-62s %5d ns  (%d to %d)  %+d%n",
            what,
            median(values),
            Collections.min(values),
            Collections.max(values),
            median(values) - bare));
  }

  /** What Java does: a table of 1,000 endpoints, and a sweep. */
  private void measureTables(PrintStream out) {
    try (var bench = bench()) {
      var service = new VirtualService(VIP, 80, Transport.TCP, new Forwarding.Direct());
      var endpoints = new ArrayList<PacketEndpoint>();
      for (int i = 0; i < 1000; i++) {
        endpoints.add(
            new PacketEndpoint(Frame.address("10.20." + i / 200 + "." + (1 + i % 200)), 0));
      }
      int[] weights = new int[1000];
      Arrays.fill(weights, 1);
      for (int round = 0; round < 10; round++) {
        long start = System.nanoTime();
        var table = ForwardingTable.maglev(endpoints, weights);
        long filled = System.nanoTime();
        bench.plane.apply(service, table);
        long applied = System.nanoTime();
        out.printf(
            "1,000 endpoints: Maglev %.1f ms, applied in %.1f ms%n",
            (filled - start) / 1e6, (applied - filled) / 1e6);
      }
      run(bench.program(), frame(true, Frame.SYN), true, 300_000);
      for (int round = 0; round < 3; round++) {
        long start = System.nanoTime();
        bench.plane.sweep();
        long ended = System.nanoTime();
        out.printf(
            "sweep of %d flows: %.0f ms%n",
            bench.plane.family(Family.IPV4).flows().size(), (ended - start) / 1e6);
      }
    }
  }

  /**
   * A processor has its share of the table for itself, so there is room for one million in each.
   */
  private void measureMillion(PrintStream out) {
    int million = 1_000_000;
    int processors = Runtime.getRuntime().availableProcessors();
    try (var bench =
        new Bench(options -> options.withMaxConnections(processors * (million + million / 8)))) {
      serve(bench, "DR", true);
      int fresh = run(bench.program(), frame(true, Frame.SYN), true, million);
      int known = run(bench.program(), frame(true, Frame.ACK), true, million);
      out.printf(
          "1,000,000 connections: %d remembered, new %d ns, known %d ns each, with the harness%n",
          bench.plane.family(Family.IPV4).flows().size(), fresh, known);
    }
  }

  /** A list of a million networks takes the place of another one. */
  private static void measureList(PrintStream out) {
    int million = 1_000_000;
    var rules = new ArrayList<AccessRule>();
    for (int i = 0; i < million; i++) {
      var network =
          "%d.%d.%d.%d/30".formatted(20 + (i >> 22), i >> 14 & 255, i >> 6 & 255, (i & 63) << 2);
      rules.add(new AccessRule(Cidr.parse(network), i % 8 == 0));
    }
    try (var bench = new Bench(options -> options.withProtection(true, null, null))) {
      for (int round = 0; round < 3; round++) {
        long start = System.nanoTime();
        bench.plane.accessList().replace(rules);
        out.printf("1,000,000 networks replaced in %.0f ms%n", (System.nanoTime() - start) / 1e6);
      }
    }
  }

  @Override
  public void close() {
    floor.close();
    arena.close();
  }
}
