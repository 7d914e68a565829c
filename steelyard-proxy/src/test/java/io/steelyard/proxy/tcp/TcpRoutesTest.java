package io.steelyard.proxy.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.Address;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.Cidr;
import io.steelyard.model.Configuration;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.Listener;
import io.steelyard.model.ListenerTimeouts;
import io.steelyard.model.Match;
import io.steelyard.model.Pool;
import io.steelyard.model.Route;
import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections find their pool by who the client is and by what it says first. */
@ParameterizedClass
@EnumSource(TransportKind.class)
class TcpRoutesTest {
  private final TransportKind transport;

  TcpRoutesTest(TransportKind transport) {
    this.transport = transport;
  }

  private static Route route(@Nullable Match match, String pool) {
    return new Route(match, pool);
  }

  private static Match first(String bytes) {
    return Match.tcp(null, null, null, bytes);
  }

  private TestProxy start(Duration patience, List<Route> routes, Map<String, RawEndpoint> pools)
      throws Exception {
    Map<String, Pool> settings = new LinkedHashMap<>();
    pools.forEach((name, endpoint) ->
        settings.put(
            name,
            Pool.of(BalancerSpec.of("round-robin"), List.of(EndpointSpec.of(endpoint.address())))));
    Listener listener =
        Listener.tcp(new Address("127.0.0.1", 0), routes)
            .withTimeouts(
                new ListenerTimeouts(patience, Duration.ofMinutes(1), Duration.ofMinutes(1)));
    return Setup.start(
        Configuration.of(Map.of("web", listener), settings).withTransport(transport));
  }

  /** Says who it is when the client has said all that it has to. */
  private static RawEndpoint named(String name, int expected) throws IOException {
    return RawEndpoint.serving(wire -> {
      byte[] seen = wire.bytes(expected);
      wire.send(name + seen.length);
    });
  }

  @Test
  void byFirstBytes() throws Exception {
    try (RawEndpoint ssh = named("ssh", 9);
        RawEndpoint binary = named("binary", 3);
        RawEndpoint rest = named("rest", 5);
        TestProxy proxy =
            start(
                Duration.ofMinutes(1),
                List.of(
                    route(first("SSH-2"), "ssh"),
                    route(first("\\x01\\\\"), "binary"),
                    route(null, "rest")),
                Map.of("ssh", ssh, "binary", binary, "rest", rest))) {
      assertThat(exchange(proxy, "SSH-2.0-x")).isEqualTo("ssh9");
      assertThat(exchange(proxy, "\u0001\\x")).isEqualTo("binary3");
      assertThat(exchange(proxy, "SSH-1")).isEqualTo("rest5");
      try (Wire slow = proxy.connect()) {
        String said = "SSH-2.0-x";
        for (int i = 0; i < said.length(); i++) {
          slow.send(said.substring(i, i + 1));
        }
        slow.expect("ssh9");
      }
      try (Wire brief = proxy.connect()) {
        brief.send("SSH").finish(); // no more is to come: it is not SSH-2
        brief.expect("rest3");
      }
    }
  }

