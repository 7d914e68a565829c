package io.steelyard.health.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.Address;
import io.steelyard.model.DnsProbeSpec;
import io.steelyard.model.UdpProbeSpec;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class DatagramProbesTest {
  private static final DnsProbeSpec DNS = new DnsProbeSpec("a.b", DnsProbeSpec.Type.A, "192.0.2.1");

  /** Answers datagrams; an empty answer is none. */
  private static final class Peer implements AutoCloseable {
    private final DatagramSocket socket;

    Peer(UnaryOperator<byte[]> service) throws IOException {
      socket = new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
      Thread.startVirtualThread(() -> serve(service));
    }

    private void serve(UnaryOperator<byte[]> service) {
      try {
        while (true) {
          var packet = new DatagramPacket(new byte[2048], 2048);
          socket.receive(packet);
          var answer = service.apply(Arrays.copyOf(packet.getData(), packet.getLength()));
          if (answer.length > 0) {
            socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
          }
        }
      } catch (IOException e) {
        // Closed.
      }
    }

    ProbeTarget target() {
      return ProbeTarget.of(new Address("127.0.0.1", socket.getLocalPort()));
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  /** No thread receives, which would close the socket late. */
  private static ProbeTarget nobody() throws IOException {
    try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      return ProbeTarget.of(new Address("127.0.0.1", socket.getLocalPort()));
    }
  }

  @Test
  void udp() throws Exception {
    try (var echo = new Peer(question -> question)) {
      assertThat(Run.once(new UdpProbeSpec("ping", null, "ping", null), echo.target()))
          .isEqualTo("passed content found 'ping'");
      assertThat(Run.once(new UdpProbeSpec(null, "ff 00", null, "^\\xff\\x00$"), echo.target()))
          .startsWith("passed content");
      assertThat(Run.once(new UdpProbeSpec("ping", null, "pong", null), echo.target()))
          .isEqualTo("failed content found 'ping', expected 'pong'");
    }
  }

  @Test
  void udpWithoutAnAnswer() throws Exception {
    try (var mute = new Peer(question -> new byte[0])) {
      assertThat(Run.quickly(new UdpProbeSpec("ping", null, "pong", null), mute.target()))
          .isEqualTo("failed L7 no answer within 150 ms");
      assertThat(Run.quickly(new UdpProbeSpec(null, null, null, null), mute.target()))
          .isEqualTo("passed L4 no word that nobody listens");
    }
    assertThat(Run.once(new UdpProbeSpec(null, null, null, null), nobody()))
        .isEqualTo("failed L4 port unreachable");
  }

  /** The question with flags, counts and these records. */
  private static byte[] answer(byte[] question, String flags, int records, String hex) {
    var tail = HexFormat.of().parseHex(hex.replace(" ", ""));
    var answer = Arrays.copyOf(question, question.length + tail.length);
    System.arraycopy(tail, 0, answer, question.length, tail.length);
    System.arraycopy(HexFormat.of().parseHex(flags), 0, answer, 2, 2);
    answer[7] = (byte) records;
    return answer;
  }

  private static String dns(UnaryOperator<byte[]> service) throws Exception {
    try (var server = new Peer(service)) {
      return Run.quickly(DNS, server.target());
    }
  }

  @Test
  void dns() throws Exception {
    var cname = "c00c 0005 0001 00000000 0004 01780000";
    var a = "c00c 0001 0001 00000000 0004 c0000201";
    var other = "c00c 0001 0001 00000000 0004 c0000202";
    assertThat(dns(q -> answer(q, "8180", 3, cname + other + a)))
        .isEqualTo("passed content 2 records");
    assertThat(dns(q -> answer(q, "8180", 1, other)))
        .isEqualTo("failed content found 1 records, expected 192.0.2.1 among them");
    assertThat(dns(q -> answer(q, "8180", 1, cname)))
        .isEqualTo("failed content no record of type A for a.b");
    assertThat(dns(q -> answer(q, "8183", 0, ""))).isEqualTo("failed L7 no such name");
    assertThat(dns(q -> answer(q, "8182", 0, ""))).isEqualTo("failed L7 server failure");
    assertThat(dns(q -> answer(q, "8180", 2, a))).isEqualTo("failed L7 the answer ends too early");
    assertThat(dns(q -> q)).isEqualTo("failed L7 found a question, expected an answer");
    assertThat(dns(q -> new byte[] {1})).isEqualTo("failed L7 no answer within 150 ms");
  }

  @Test
  void asksInTheProtocolOfDns() throws Exception {
    var asked = new byte[1][];
    dns(q -> {
      asked[0] = q;
      return answer(q, "8180", 1, "c00c 0001 0001 00000000 0004 c0000201");
    });
    assertThat(new String(asked[0], 2, asked[0].length - 2, ISO_8859_1))
        .isEqualTo("\1\0\0\1\0\0\0\0\0\0\1a\1b\0\0\1\0\1");
  }

  @Test
  void anyAnswerGivesAResult() throws Exception {
    var random = new SplittableRandom(3);
    try (var server =
        new Peer(q -> {
          var bytes = answer(q, "8180", 2, "c00c 0001 0001 00000000 0004 c0000201".repeat(2));
          for (int n = random.nextInt(4); n >= 0; n--) {
            bytes[4 + random.nextInt(bytes.length - 4)] = (byte) random.nextInt(256);
          }
          return Arrays.copyOf(bytes, 12 + random.nextInt(bytes.length - 11));
        })) {
      var probe = Probes.of(DNS);
      for (int i = 0; i < 2_000; i++) {
        assertThat(probe.run(server.target(), Run.LONG).detail()).isNotEmpty();
      }
    }
  }
}
