package io.steelyard.proxy.listen;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.Address;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.Configuration;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.Listener;
import io.steelyard.model.Pool;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Listeners and endpoints with several ports. */
@ParameterizedClass
@EnumSource(TransportKind.class)
class PortRangesTest {
  private static final int PORTS = 3;
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  private final TransportKind transport;

  PortRangesTest(TransportKind transport) {
    this.transport = transport;
  }

  /** Some ports in a row that nobody uses, outside of those that the kernel hands out. */
  private static int free() {
    RandomGenerator random = RandomGenerator.getDefault();
    for (int attempt = 0; attempt < 1000; attempt++) {
      int first = random.nextInt(12_000, 30_000);
      if (isFree(first)) {
        return first;
      }
    }
    throw new AssertionError("no " + PORTS + " ports in a row are free");
  }

  private static boolean isFree(int first) {
    for (int i = 0; i < PORTS; i++) {
      try (ServerSocket connections = new ServerSocket(first + i, 1, HERE);
          DatagramSocket datagrams = new DatagramSocket(first + i, HERE)) {
        assertThat(connections.getLocalPort()).isEqualTo(datagrams.getLocalPort());
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }

  private static Address range(int first) {
    return new Address("127.0.0.1", first, first + PORTS - 1);
  }

  private TestProxy start(Listener listener, Address... endpoints) throws Exception {
    Pool pool =
        Pool.of(
            BalancerSpec.of("round-robin"),
            List.of(endpoints).stream().map(EndpointSpec::of).toList());
    return Setup.start(
        Configuration.of(Map.of("web", listener), Map.of("site", pool))
            .withTransport(transport)
            .withEventLoops(2));
  }

  @Test
  void eachPortLeadsToItsCounterpart() throws Exception {
    int to = free();
    List<RawEndpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < PORTS; i++) {
      endpoints.add(RawEndpoint.on(new ServerSocket(to + i, 10, HERE)));
    }
    int from = free();
    try (TestProxy proxy = start(Listener.tcp(range(from), "site"), range(to))) {
      for (int i = PORTS - 1; i >= 0; i--) {
        try (Wire client = Wire.to(from + i);
            Wire server = endpoints.get(i).accept()) {
          client.send("to " + i);
          server.expect("to " + i);
        }
      }
      proxy.awaitNoClients();
      assertThat(proxy.log(1).get(0).get("endpoint").asString())
          .isEqualTo("127.0.0.1:" + to + "-" + (to + PORTS - 1));
      assertThat(proxy.proxy().listening())
          .isEqualTo(Map.of("web", "127.0.0.1:" + from + "-" + (from + PORTS - 1)));
      assertThat(proxy.port("web")).isEqualTo(from);
    } finally {
      for (RawEndpoint endpoint : endpoints) {
        endpoint.close();
      }
    }
  }

  @Test
  void allPortsLeadToOne() throws Exception {
    int from = free();
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = start(Listener.tcp(range(from), "site"), endpoint.address())) {
      for (int i = 0; i < PORTS; i++) {
        try (Wire client = Wire.to(from + i);
            Wire server = endpoint.accept()) {
          client.send("x");
          server.expect("x");
        }
      }
      proxy.awaitNoClients();
    }
  }

  @Test
  void requestsComeToEachPort() throws Exception {
    int from = free();
    try (RawEndpoint endpoint =
            RawEndpoint.serving(
                RawEndpoint.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"));
        TestProxy proxy = start(Listener.http(range(from), "site"), endpoint.address())) {
      for (int i = 0; i < PORTS; i++) {
        try (Wire client = Wire.to(from + i)) {
          client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
          assertThat(client.readMessage()).endsWith("hi");
        }
      }
      proxy.awaitNoClients();
    }
  }

  @Test
  void datagramsLeadToTheirCounterpartAndAnswersComeFromIt() throws Exception {
    int to = free();
    List<DatagramSocket> endpoints = new ArrayList<>();
    for (int i = 0; i < PORTS; i++) {
      endpoints.add(datagrams(to + i));
    }
    int from = free();
    try (TestProxy proxy = start(Listener.udp(range(from), "site"), range(to));
        DatagramSocket client = datagrams(0)) {
      for (int i = 0; i < PORTS; i++) { // one client, a session at each port
        client.send(packet("to " + i, new InetSocketAddress(HERE, from + i)));
        DatagramPacket asked = receive(endpoints.get(i));
        assertThat(text(asked)).isEqualTo("to " + i);
        endpoints.get(i).send(packet("from " + i, (InetSocketAddress) asked.getSocketAddress()));
        DatagramPacket answer = receive(client);
        assertThat(text(answer)).isEqualTo("from " + i);
        assertThat(answer.getPort()).isEqualTo(from + i);
      }
      assertThat(proxy.listener().active.value()).isEqualTo(PORTS);
    } finally {
      endpoints.forEach(DatagramSocket::close);
    }
  }

  private static DatagramSocket datagrams(int port) throws IOException {
    DatagramSocket socket = new DatagramSocket(port, HERE);
    socket.setSoTimeout((int) Wire.PATIENCE.toMillis());
    return socket;
  }

  private static DatagramPacket packet(String text, InetSocketAddress to) {
    return new DatagramPacket(text.getBytes(ISO_8859_1), text.length(), to);
  }

  private static DatagramPacket receive(DatagramSocket socket) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[100], 100);
    socket.receive(packet);
    return packet;
  }

  private static String text(DatagramPacket packet) {
    return new String(packet.getData(), 0, packet.getLength(), ISO_8859_1);
  }
}