  private static String exchange(TestProxy proxy, String request) throws IOException {
    try (Wire client = proxy.connect()) {
      client.send(request);
      return new String(client.bytes(100), StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void aClientThatSaysNothingGoesWhereItNeedNotSayAnything() throws Exception {
    try (RawEndpoint ssh = named("ssh", 0);
        RawEndpoint greeter = named("greeter", 0);
        TestProxy proxy =
            start(
                Duration.ofMillis(100),
                List.of(route(first("SSH-"), "ssh"), route(null, "greeter")),
                Map.of("ssh", ssh, "greeter", greeter));
        Wire client = proxy.connect()) {
      client.expect("greeter0");
    }
  }

  @Test
  void byPattern() throws Exception {
    String request = "GET /api/x HTTP/1.1\r\n";
    String long4k = "y".repeat(4096);
    try (RawEndpoint api = named("api", request.length());
        RawEndpoint rest = named("rest", 4096);
        TestProxy proxy =
            start(
                Duration.ofMinutes(1),
                List.of(route(Match.pattern("^[A-Z]+ /api/"), "api"), route(null, "rest")),
                Map.of("api", api, "rest", rest));
        Wire whole = proxy.connect();
        Wire split = proxy.connect();
        Wire other = proxy.connect()) {
      whole.send(request).expect("api" + request.length());
      split.send("GE");
      split.expectNothing();
      split.send(request.substring(2)).expect("api" + request.length());
      other.send(long4k).expect("rest4096");
    }
  }

  @Test
  void bySource() throws Exception {
    try (RawEndpoint here = named("here", 0);
        RawEndpoint elsewhere = named("elsewhere", 0);
        TestProxy proxy =
            start(
                Duration.ofMinutes(1),
                List.of(
                    route(Match.tcp(Cidr.parse("10.0.0.0/8"), null, null, null), "elsewhere"),
                    route(Match.tcp(Cidr.parse("127.0.0.0/8"), null, null, null), "here")),
                Map.of("here", here, "elsewhere", elsewhere));
        Wire client = proxy.connect()) {
      client.expect("here0");
    }
  }

  @Test
  void byServerNameAndProtocol() throws Exception {
    byte[] db = hello("db.example.com", "postgresql");
    byte[] web = hello("www.example.com", "h2");
    byte[] cross = hello("db.example.com", "h2c"); // one letter less, one more
    byte[] other = hello("example.org", "h2");
    try (RawEndpoint exact = named("exact", db.length);
        RawEndpoint wild = named("wild", web.length);
        RawEndpoint rest = named("rest", other.length);
        TestProxy proxy =
            start(
                Duration.ofMinutes(1),
                List.of(
                    route(Match.tcp(null, "db.example.com", "postgresql", null), "exact"),
                    route(Match.tcp(null, "*.example.com", null, null), "wild"),
                    route(null, "rest")),
                Map.of("exact", exact, "wild", wild, "rest", rest))) {
      assertThat(exchange(proxy, db)).isEqualTo("exact" + db.length);
      assertThat(exchange(proxy, web)).isEqualTo("wild" + web.length);
      assertThat(exchange(proxy, other)).isEqualTo("rest" + other.length);
      assertThat(exchange(proxy, cross)).startsWith("wild");
      var hosts = proxy.log(4).stream().map(record -> record.get("host").asString()).toList();
      assertThat(hosts)
          .containsExactly("db.example.com", "www.example.com", "example.org", "db.example.com");
    }
  }

  private static String exchange(TestProxy proxy, byte[] hello) throws IOException {
    try (Wire client = proxy.connect()) {
      client.send(hello, 0, 7).send(hello, 7, hello.length - 7);
      String answer = new String(client.bytes(100), StandardCharsets.ISO_8859_1);
      client.end();
      proxy.awaitNoClients(); // so that the log has the order of the exchanges
      return answer;
    }
  }

  @Test
  void aConnectionWithoutARouteIsReset() throws Exception {
    try (RawEndpoint ssh = named("ssh", 0);
        TestProxy proxy =
            start(Duration.ofMinutes(1), List.of(route(first("SSH-"), "ssh")), Map.of("ssh", ssh));
        Wire client = proxy.connect()) {
      client.send("GET / HTTP/1.1").expectReset();
      var record = proxy.log(1).get(0);
      assertThat(record.get("reason").asString()).isEqualTo("no-route");
      assertThat(record.get("pool").isNull()).isTrue();
      assertThat(ssh.connections()).isZero();
    }
  }

  @Test
  void anRdpUserStaysWhereItIs() throws Exception {
    try (RawEndpoint a = RawEndpoint.serving(wire -> wire.send("a" + wire.read(11).length()));
        RawEndpoint b = RawEndpoint.serving(wire -> wire.send("b" + wire.read(11).length()));
        TestProxy proxy =
            Setup.on(transport).tcp().balancer(BalancerSpec.of("rdp-cookie-hash")).start(a, b)) {
      String alice = rdp("alice");
      String first = exchange(proxy, alice);
      for (int i = 0; i < 5; i++) {
        assertThat(exchange(proxy, alice)).isEqualTo(first);
      }
      assertThat(
              List.of("u1", "u2", "u3", "u4", "u5", "u6", "u7", "u8").stream()
                  .map(user -> unchecked(proxy, rdp(user)))
                  .distinct())
          .hasSize(2);
    }
  }

  private static String unchecked(TestProxy proxy, String request) {
    try {
      return exchange(proxy, request);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String rdp(String user) {
    String cookie = "Cookie: mstshash=" + user + "\r\n";
    return "\u0003\0\0"
        + (char) (11 + cookie.length())
        + (char) (6 + cookie.length())
        + "\u00e0\0\0\0\0\0"
        + cookie;
  }

  /** What the JDK's TLS client sends first. */
  private static byte[] hello(String serverName, String protocol) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, null, null);
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(serverName)));
    parameters.setApplicationProtocols(new String[] {protocol});
    engine.setSSLParameters(parameters);
    ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), out);
    byte[] hello = new byte[out.flip().remaining()];
    out.get(hello);
    return hello;
  }
}
