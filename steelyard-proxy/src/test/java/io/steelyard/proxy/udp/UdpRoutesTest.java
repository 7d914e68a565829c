package io.steelyard.proxy.udp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.steelyard.codec.proxyprotocol.ProxyHeader;
import io.steelyard.codec.proxyprotocol.ProxyHeaderReader;
import io.steelyard.model.Address;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.ByteSize;
import io.steelyard.model.Cidr;
import io.steelyard.model.Configuration;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.Listener;
import io.steelyard.model.Match;
import io.steelyard.model.Pool;
import io.steelyard.model.ProxyProtocolVersion;
import io.steelyard.model.Route;
import io.steelyard.model.UdpSessions;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.stats.Reason;
import java.io.ByteArrayOutputStream;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Datagrams go where their route leads, and endpoints may be told who sent them. */
class UdpRoutesTest {
  private static final int A = 1;
  private static final int MX = 15;
  private static final int AAAA = 28;
  private static final int HTTPS = 65;

  private static byte[] query(String name, int type) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(new byte[] {0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
    for (String label : name.split("\\.", -1)) {
      bytes.write(label.length());
      bytes.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
    }
    bytes.writeBytes(new byte[] {0, 0, (byte) type, 0, 1});
    return bytes.toByteArray();
  }

  private static Pool pool(Peer endpoint) {
    return Pool.of(BalancerSpec.of("round-robin"), List.of(EndpointSpec.of(endpoint.address())));
  }

  private static Route route(@Nullable Match match, String pool) {
    return new Route(match, pool);
  }

  @Test
  void byNameAndType() throws Exception {
    List<Route> routes =
        List.of(
            route(Match.dns(null, "Internal.example.com", null), "name"),
            route(Match.dns(null, "*.example.com", "AAAA"), "both"),
            route(Match.dns(null, null, "MX"), "type"),
            route(Match.dns(Cidr.parse("10.0.0.0/8"), null, "TYPE65"), "none"),
            route(Match.dns(Cidr.parse("127.0.0.0/8"), null, "TYPE65"), "number"),
            route(null, "rest"));
    try (Peer name = Peer.answering(_ -> "name");
        Peer both = Peer.answering(_ -> "both");
        Peer type = Peer.answering(_ -> "type");
        Peer number = Peer.answering(_ -> "number");
        Peer rest = Peer.answering(_ -> "rest");
        Peer client = Peer.open();
        TestProxy proxy =
            Setup.start(
                Configuration.of(
                    Map.of("web", listener(routes)),
                    Map.of(
                        "name", pool(name),
                        "both", pool(both),
                        "type", pool(type),
                        "none", pool(name),
                        "number", pool(number),
                        "rest", pool(rest))))) {
      InetSocketAddress to = proxy.address();
      client.send(to, query("internal.EXAMPLE.com", A)).expect("name");
      client.send(to, query("internal.example.com", AAAA)).expect("name");
      client.send(to, query("www.example.com", AAAA)).expect("both");
      client.send(to, query("www.example.com", A)).expect("rest");
      client.send(to, query("example.com", AAAA)).expect("rest");
      client.send(to, query("notexample.com", MX)).expect("type");
      client.send(to, query("example.org", HTTPS)).expect("number");
      client.send(to, "no query at all").expect("rest");
    }
  }

  private static Listener listener(List<Route> routes) {
    return Listener.udp(new Address("127.0.0.1", 0), routes)
        .withSessions(new UdpSessions(1, 1, new ByteSize(4096), null));
  }

  @Test
  void whatNoRouteTakesIsDropped() throws Exception {
    try (Peer endpoint = Peer.answering(_ -> "here");
        Peer client = Peer.open();
        TestProxy proxy =
            Setup.start(
                Configuration.of(
                    Map.of("web", listener(List.of(route(Match.dns(null, null, "A"), "site")))),
                    Map.of("site", pool(endpoint))))) {
      client.send(proxy.address(), query("a", MX));
      client.send(proxy.address(), query("a", A)).expect("here");
      assertThat(proxy.listener().reasons(Reason.NO_ROUTE)).isEqualTo(1);
    }
  }

  @Test
  void eachDatagramBeginsWithWhoSentIt() throws Exception {
    try (Peer endpoint = Peer.open();
        TestProxy proxy =
            Setup.on(io.steelyard.model.TransportKind.NIO)
                .udp(0, 0)
                .tell(ProxyProtocolVersion.V2)
                .start(endpoint.address());
        Peer client = Peer.open()) {
      client.send(proxy.address(), "one").send(proxy.address(), "two");
      for (String text : List.of("one", "two")) {
        DatagramPacket packet = endpoint.receive();
        ByteBuf bytes = Unpooled.wrappedBuffer(Peer.bytes(packet));
        ProxyHeaderReader reader = new ProxyHeaderReader();
        int length = reader.read(bytes, 0, bytes.writerIndex());
        ProxyHeader header = reader.header();
        assertThat(header.datagram()).isTrue();
        assertThat(header.source())
            .isEqualTo(
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), client.address().port()));
        assertThat(header.destination()).isEqualTo(proxy.address());
        assertThat(bytes.toString(length, bytes.writerIndex() - length, StandardCharsets.US_ASCII))
            .isEqualTo(text);
        endpoint.send(packet.getSocketAddress(), "answer");
        client.expect("answer");
      }
    }
  }
}
