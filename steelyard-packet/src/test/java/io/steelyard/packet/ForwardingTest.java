package io.steelyard.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.packet.bpf.NeedsRoot;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Packet in, packet and verdict out: 10,000 random packets per mode, family and direction. */
@NeedsRoot
class ForwardingTest {
  private static final int PACKETS = 10_000;

  private final Random random = new Random(42);

  /** Addresses of a family: clients' and endpoints' networks, and the virtual one. */
  private record Network(
      String clients, InetAddress vip, String endpoints, List<InetAddress> locals) {
    static Network of(boolean v4) {
      return v4
          ? new Network(
              "10.9.%d.%d",
              Frame.address("192.0.2.1"),
              "10.20.0.",
              List.of(Frame.address("10.20.1.1"), Frame.address("10.20.1.2")))
          : new Network(
              "2001:db8:9::%x:%x",
              Frame.address("2001:db8::1"),
              "2001:db8:20::",
              List.of(Frame.address("2001:db8:21::1"), Frame.address("2001:db8:21::2")));
    }

    InetAddress client(Random random) {
      return Frame.address(clients.formatted(random.nextInt(256), 1 + random.nextInt(254)));
    }
  }

  private byte[] payload(int most) {
    var payload = new byte[random.nextInt(most)];
    random.nextBytes(payload);
    return payload;
  }

  private Frame packet(
      boolean tcp, InetAddress from, int fromPort, InetAddress to, int toPort, int flags) {
    if (tcp) {
      return Frame.tcp(from, fromPort, to, toPort, flags, payload(1380));
    }
    var datagram = Frame.udp(from, fromPort, to, toPort, payload(1380));
    // IPv6 requires a checksum; IPv4 leaves it to the sender.
    return datagram.isV4() && random.nextInt(4) == 0 ? datagram.withoutUdpChecksum() : datagram;
  }

  private static VirtualService service(
      Network network, boolean tcp, int port, Forwarding forwarding) {
    return new VirtualService(network.vip, port, tcp ? Transport.TCP : Transport.UDP, forwarding);
  }

  @ParameterizedTest(name = "IPv4 {0}")
  @ValueSource(booleans = {true, false})
  void natMapsPortsBothWays(boolean v4) {
    var network = Network.of(v4);
    try (var bench = new Bench()) {
      for (boolean tcp : new boolean[] {true, false}) {
        bench.serve(
            service(network, tcp, 80, new Forwarding.Nat()),
            Bench.endpoints(network.endpoints, 3, 8080));
      }
      for (int i = 0; i < PACKETS; i++) {
        boolean tcp = random.nextBoolean();
        var client = network.client(random);
        int port = 1024 + random.nextInt(60_000);
        var in = packet(tcp, client, port, network.vip, 80, Frame.SYN);
        var out = bench.sent(in);
        check(in, out);
        assertThat(out.source()).isEqualTo(client);
        assertThat(out.sourcePort()).isEqualTo(port);
        assertThat(out.destinationPort()).isEqualTo(8080);
        assertThat(out.destination().getHostAddress())
            .startsWith(v4 ? "10.20.0.2" : "2001:db8:20:0:0:0:0:2");

        var answer = packet(tcp, out.destination(), 8080, client, port, Frame.SYN | Frame.ACK);
        var back = bench.sent(answer);
        check(answer, back);
        assertThat(back.source()).isEqualTo(network.vip);
        assertThat(back.sourcePort()).isEqualTo(80);
        assertThat(back.destination()).isEqualTo(client);
        assertThat(back.destinationPort()).isEqualTo(port);
        assertThat(back.macs()).isEqualTo("020000000001 > 020000000002");
      }
    }
  }

