package io.steelyard.proxy.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.steelyard.balance.Outcome;
import io.steelyard.model.Address;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.Cidr;
import io.steelyard.model.Configuration;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.EndpointTls;
import io.steelyard.model.Listener;
import io.steelyard.model.ListenerTls;
import io.steelyard.model.Match;
import io.steelyard.model.Pool;
import io.steelyard.model.ProxyProtocolVersion;
import io.steelyard.model.Route;
import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.Certificates;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import io.steelyard.proxy.stats.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections of any protocol within TLS, which ends or begins here. */
@ParameterizedClass
@EnumSource(TransportKind.class)
class TcpTlsTest {
  private static final String NAME = "db.example.com";

  private final TransportKind transport;
  @TempDir private Path directory = Path.of("");
  private @Nullable Certificates made;

  TcpTlsTest(TransportKind transport) {
    this.transport = transport;
  }

  @BeforeEach
  void authority() throws Exception {
    made = new Certificates(directory);
  }

  private Certificates certificates() {
    return Objects.requireNonNull(made, "made");
  }

  private ListenerTls ending() throws Exception {
    return ListenerTls.of(
        List.of(certificates().files(certificates().elliptic(NAME, "other.example.com"))));
  }

  private EndpointTls beginning() throws Exception {
    return new EndpointTls(true, certificates().authorities(), NAME, null);
  }

  private Setup tcp() {
    return Setup.on(transport).tcp();
  }

  private RawEndpoint secured(String name) throws Exception {
    return RawEndpoint.on(
        certificates()
            .serving(certificates().elliptic(name))
            .createServerSocket(0, 100, InetAddress.getLoopbackAddress()));
  }

  private Wire connect(TestProxy proxy, String... protocols) throws Exception {
    return new Wire(
        Certificates.connect(
            certificates().trusting(null), proxy.address().getPort(), NAME, protocols));
  }

  @Test
  void endsHere() throws Exception {
    for (String version : List.of("TLSv1.2", "TLSv1.3")) {
      try (RawEndpoint endpoint = RawEndpoint.open();
          TestProxy proxy = tcp().tls(ending()).start(endpoint);
          Wire client = connect(proxy, version)) {
        Wire server = endpoint.accept().send("220 ready");
        client.expect("220 ready").send("ping");
        server.expect("ping").send("pong");
        client.expect("pong");
        server.end(); // said by a close_notify: an end without one would be an exception
        client.expectEnd();
        client.end();
        proxy.awaitNoClients();
        assertThat(proxy.log(1).getFirst().get("reason").isNull()).isTrue();
        assertThat(proxy.listener().bytesIn.value()).isEqualTo(4);
        assertThat(
                proxy.listener().handshakes12.value() + 10 * proxy.listener().handshakes13.value())
            .isEqualTo(version.equals("TLSv1.2") ? 1 : 10);
      }
    }
  }

  @Test
  void aClientsEndPassesThroughWithAllThatCameBefore() throws Exception {
    byte[] bulk = RawEndpoint.pattern(3_000_000);
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = tcp().tls(ending()).start(endpoint);
        Wire client = connect(proxy)) {
      Wire server = endpoint.accept();
      Thread sender =
          Thread.startVirtualThread(() -> {
            try {
              client.send(bulk).finish();
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          });
      assertThat(server.bytes(bulk.length)).isEqualTo(bulk);
      server.expectEnd();
      sender.join();
      server.end();
      proxy.awaitNoClients();
      assertThat(proxy.listener().bytesIn.value()).isEqualTo(bulk.length);
    }
  }

  @Test
  void beginsHereAndBothSidesEndForThemselves() throws Exception {
    try (RawEndpoint endpoint = secured(NAME);
        TestProxy proxy = tcp().endpointTls(beginning()).start(endpoint);
        Wire client = proxy.connect().send("early ")) {
      Wire server = endpoint.accept();
      server.expect("early ");
      client.send("more").finish();
      server.expect("more").expectEnd().send("last words");
      client.expect("last words");
      server.end();
      client.expectEnd();
      proxy.awaitNoClients();
      assertThat(proxy.state(endpoint.address()).outcomes(Outcome.SUCCESS)).isEqualTo(1);
    }
  }

  @Test
  void bulkIsNotSplicedPastIt() throws Exception {
    byte[] bulk = RawEndpoint.pattern(5_000_000);
    try (RawEndpoint endpoint = secured(NAME);
        TestProxy proxy = tcp().tls(ending()).endpointTls(beginning()).start(endpoint);
        Wire client = connect(proxy)) {
      endpoint.serve(wire -> {
        wire.expect("go");
        wire.send(bulk);
      });
      client.send("go");
      assertThat(client.bytes(bulk.length)).isEqualTo(bulk);
      client.expectEnd();
    }
  }

