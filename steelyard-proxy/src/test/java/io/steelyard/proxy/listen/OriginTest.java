package io.steelyard.proxy.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.steelyard.model.Address;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.Configuration;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.Listener;
import io.steelyard.model.Pool;
import io.steelyard.model.PoolSocket;
import io.steelyard.model.TransportKind;
import io.steelyard.proxy.ListenException;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections and datagrams to endpoints that come from an address of our choice. */
@ParameterizedClass
@EnumSource(TransportKind.class)
class OriginTest {
  private static final Address ANY = new Address("127.0.0.1", 0);
  private static final PoolSocket SECOND = new PoolSocket(true, false, "127.0.0.2", null, false);

  private final TransportKind transport;

  OriginTest(TransportKind transport) {
    this.transport = transport;
  }

  private TestProxy start(Listener listener, PoolSocket socket, Address endpoint) throws Exception {
    Pool pool =
        Pool.of(BalancerSpec.of("round-robin"), List.of(EndpointSpec.of(endpoint)))
            .withSocket(socket);
    return Setup.start(
        Configuration.of(Map.of("web", listener), Map.of("site", pool)).withTransport(transport));
  }

  @Test
  void connectionsOfAnyProtocol() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = start(Listener.tcp(ANY, "site"), SECOND, endpoint.address());
        Wire client = proxy.connect();
        Wire server = endpoint.accept()) {
      client.send("x");
      server.expect("x");
      assertThat(server.socket().getInetAddress()).isEqualTo(InetAddress.ofLiteral("127.0.0.2"));
    }
  }

  @Test
  void connectionsOfHttp() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = start(Listener.http(ANY, "site"), SECOND, endpoint.address());
        Wire client = proxy.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      try (Wire server = endpoint.accept()) {
        server.readHead();
        assertThat(server.socket().getInetAddress()).isEqualTo(InetAddress.ofLiteral("127.0.0.2"));
        server.send("HTTP/1.1 204 No Content\r\n\r\n");
        assertThat(client.readHead()).startsWith("HTTP/1.1 204");
      }
    }
  }

  @Test
  void datagrams() throws Exception {
    InetAddress here = InetAddress.getLoopbackAddress();
    try (DatagramSocket endpoint = new DatagramSocket(0, here);
        DatagramSocket client = new DatagramSocket(0, here);
        TestProxy proxy =
            start(
                Listener.udp(ANY, "site"),
                SECOND,
                new Address("127.0.0.1", endpoint.getLocalPort()))) {
      endpoint.setSoTimeout((int) Wire.PATIENCE.toMillis());
      client.send(new DatagramPacket(new byte[] {1}, 1, proxy.address()));
      DatagramPacket packet = new DatagramPacket(new byte[10], 10);
      endpoint.receive(packet);
      assertThat(packet.getAddress()).isEqualTo(InetAddress.ofLiteral("127.0.0.2"));
    }
  }

  @Test
  void whatThisMachineDoesNotHaveIsSaidAtTheStart() {
    assertThatThrownBy(() ->
            start(
                Listener.tcp(ANY, "site"),
                new PoolSocket(true, false, "203.0.113.9", null, false),
                ANY))
        .isInstanceOf(ListenException.class)
        .hasMessage(
            "pool site: socket: connections cannot come from 203.0.113.9: this machine has no such address");
    if (transport == TransportKind.EPOLL) {
      assertThatThrownBy(() ->
              start(
                  Listener.tcp(ANY, "site"),
                  new PoolSocket(true, false, null, "nosuch0", false),
                  ANY))
          .isInstanceOf(ListenException.class)
          .hasMessage(
              "pool site: socket: connections cannot leave by nosuch0: this machine has no such interface");
    }
  }
}
