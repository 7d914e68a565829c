package io.steelyard.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.steelyard.model.Cidr;
import io.steelyard.packet.bpf.NeedsRoot;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which packets leave twice; loopback is the tap here, and the wire. */
@NeedsRoot
class MirrorTest {
  private static final byte[] NOTHING = new byte[0];

  private static InetAddress vip(boolean v4) {
    return Frame.address(v4 ? "192.0.2.1" : "2001:db8::1");
  }

  private static Forwarding forwarding(String mode, boolean v4) {
    return switch (mode) {
      case "nat" -> new Forwarding.Nat();
      case "fullnat" ->
          new Forwarding.FullNat(
              List.of(Frame.address(v4 ? "10.20.1.1" : "2001:db8:21::1")), 1024, 65_000);
      case "dr" -> new Forwarding.Direct();
      default ->
          new Forwarding.Tunnel(Frame.address(v4 ? "172.16.0.1" : "2001:db8:f::1"), 0, false);
    };
  }

  private static VirtualService service(String mode, boolean v4, int port, boolean mirrored) {
    return new VirtualService(
        vip(v4), port, Transport.TCP, forwarding(mode, v4), new Choice.ByFlow(), false, mirrored);
  }

  private static void serve(Bench bench, VirtualService service, boolean v4) {
    int port = service.forwarding().translates() ? 8080 : 0;
    bench.serve(service, Bench.endpoints(v4 ? "10.20.0." : "2001:db8:20::", 3, port));
  }

  private static Bench bench(String... sources) {
    var networks = List.of(sources).stream().map(Cidr::parse).toList();
    return new Bench(options -> options.withMirroring(new Mirroring("lo", networks)));
  }

  private static Frame from(String client, boolean v4, int port, int flags) {
    return Frame.tcp(Frame.address(client), 2000, vip(v4), port, flags, NOTHING);
  }

  @ParameterizedTest
  @CsvSource({
    "nat,true",
    "fullnat,true",
    "dr,true",
    "tun,true",
    "nat,false",
    "fullnat,false",
    "dr,false",
    "tun,false"
  })
  void whatIsChosenLeavesTwiceAndNothingElse(String mode, boolean v4) {
    try (var bench = bench("10.9.1.0/24", "2001:db8:9::/48");
        var plain = new Bench()) {
      serve(bench, service(mode, v4, 80, true), v4);
      serve(bench, service(mode, v4, 81, false), v4);
      serve(plain, service(mode, v4, 80, true), v4);
      var chosen = v4 ? "10.9.1.1" : "2001:db8:9::1";
      var other = v4 ? "10.9.2.1" : "2001:db8:10::1";
      for (int flags : new int[] {Frame.SYN, Frame.ACK}) {
        var sent = plain.sent(from(chosen, v4, 80, flags));
        var copied = bench.run(from(chosen, v4, 80, flags));
        assertThat(copied.verdict()).isEqualTo(Bench.REDIRECT);
        var frame = Frame.of(copied.packet());
        assertThat(frame.checksumProblem()).isEmpty();
        assertThat(frame.destination()).isEqualTo(sent.destination());
        assertThat(frame.macs()).isEqualTo(sent.macs());
        bench.sent(from(other, v4, 80, flags));
        bench.sent(from(chosen, v4, 81, flags));
      }
    }
  }

  /** The programs say so by an index that only the interfaces of the plane have. */
  @Test
  void answersLeaveTwiceWhereThePlaneKnowsTheirInterface() {
    try (var bench = bench()) {
      serve(bench, service("nat", true, 80, true), true);
      var out = Frame.of(bench.run(from("10.9.1.1", true, 80, Frame.SYN)).packet());
      var answer =
          Frame.tcp(
              out.destination(),
              8080,
              Frame.address("10.9.1.1"),
              2000,
              Frame.SYN | Frame.ACK,
              NOTHING);
      var copied = bench.run(answer);
      assertThat(copied.verdict()).isEqualTo(Bench.REDIRECT);
      assertThat(Frame.of(copied.packet()).source()).isEqualTo(vip(true));
    }
  }

  /** An endpoint behind an interface that has gone gets its frames all the same. */
  @Test
  void whatCannotBeCopiedIsSent() {
    try (var bench = bench()) {
      bench.serve(
          service("nat", true, 80, true),
          List.of(new PacketEndpoint(Frame.address("10.20.0.85"), 8080)));
      assertThat(bench.run(from("10.9.1.1", true, 80, Frame.SYN)).verdict())
          .isEqualTo(Bench.REDIRECT);
    }
  }

  @Test
  void aTapThatIsMissingIsNamed() {
    assertThatThrownBy(() -> new Bench(o -> o.withMirroring(new Mirroring("no-such-0", List.of()))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("there is no interface no-such-0 in this network namespace, found [");
  }
}