  @Test
  void anEndpointThatIsNotTheRightOneIsNotSpokenTo() throws Exception {
    try (RawEndpoint wrong = secured("evil.example.com");
        RawEndpoint right = secured(NAME);
        TestProxy proxy = tcp().endpointTls(beginning()).start(wrong, right)) {
      wrong.serve(wire -> wire.send("never"));
      right.serve(wire -> wire.send("right"));
      for (int i = 0; i < 4; i++) {
        try (Wire client = proxy.connect()) {
          client.expect("right").expectEnd();
        }
      }
      proxy.awaitNoClients();
      assertThat(proxy.state(wrong.address()).outcomes(Outcome.CONNECT_FAILED)).isEqualTo(4);
    }
    try (RawEndpoint plain = RawEndpoint.serving(wire -> wire.send("hello, no TLS here"));
        TestProxy proxy = tcp().endpointTls(beginning()).start(plain);
        Wire client = proxy.connect()) {
      assertThat(client.expectReset()).isEmpty();
      proxy.awaitNoClients();
      assertThat(proxy.log(1).getFirst().get("reason").asString()).isEqualTo("tls-failed");
    }
  }

  @Test
  void theProxyHeaderStandsBeforeTheHandshakeOnBothSides() throws Exception {
    try (ServerSocket plain = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        TestProxy proxy =
            tcp()
                .trust(Cidr.parse("127.0.0.0/8"))
                .tls(ending())
                .endpointTls(beginning())
                .tell(ProxyProtocolVersion.V1)
                .start(new Address("127.0.0.1", plain.getLocalPort()));
        Socket raw = new Socket(InetAddress.getLoopbackAddress(), proxy.address().getPort())) {
      String header = "PROXY TCP4 192.0.2.9 192.0.2.1 4711 443\r\n";
      raw.getOutputStream().write(header.getBytes(StandardCharsets.US_ASCII));
      Thread serving =
          Thread.startVirtualThread(() -> {
            try (Wire under = new Wire(plain.accept())) {
              under.expect(header);
              SSLSocketFactory sockets =
                  certificates().serverContext(certificates().elliptic(NAME)).getSocketFactory();
              SSLSocket server = (SSLSocket) sockets.createSocket(under.socket(), null, true);
              server.setUseClientMode(false);
              try (Wire wire = new Wire(server)) {
                wire.expect("who am I?").send("192.0.2.9");
              }
            } catch (Exception e) {
              throw new AssertionError(e);
            }
          });
      SSLSocket over =
          (SSLSocket)
              certificates()
                  .trusting(null)
                  .getSocketFactory()
                  .createSocket(raw, NAME, proxy.address().getPort(), true);
      try (Wire client = new Wire(over)) {
        client.send("who am I?").expect("192.0.2.9").expectEnd();
      }
      serving.join();
      proxy.awaitNoClients();
      assertThat(proxy.log(1).getFirst().get("client").asString()).isEqualTo("192.0.2.9");
    }
  }

  @Test
  void routesKnowWhatTheHandshakeSaid() throws Exception {
    Listener listener =
        Listener.tcp(
                new Address("127.0.0.1", 0),
                List.of(
                    new Route(Match.tcp(null, null, "dot", null), "dns"),
                    new Route(Match.tcp(null, "other.example.com", null, null), "other"),
                    new Route(Match.tcp(null, null, null, "HELO"), "mail"),
                    new Route(null, "rest")))
            .withTls(ending());
    try (RawEndpoint dns = named("dns");
        RawEndpoint other = named("other");
        RawEndpoint mail = named("mail");
        RawEndpoint rest = named("rest");
        TestProxy proxy =
            Setup.start(
                Configuration.of(
                        Map.of("web", listener),
                        Map.of(
                            "dns", pool(dns),
                            "other", pool(other),
                            "mail", pool(mail),
                            "rest", pool(rest)))
                    .withTransport(transport))) {
      assertThat(ask(proxy, NAME, "dot", "HELO")).isEqualTo("dns");
      assertThat(ask(proxy, "other.example.com", "", "HELO")).isEqualTo("other");
      assertThat(ask(proxy, NAME, "", "HELO")).isEqualTo("mail");
      assertThat(ask(proxy, NAME, "imap", "EHLO")).isEqualTo("rest");
      assertThat(proxy.log(4).getFirst().get("host").asString()).isEqualTo(NAME);
    }
  }

  private static Pool pool(RawEndpoint endpoint) {
    return Pool.of(BalancerSpec.of("round-robin"), List.of(EndpointSpec.of(endpoint.address())));
  }

