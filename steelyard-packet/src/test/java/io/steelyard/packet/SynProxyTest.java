package io.steelyard.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.packet.bpf.NeedsRoot;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Handshakes that clients have with the programs before there is a connection. */
@NeedsRoot
class SynProxyTest {
  private static final int SYN_ACK = Frame.SYN | Frame.ACK;
  private static final int CLIENT_FIRST = 0xfffffffe;
  private static final int ENDPOINT_FIRST = 77_000;
  private static final byte[] NONE = new byte[0];

  private boolean v4 = true;

  private InetAddress vip() {
    return Frame.address(v4 ? "192.0.2.1" : "2001:db8::1");
  }

  private InetAddress client() {
    return Frame.address(v4 ? "10.9.1.1" : "2001:db8:9::1");
  }

  private InetAddress endpoint() {
    return Frame.address(v4 ? "10.20.0.21" : "2001:db8:20::21");
  }

  private VirtualService serve(Bench bench, boolean full, boolean tells) {
    var locals = List.of(Frame.address(v4 ? "10.20.1.1" : "2001:db8:21::1"));
    var forwarding =
        full
            ? new Forwarding.FullNat(
                locals,
                1024,
                65_000,
                tells ? Forwarding.Introduction.TOA : Forwarding.Introduction.NONE)
            : new Forwarding.Nat();
    var service = new VirtualService(vip(), 80, Transport.TCP, forwarding);
    bench.serve(service, List.of(new PacketEndpoint(endpoint(), 8080)));
    return service;
  }

  private Frame fromClient(int port, int flags, int sequence, int acknowledged, byte[] options) {
    return Frame.segment(client(), port, vip(), 80, flags, sequence, acknowledged, options);
  }

  private static byte[] mss(int size) {
    return ByteBuffer.allocate(4).put((byte) 2).put((byte) 4).putShort((short) size).array();
  }

  private static Bench bench(SynProxy proxy) {
    return new Bench(options -> options.withSynProxy(proxy));
  }

  private static Frame checked(Frame frame) {
    assertThat(frame.checksumProblem()).isEmpty();
    return frame;
  }

  /** The cookie that the client gets. */
  private int cookie(Bench bench, int port, int size) {
    var answer = checked(bench.sent(fromClient(port, Frame.SYN, CLIENT_FIRST, 0, mss(size))));
    assertThat(answer.source()).isEqualTo(vip());
    assertThat(answer.destination()).isEqualTo(client());
    assertThat(answer.sourcePort()).isEqualTo(80);
    assertThat(answer.destinationPort()).isEqualTo(port);
    assertThat(answer.tcpFlags()).isEqualTo(SYN_ACK);
    assertThat(answer.acknowledged()).isEqualTo(CLIENT_FIRST + 1);
    assertThat(answer.window()).isZero();
    assertThat(answer.ttl()).isEqualTo(64);
    assertThat(answer.macs()).isEqualTo("020000000001 > 020000000002");
    return answer.sequence();
  }

  /** The same for all modes and families: from the SYN to bytes both ways. */
  @ParameterizedTest
  @CsvSource({
    "true,true,false",
    "true,false,false",
    "false,true,false",
    "false,false,false",
    "true,true,true",
    "false,true,true"
  })
  void aClientThatIsThereGetsAnEndpoint(boolean family, boolean full, boolean tells) {
    v4 = family;
    try (var bench = bench(SynProxy.always())) {
      var service = serve(bench, full, tells);
      int cookie = cookie(bench, 2000, 1380);
      assertThat(size(bench)).as("nothing is kept of a SYN").isZero();

      var syn =
          checked(bench.sent(fromClient(2000, Frame.ACK, CLIENT_FIRST + 1, cookie + 1, NONE)));
      assertThat(syn.tcpFlags()).isEqualTo(Frame.SYN);
      assertThat(syn.sequence()).isEqualTo(CLIENT_FIRST);
      assertThat(syn.acknowledged()).isZero();
      assertThat(syn.destination()).isEqualTo(endpoint());
      assertThat(syn.destinationPort()).isEqualTo(8080);
      assertThat(syn.tcpOptions()).isEqualTo(mss(1360));
      assertThat(bench.sent(fromClient(2000, Frame.ACK, CLIENT_FIRST, cookie + 1, NONE)).bytes())
          .as("a probe of the closed window sends the SYN anew")
          .isEqualTo(syn.bytes());

      var opened = checked(bench.sent(answer(syn, SYN_ACK, ENDPOINT_FIRST, mss(1460))));
      assertThat(opened.destination()).isEqualTo(client());
      assertThat(opened.sourcePort()).isEqualTo(80);
      assertThat(opened.tcpFlags()).isEqualTo(Frame.ACK);
      assertThat(opened.sequence()).isEqualTo(cookie);
      assertThat(opened.acknowledged()).isEqualTo(CLIENT_FIRST + 1);
      assertThat(opened.window()).isEqualTo(3000);
      assertThat(opened.tcpData()).containsExactly(0);

      var acknowledged =
          checked(bench.sent(fromClient(2000, Frame.ACK, CLIENT_FIRST + 1, cookie + 1, NONE)));
      assertThat(acknowledged.sequence()).isEqualTo(CLIENT_FIRST + 1);
      assertThat(acknowledged.acknowledged()).isEqualTo(ENDPOINT_FIRST + 1);
      assertThat(acknowledged.tcpOptions().length > 0).isEqualTo(tells);
      var data = checked(bench.sent(answer(syn, Frame.ACK, ENDPOINT_FIRST + 1, NONE)));
      assertThat(data.sequence()).isEqualTo(cookie + 1);
      assertThat(bench.plane.counters(service).handshakes())
          .isEqualTo(new Counters.Handshakes(1, 1));
      assertThat(bench.plane.counters(service).total().connections()).isEqualTo(1);
    }
  }

