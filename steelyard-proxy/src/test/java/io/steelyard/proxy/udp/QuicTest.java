package io.steelyard.proxy.udp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.Address;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.ByteSize;
import io.steelyard.model.Configuration;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.Listener;
import io.steelyard.model.Pool;
import io.steelyard.model.QuicSessions;
import io.steelyard.model.TransportKind;
import io.steelyard.model.UdpSessions;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of QUIC whose addresses change. */
@ParameterizedClass
@EnumSource(TransportKind.class)
class QuicTest {
  private final TransportKind transport;

  QuicTest(TransportKind transport) {
    this.transport = transport;
  }

  /** A packet that sets up a connection, with these connection ids. */
  private static byte[] longPacket(String destination, String source) {
    String text =
        "\u00c0\0\0\0\1"
            + (char) destination.length()
            + destination
            + (char) source.length()
            + source
            + "rest";
    return text.getBytes(ISO_8859_1);
  }

  /** A packet of a connection that is set up. */
  private static byte[] shortPacket(String destination, String rest) {
    return ("@" + destination + rest).getBytes(ISO_8859_1);
  }

  private TestProxy start(int length, int loops, Peer... endpoints) throws Exception {
    Listener listener =
        Listener.udp(new Address("127.0.0.1", 0), "site")
            .withSessions(new UdpSessions(0, 0, new ByteSize(4096), new QuicSessions(length)));
    Pool pool =
        Pool.of(
            BalancerSpec.of("round-robin"),
            List.of(endpoints).stream().map(each -> EndpointSpec.of(each.address())).toList());
    return Setup.start(
        Configuration.of(Map.of("web", listener), Map.of("site", pool))
            .withTransport(transport)
            .withEventLoops(loops));
  }

  /** Sets up a connection to {@code endpoint}, which calls it {@code id}. */
  private static InetSocketAddress connect(TestProxy proxy, Peer client, Peer endpoint, String id)
      throws Exception {
    byte[] first = longPacket("chosenbyclient", "me");
    client.send(proxy.address(), first);
    var asked = endpoint.receive();
    assertThat(Peer.bytes(asked)).isEqualTo(first);
    byte[] answer = longPacket("me", id);
    endpoint.send(asked.getSocketAddress(), answer);
    assertThat(Peer.bytes(client.receive())).isEqualTo(answer);
    return (InetSocketAddress) asked.getSocketAddress();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8})
  void aClientThatMovesStays(int length) throws Exception {
    try (Peer endpoint = Peer.open();
        TestProxy proxy = start(length, 3, endpoint);
        Peer client = Peer.open();
        Peer other = Peer.open()) {
      SocketAddress session = connect(proxy, client, endpoint, "SERVER-A");
      SocketAddress another = connect(proxy, other, endpoint, "SERVER-B");
      assertThat(another).isNotEqualTo(session);
      for (int i = 0; i < 8; i++) { // to any event loop
        try (Peer moved = Peer.open()) {
          moved.send(proxy.address(), shortPacket("SERVER-A", "ping" + i));
          assertThat(endpoint.expect("@SERVER-Aping" + i)).isEqualTo(session);
          endpoint.send(session, shortPacket("", "pong" + i));
          moved.expect("@pong" + i);
        }
      }
      client.send(proxy.address(), shortPacket("SERVER-A", "back"));
      assertThat(endpoint.expect("@SERVER-Aback")).isEqualTo(session);
      endpoint.send(session, "welcome");
      client.expect("welcome");
      other.send(proxy.address(), shortPacket("SERVER-B", "still here"));
      assertThat(endpoint.expect("@SERVER-Bstill here")).isEqualTo(another);
      assertThat(proxy.listener().requests.value()).isEqualTo(2);
      assertThat(proxy.inFlight()).isEqualTo(2);
    }
  }

  @Test
  void aConnectionThatIsSetUpMayMoveToo() throws Exception {
    try (Peer a = Peer.open();
        Peer b = Peer.open();
        TestProxy proxy = start(0, 1, a, b);
        Peer client = Peer.open();
        Peer moved = Peer.open()) {
      SocketAddress session = connect(proxy, client, a, "SERVER-A");
      byte[] handshake = longPacket("SERVER-A", "me");
      moved.send(proxy.address(), handshake);
      var received = a.receive();
      assertThat(Peer.bytes(received)).isEqualTo(handshake);
      assertThat(received.getSocketAddress()).isEqualTo(session);
    }
  }

  @Test
  void anIdThatNobodyKnowsBeginsASession() throws Exception {
    try (Peer a = Peer.open();
        Peer b = Peer.open();
        TestProxy proxy = start(0, 1, a, b);
        Peer client = Peer.open();
        Peer stranger = Peer.open()) {
      connect(proxy, client, a, "SERVER-A");
      stranger.send(proxy.address(), shortPacket("SERVER-X", "hello"));
      b.expect("@SERVER-Xhello");
      stranger.send(proxy.address(), new byte[] {0x40});
      b.expect("@");
      assertThat(proxy.listener().requests.value()).isEqualTo(2);
    }
  }

  @Test
  void anEndpointCannotTakeAnothersId() throws Exception {
    try (Peer a = Peer.open();
        Peer b = Peer.open();
        TestProxy proxy = start(0, 1, a, b);
        Peer client = Peer.open();
        Peer other = Peer.open();
        Peer moved = Peer.open()) {
      connect(proxy, client, a, "SERVER-A");
      connect(proxy, other, b, "SERVER-A");
      moved.send(proxy.address(), shortPacket("SERVER-A", "mine"));
      a.expect("@SERVER-Amine");
    }
  }
}