  private static RawEndpoint named(String name) throws IOException {
    return RawEndpoint.serving(wire -> {
      wire.read(4);
      wire.send(name);
    });
  }

  private String ask(TestProxy proxy, String name, String protocol, String first) throws Exception {
    SSLParameters parameters = new SSLParameters();
    if (!protocol.isEmpty()) {
      parameters.setApplicationProtocols(new String[] {protocol});
    }
    try (Wire client =
        new Wire(
            Certificates.connect(
                certificates().trusting(null), proxy.address().getPort(), name, parameters))) {
      return client.send(first).readAll();
    }
  }

  @Test
  void whoSpeaksNoTlsOrTooLateIsRefused() throws Exception {
    ListenerTls hasty = ending().withHandshakeTimeout(Duration.ofMillis(200));
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = tcp().tls(hasty).start(endpoint)) {
      try (Wire plain = proxy.connect().send("GET / HTTP/1.0\r\n\r\n")) {
        plain.expectGone();
      }
      try (Wire silent = proxy.connect()) {
        assertThat(silent.expectReset()).isEmpty();
      }
      assertThatThrownBy(
              () -> Certificates.connect(SSLContext.getDefault(), proxy.address().getPort(), NAME))
          .isInstanceOf(SSLException.class);
      proxy.awaitNoClients();
      assertThat(proxy.log(3)).hasSize(3);
      assertThat(proxy.listener().plainOnTls.value()).isEqualTo(1);
      assertThat(proxy.listener().slowHandshakes.value()).isEqualTo(1);
      assertThat(proxy.listener().reasons(Reason.TLS_FAILED)).isPositive();
      assertThat(endpoint.connections()).isZero();
    }
  }

  /** Somebody cut the line: neither side is to take that for the end of what was said. */
  @Test
  void anEndWithoutACloseNotifyIsOneWithoutItOnTheOtherSide() throws Exception {
    for (boolean announced : List.of(true, false)) {
      try (SSLServerSocket secure =
              (SSLServerSocket)
                  certificates()
                      .serving(certificates().elliptic(NAME))
                      .createServerSocket(0, 10, InetAddress.getLoopbackAddress());
          Tap endpoint = new Tap(secure.getLocalPort());
          TestProxy proxy =
              tcp()
                  .tls(ending())
                  .endpointTls(beginning())
                  .start(new Address("127.0.0.1", endpoint.port()));
          Socket raw = new Socket(InetAddress.getLoopbackAddress(), proxy.address().getPort())) {
        secure.setEnabledProtocols(new String[] {"TLSv1.2"}); // its alerts can be told from outside
        SSLSocket over =
            (SSLSocket)
                certificates()
                    .trusting(null)
                    .getSocketFactory()
                    .createSocket(raw, NAME, proxy.address().getPort(), false);
        Wire client = new Wire(over).send("a part");
        try (Wire server = new Wire(secure.accept())) {
          server.expect("a part");
          if (announced) {
            client.finish();
          } else {
            raw.shutdownOutput();
          }
          server.expectEnd();
        }
        client.expectGone().end();
        assertThat(endpoint.lastRecord()).isEqualTo(announced ? Tap.ALERT : Tap.DATA);
      }
    }
  }

  /** Passes one connection on, and looks at the TLS records that go one way. */
  private static final class Tap implements AutoCloseable {
    static final int ALERT = 21;
    static final int DATA = 23;

    private final ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
    private final Thread pump;

    Tap(int to) throws IOException {
      pump =
          Thread.startVirtualThread(() -> {
            try (Socket from = socket.accept();
                Socket target = new Socket(InetAddress.getLoopbackAddress(), to)) {
              Thread back = Thread.startVirtualThread(() -> copy(target, from, null));
              copy(from, target, seen);
              back.join();
            } catch (IOException | InterruptedException e) {
              throw new AssertionError(e);
            }
          });
    }

    int port() {
      return socket.getLocalPort();
    }

    private static void copy(Socket from, Socket to, @Nullable OutputStream also) {
      byte[] some = new byte[8192];
      try {
        for (int n = from.getInputStream().read(some);
            n >= 0;
            n = from.getInputStream().read(some)) {
          to.getOutputStream().write(some, 0, n);
          if (also != null) {
            also.write(some, 0, n);
          }
        }
        to.shutdownOutput();
      } catch (IOException e) {
        // one of them is gone; what was seen is seen
      }
    }

    /** The type of the last whole record. */
    int lastRecord() throws InterruptedException {
      pump.join();
      ByteBuffer records = ByteBuffer.wrap(seen.toByteArray());
      int type = 0;
      while (records.remaining() >= 5) {
        type = records.get();
        records.getShort();
        records.position(records.position() + 2 + records.getShort(records.position()));
      }
      return type;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