  @ParameterizedTest(name = "IPv4 {0}")
  @ValueSource(booleans = {true, false})
  void fullNatSpeaksInItsOwnNameBothWays(boolean v4) {
    var network = Network.of(v4);
    var locals = new HashSet<InetAddress>();
    try (var bench = new Bench()) {
      for (boolean tcp : new boolean[] {true, false}) {
        bench.serve(
            service(network, tcp, 80, new Forwarding.FullNat(network.locals, 1024, 65_000)),
            Bench.endpoints(network.endpoints, 3, 8080));
      }
      for (int i = 0; i < PACKETS; i++) {
        boolean tcp = random.nextBoolean();
        var client = network.client(random);
        int port = 1024 + random.nextInt(60_000);
        var in = packet(tcp, client, port, network.vip, 80, Frame.SYN);
        var out = bench.sent(in);
        check(in, out);
        locals.add(out.source());
        assertThat(out.sourcePort()).isBetween(1024, 65_000);
        assertThat(out.destinationPort()).isEqualTo(8080);

        var answer =
            packet(
                tcp,
                out.destination(),
                8080,
                out.source(),
                out.sourcePort(),
                Frame.SYN | Frame.ACK);
        var back = bench.sent(answer);
        check(answer, back);
        assertThat(back.source()).isEqualTo(network.vip);
        assertThat(back.sourcePort()).isEqualTo(80);
        assertThat(back.destination()).isEqualTo(client);
        assertThat(back.destinationPort()).isEqualTo(port);
      }
    }
    assertThat(locals).containsExactlyInAnyOrderElementsOf(network.locals);
  }

  private static void check(Frame in, Frame out) {
    assertThat(out.checksumProblem()).as("%s", out).isEmpty();
    assertThat(out.ttl()).isEqualTo(63);
    assertThat(out.length()).isEqualTo(in.length());
    assertThat(out.payload()).isEqualTo(in.payload());
  }

  @ParameterizedTest(name = "IPv4 {0}")
  @ValueSource(booleans = {true, false})
  void drChangesTheMacAndNothingElse(boolean v4) {
    var network = Network.of(v4);
    try (var bench = new Bench()) {
      for (boolean tcp : new boolean[] {true, false}) {
        bench.serve(
            service(network, tcp, 80, new Forwarding.Direct()),
            Bench.endpoints(network.endpoints, 3, 0));
      }
      for (int i = 0; i < PACKETS; i++) {
        var in =
            packet(
                random.nextBoolean(), network.client(random), 1024 + i, network.vip, 80, Frame.SYN);
        var out = bench.sent(in);
        assertThat(out.ipBytes()).isEqualTo(in.ipBytes());
        assertThat(out.macs()).matches("020000000001 > 0200000001" + (v4 ? "1[567]" : "2[123]"));
      }
    }
  }

  @ParameterizedTest(name = "IPv4 {0}, GUE {1}")
  @CsvSource({"true, false", "true, true", "false, false", "false, true"})
  void tunnelsCarryThePacketUnchanged(boolean v4, boolean gue) {
    var network = Network.of(v4);
    var source = Frame.address(v4 ? "172.16.0.0" : "2001:db8:ffff::");
    var sources = new HashSet<InetAddress>();
    var ports = new HashSet<Integer>();
    try (var bench = new Bench()) {
      for (boolean tcp : new boolean[] {true, false}) {
        bench.serve(
            service(network, tcp, 80, new Forwarding.Tunnel(source, gue ? 0 : 12, gue)),
            Bench.endpoints(network.endpoints, 3, 0));
      }
      for (int i = 0; i < PACKETS; i++) {
        var in =
            packet(
                random.nextBoolean(), network.client(random), 1024 + i, network.vip, 80, Frame.SYN);
        var out = bench.sent(in);
        assertThat(out.checksumProblem()).isEmpty();
        assertThat(out.inner().ipBytes()).isEqualTo(in.ipBytes());
        assertThat(out.protocol()).isEqualTo(gue ? Frame.UDP : v4 ? 4 : 41);
        assertThat(out.destination().getHostAddress())
            .startsWith(v4 ? "10.20.0.2" : "2001:db8:20:0:0:0:0:2");
        sources.add(out.source());
        if (gue) {
          assertThat(out.destinationPort()).isEqualTo(6080);
          ports.add(out.sourcePort());
        }
      }
    }
    // Network cards of endpoints tell flows apart by these.
    assertThat(gue ? ports.size() : sources.size()).isGreaterThan(3000);
    assertThat(gue ? sources.size() : 1).isEqualTo(1);
  }
}
