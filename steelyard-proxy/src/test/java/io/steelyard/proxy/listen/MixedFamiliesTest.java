package io.steelyard.proxy.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.Address;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.Cidr;
import io.steelyard.model.Configuration;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.Listener;
import io.steelyard.model.Match;
import io.steelyard.model.Pool;
import io.steelyard.model.ProxyProtocolVersion;
import io.steelyard.model.Route;
import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients of one family of addresses, endpoints of the other, and listeners for both. */
@ParameterizedClass
@EnumSource(TransportKind.class)
class MixedFamiliesTest {
  private final TransportKind transport;

  MixedFamiliesTest(TransportKind transport) {
    this.transport = transport;
  }

  private TestProxy start(Listener listener, Pool pool) throws Exception {
    return Setup.start(
        Configuration.of(Map.of("web", listener), Map.of("site", pool)).withTransport(transport));
  }

  private static Pool pool(String host, int port) {
    return Pool.of(
        BalancerSpec.of("round-robin"), List.of(EndpointSpec.of(new Address(host, port))));
  }

  private static RawEndpoint endpoint(String host) throws IOException {
    return RawEndpoint.on(new ServerSocket(0, 10, InetAddress.ofLiteral(host)));
  }

  private static Wire connect(String host, int port) throws IOException {
    return new Wire(new Socket(InetAddress.ofLiteral(host), port));
  }

  private void passes(String client, String listener, String endpoint) throws Exception {
    try (RawEndpoint there = endpoint(endpoint);
        TestProxy proxy =
            start(
                Listener.tcp(new Address(listener, 0), "site"),
                pool(endpoint, there.address().port()));
        Wire wire = connect(client, proxy.port("web"));
        Wire server = there.accept()) {
      wire.send("ping");
      server.expect("ping").send("pong");
      wire.expect("pong").end();
      server.expectEnd();
      server.end();
      proxy.awaitNoClients();
      String logged = proxy.log(1).get(0).get("client").asString();
      assertThat(InetAddress.ofLiteral(logged)).isEqualTo(InetAddress.ofLiteral(client));
    }
  }

  @Test
  void sixToFour() throws Exception {
    passes("::1", "::1", "127.0.0.1");
  }

  @Test
  void fourToSix() throws Exception {
    passes("127.0.0.1", "127.0.0.1", "::1");
  }

  @Test
  void bothComeToTheWildcard() throws Exception {
    passes("127.0.0.1", "::", "127.0.0.1");
    passes("::1", "::", "127.0.0.1");
    passes("127.0.0.1", "", "::1");
    passes("::1", "", "::1");
  }

  @Test
  void networksAreThoseOfTheClientWhereverItConnects() throws Exception {
    Listener listener =
        Listener.tcp(
            new Address("::", 0),
            List.of(
                new Route(Match.tcp(Cidr.parse("127.0.0.0/8"), null, null, null), "four"),
                new Route(Match.tcp(Cidr.parse("::1/128"), null, null, null), "six")));
    try (RawEndpoint four = endpoint("127.0.0.1");
        RawEndpoint six = endpoint("::1");
        TestProxy proxy =
            Setup.start(
                Configuration.of(
                        Map.of("web", listener),
                        Map.of(
                            "four", pool("127.0.0.1", four.address().port()),
                            "six", pool("::1", six.address().port())))
                    .withTransport(transport))) {
      try (Wire client = connect("127.0.0.1", proxy.port("web"));
          Wire server = four.accept()) {
        client.send("4");
        server.expect("4");
      }
      try (Wire client = connect("::1", proxy.port("web"));
          Wire server = six.accept()) {
        client.send("6");
        server.expect("6");
      }
      proxy.awaitNoClients();
    }
  }

  @Test
  void aProxyHeaderHasTheClientsFamily() throws Exception {
    try (RawEndpoint there = endpoint("::1");
        TestProxy proxy =
            start(
                Listener.tcp(new Address("::", 0), "site"),
                pool("::1", there.address().port()).withProxyProtocol(ProxyProtocolVersion.V1));
        Wire client = connect("127.0.0.1", proxy.port("web"));
        Wire server = there.accept()) {
      client.send("x");
      server.expect("PROXY TCP4 127.0.0.1 127.0.0.1 ");
    }
  }

  @Test
  void datagramsToo() throws Exception {
    for (String client : List.of("127.0.0.1", "::1")) {
      for (String endpoint : List.of("127.0.0.1", "::1")) {
        datagrams(client, "::", endpoint);
        datagrams(client, client, endpoint);
      }
    }
  }

  private void datagrams(String client, String listener, String endpoint) throws Exception {
    try (DatagramSocket there = new DatagramSocket(0, InetAddress.ofLiteral(endpoint));
        DatagramSocket here = new DatagramSocket(0, InetAddress.ofLiteral(client));
        TestProxy proxy =
            start(
                Listener.udp(new Address(listener, 0), "site"),
                pool(endpoint, there.getLocalPort()))) {
      there.setSoTimeout((int) Wire.PATIENCE.toMillis());
      here.setSoTimeout((int) Wire.PATIENCE.toMillis());
      byte[] bytes = {1, 2, 3};
      here.send(
          new DatagramPacket(
              bytes, 3, new InetSocketAddress(InetAddress.ofLiteral(client), proxy.port("web"))));
      DatagramPacket packet = new DatagramPacket(new byte[10], 10);
      there.receive(packet);
      assertThat(packet.getLength()).isEqualTo(3);
      there.send(packet);
      here.receive(packet);
      assertThat(packet.getLength()).isEqualTo(3);
      assertThat(packet.getAddress()).isEqualTo(InetAddress.ofLiteral(client));
    }
  }
}