  private static Frame answer(Frame syn, int flags, int sequence, byte[] options) {
    return Frame.segment(
        syn.destination(),
        syn.destinationPort(),
        syn.source(),
        syn.sourcePort(),
        flags,
        sequence,
        CLIENT_FIRST + 1,
        options);
  }

  private long size(Bench bench) {
    return bench.plane.family(v4 ? Family.IPV4 : Family.IPV6).flows().size();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoMakesUpACookieIsDropped(boolean family) {
    v4 = family;
    try (var bench = bench(SynProxy.always())) {
      var service = serve(bench, false, false);
      int cookie = cookie(bench, 2000, 1460);
      for (int wrong : new int[] {0, 2, 1 << 24, 1 << 27, 1 << 31}) {
        var forged = fromClient(2000, Frame.ACK, CLIENT_FIRST + 1, cookie + 1 + wrong, NONE);
        if (wrong != 0) {
          assertThat(bench.run(forged).verdict()).isEqualTo(Bench.DROP);
        }
      }
      var other = fromClient(2001, Frame.ACK, CLIENT_FIRST + 1, cookie + 1, NONE);
      assertThat(bench.run(other).verdict()).as("another port").isEqualTo(Bench.DROP);
      var later = fromClient(2000, Frame.ACK, CLIENT_FIRST + 2, cookie + 1, NONE);
      assertThat(bench.run(later).verdict()).as("another number").isEqualTo(Bench.DROP);
      assertThat(bench.dropped(service, DropReason.COOKIE)).isEqualTo(6);
      assertThat(size(bench)).isZero();
      bench.sent(fromClient(2000, Frame.ACK, CLIENT_FIRST + 1, cookie + 1, NONE));
      assertThat(size(bench)).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anEndpointThatRefusesResetsItsClient(boolean family) {
    v4 = family;
    try (var bench = bench(SynProxy.always())) {
      serve(bench, false, false);
      int cookie = cookie(bench, 2000, 1460);
      var syn = bench.sent(fromClient(2000, Frame.ACK, CLIENT_FIRST + 1, cookie + 1, NONE));
      var reset = checked(bench.sent(answer(syn, Frame.RST | Frame.ACK, 0, NONE)));
      assertThat(reset.tcpFlags()).isEqualTo(Frame.RST | Frame.ACK);
      assertThat(reset.sequence()).isEqualTo(cookie + 1);
    }
  }

  /** Connections that go beyond their SYN do not count, however many they are. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void underFloodOnly(boolean family) {
    v4 = family;
    try (var bench = bench(SynProxy.underFlood(new Limit(1, 20)))) {
      var service = serve(bench, false, false);
      for (int port = 3000; port < 3200; port++) {
        assertThat(bench.sent(fromClient(port, Frame.SYN, 1, 0, NONE)).destination())
            .isEqualTo(endpoint());
        bench.sent(fromClient(port, Frame.ACK, 2, 1, NONE));
      }
      assertThat(bench.plane.counters(service).handshakes()).isEqualTo(Counters.Handshakes.NONE);
      for (int port = 10_000; port < 20_000; port++) {
        bench.sent(fromClient(port, Frame.SYN, 1, 0, NONE));
      }
      assertThat(bench.plane.counters(service).handshakes().cookies()).isBetween(9900L, 9990L);
      assertThat(size(bench)).as("of connections").isLessThan(2 * 300);
      int cookie = cookie(bench, 2000, 1460);
      var syn = bench.sent(fromClient(2000, Frame.ACK, CLIENT_FIRST + 1, cookie + 1, NONE));
      assertThat(syn.tcpFlags()).isEqualTo(Frame.SYN);
      var known = bench.sent(fromClient(3000, Frame.ACK, 2, 1, NONE));
      assertThat(known.destination()).as("what began before").isEqualTo(endpoint());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theSamePortAgainAfterAConnectionHasEnded(boolean family) {
    v4 = family;
    try (var bench = bench(SynProxy.always())) {
      serve(bench, true, false);
      for (int round = 0; round < 3; round++) {
        int cookie = cookie(bench, 2000, 1460);
        var syn = bench.sent(fromClient(2000, Frame.ACK, CLIENT_FIRST + 1, cookie + 1, NONE));
        assertThat(syn.tcpFlags()).isEqualTo(Frame.SYN);
        bench.sent(answer(syn, SYN_ACK, ENDPOINT_FIRST + round, NONE));
        bench.sent(fromClient(2000, Frame.FIN | Frame.ACK, CLIENT_FIRST + 1, cookie + 1, NONE));
        bench.sent(answer(syn, Frame.FIN | Frame.ACK, ENDPOINT_FIRST + round + 1, NONE));
      }
      bench.later(Duration.ofMinutes(3));
      assertThat(size(bench)).isZero();
    }
  }

  /** The verifier looks at each set of options by itself. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void withAllOtherOptions(boolean family) {
    v4 = family;
    var limit = new Limit(1_000_000, 1_000_000);
    try (var bench =
        new Bench(options ->
            options
                .withSynProxy(SynProxy.underFlood(new Limit(1, 1)))
                .withProtection(true, limit, limit)
                .withRules(List.of())
                .withRedirect())) {
      var service = serve(bench, true, true);
      for (int port = 2000; port < 2100; port++) {
        var syn = fromClient(port, Frame.SYN, CLIENT_FIRST, 0, mss(1460));
        assertThat(bench.run(syn).verdict()).isEqualTo(Bench.REDIRECT);
      }
      assertThat(bench.plane.counters(service).handshakes().cookies()).isGreaterThan(80);
    }
  }
}
