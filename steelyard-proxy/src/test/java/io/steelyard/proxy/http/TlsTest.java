package io.steelyard.proxy.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.steelyard.model.CertificateSpec;
import io.steelyard.model.ClientCertificates;
import io.steelyard.model.Forwarding;
import io.steelyard.model.ListenerTls;
import io.steelyard.model.ListenerTls.UnknownName;
import io.steelyard.model.Redirect;
import io.steelyard.model.TlsTickets;
import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.Certificates;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Listeners that speak TLS with their clients. */
@ParameterizedClass
@EnumSource(
    value = TransportKind.class,
    names = {"EPOLL", "NIO"})
class TlsTest {
  private static final String GET = "GET /x HTTP/1.1\r\nHost: www.example.com\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private final TransportKind transport;
  @TempDir private Path directory = Path.of("");
  private Certificates certificates = null_();
  private SSLContext client = null_();

  TlsTest(TransportKind transport) {
    this.transport = transport;
  }

  /** For what is set before each test. */
  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T null_() {
    return null;
  }

  @BeforeEach
  void authority() throws Exception {
    certificates = new Certificates(directory);
    client = certificates.trusting(null);
  }

  private ListenerTls tls(String... names) throws Exception {
    return ListenerTls.of(List.of(certificates.files(certificates.elliptic(names))));
  }

  private static ListenerTls with(
      ListenerTls tls,
      UnknownName unknown,
      TlsTickets tickets,
      @Nullable ClientCertificates client) {
    return tls.withUnknownName(unknown)
        .withTickets(tickets)
        .withClient(client)
        .withCheckInterval(Duration.ZERO);
  }

  private Setup on() {
    return Setup.on(transport);
  }

  private Wire wire(TestProxy proxy, @Nullable String name, String... protocols)
      throws IOException {
    return new Wire(Certificates.connect(client, proxy.address().getPort(), name, protocols));
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void servesInBothVersions(String version) throws Exception {
    try (RawEndpoint endpoint =
            RawEndpoint.serving(wire -> {
              for (String head = wire.readHead(); !head.isEmpty(); head = wire.readHead()) {
                assertThat(head).contains("X-Forwarded-Proto: https\r\n");
                wire.send(OK);
              }
            });
        TestProxy proxy =
            on().tls(tls("www.example.com")).forwarding(Forwarding.defaults()).start(endpoint)) {
      try (Wire wire = wire(proxy, "www.example.com", version)) {
        for (int i = 0; i < 3; i++) {
          wire.send(GET).expect(OK);
        }
        assertThat(((SSLSocket) wire.socket()).getSession().getProtocol()).isEqualTo(version);
      }
      assertThat(
              version.equals("TLSv1.2")
                  ? proxy.listener().handshakes12.value()
                  : proxy.listener().handshakes13.value())
          .isEqualTo(1);
    }
  }

  @Test
  void bodiesPassBothWays() throws Exception {
    byte[] body = RawEndpoint.pattern(3_000_000);
    try (RawEndpoint endpoint =
            RawEndpoint.serving(wire -> {
              wire.readHead();
              byte[] received = wire.bytes(body.length);
              wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + received.length + "\r\n\r\n");
              wire.send(received);
            });
        TestProxy proxy = on().tls(tls("a")).start(endpoint);
        Wire wire = wire(proxy, "a")) {
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  wire.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n");
                  wire.send(body);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      assertThat(wire.readHead()).startsWith("HTTP/1.1 200");
      assertThat(Arrays.equals(wire.bytes(body.length), body)).isTrue();
      sender.join();
    }
  }

  @Test
  void eachNameHasItsCertificate() throws Exception {
    ListenerTls tls =
        ListenerTls.of(
            List.of(
                certificates.files(certificates.elliptic("first.example.com")),
                certificates.files(certificates.elliptic("*.example.com")),
                certificates.files(certificates.elliptic("www.example.com"))));
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().tls(tls).start(endpoint)) {
      assertThat(shown(proxy, "www.example.com")).isEqualTo("CN=www.example.com");
      assertThat(shown(proxy, "WWW.example.com")).isEqualTo("CN=www.example.com");
      assertThat(shown(proxy, "any.example.com")).isEqualTo("CN=*.example.com");
      assertThat(shown(proxy, "example.com")).isEqualTo("CN=first.example.com");
      assertThat(shown(proxy, "a.b.example.com")).isEqualTo("CN=first.example.com");
      assertThat(shown(proxy, null)).isEqualTo("CN=first.example.com");
    }
  }

  /** Whose certificate a client gets that remembers no session. */
  private String shown(TestProxy proxy, @Nullable String name, String... protocols)
      throws Exception {
    try (SSLSocket socket =
        Certificates.connect(
            certificates.trusting(null), proxy.address().getPort(), name, protocols)) {
      X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return shown.getSubjectX500Principal().getName();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void unknownNamesAreRefusedIfWanted(String version) throws Exception {
    ListenerTls tls = tls("www.example.com");
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy =
            on().tls(with(tls, UnknownName.REFUSE, TlsTickets.defaults(), null)).start(endpoint)) {
      assertThatThrownBy(() -> shown(proxy, "other.example.com", version))
          .isInstanceOf(SSLException.class)
          .hasMessageContaining("unrecognized_name");
      assertThat(shown(proxy, "www.example.com", version)).isEqualTo("CN=www.example.com");
      assertThat(shown(proxy, null, version)).isEqualTo("CN=www.example.com");
      await()
          .untilAsserted(() -> assertThat(proxy.listener().failedHandshakes.value()).isEqualTo(1));
    }
  }

  @Test
  void nobodyMayRenegotiate() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.serving(RawEndpoint.answering(OK));
        TestProxy proxy = on().tls(tls("a.example.com")).start(endpoint);
        SSLSocket socket =
            Certificates.connect(
                certificates.trusting(null), proxy.address().getPort(), null, "TLSv1.2")) {
      Wire client = new Wire(socket);
      client.send(GET).expect(OK);
      assertThatThrownBy(
              () -> {
                socket.startHandshake();
                client.send(GET).expect(OK);
              })
          .isInstanceOf(IOException.class);
      await().untilAsserted(() -> assertThat(proxy.listener().brokenTls.value()).isEqualTo(1));
      assertThat(proxy.listener().failedHandshakes.value()).isZero();
      assertThat(endpoint.connections()).isEqualTo(1);
    }
  }

  @Test
  void theClientGetsAnEllipticCertificateIfItUnderstandsIt() throws Exception {
    ListenerTls tls =
        ListenerTls.of(
            List.of(
                certificates.files(certificates.rsa("a.example.com")),
                certificates.files(certificates.elliptic("a.example.com"))));
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().tls(tls).start(endpoint)) {
      for (String version : List.of("TLSv1.2", "TLSv1.3")) {
        assertThat(keyType(proxy, version, "ecdsa_secp256r1_sha256", "rsa_pss_rsae_sha256"))
            .isEqualTo("EC");
        assertThat(keyType(proxy, version, "rsa_pss_rsae_sha256", "rsa_pkcs1_sha256"))
            .isEqualTo("RSA");
      }
    }
  }

  /** The authority's own signature is elliptic, so that these clients trust everybody. */
  private static String keyType(TestProxy proxy, String version, String... schemes)
      throws Exception {
    SSLContext trusting = SSLContext.getInstance("TLS");
    trusting.init(
        null,
        io.netty.handler.ssl.util.InsecureTrustManagerFactory.INSTANCE.getTrustManagers(),
        null);
    SSLParameters parameters = new SSLParameters();
    parameters.setProtocols(new String[] {version});
    parameters.setSignatureSchemes(schemes);
    try (SSLSocket socket =
        Certificates.connect(trusting, proxy.address().getPort(), "a.example.com", parameters)) {
      return socket.getSession().getPeerCertificates()[0].getPublicKey().getAlgorithm();
    }
  }

  @Test
  void plainHttpIsToldSo() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().tls(tls("a")).start(endpoint);
        Wire wire = proxy.connect()) {
      wire.send(GET);
      assertThat(wire.readMessage())
          .startsWith("HTTP/1.1 400 Bad Request\r\n")
          .contains("sent to an HTTPS port");
      wire.expectGone();
      assertThat(proxy.listener().plainOnTls.value()).isEqualTo(1);
    }
  }

  @Test
  void aHandshakeThatDoesNotEndIsEnded() throws Exception {
    ListenerTls hasty = tls("a").withHandshakeTimeout(Duration.ofMillis(100));
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().tls(hasty).start(endpoint);
        Wire wire = proxy.connect()) {
      wire.send(new byte[] {0x16, 3, 1});
      wire.expectGone();
      assertThat(proxy.listener().slowHandshakes.value()).isEqualTo(1);
      assertThat(proxy.listener().failedHandshakes.value()).isZero();
    }
  }

  @Test
  void clientsMustShowACertificate() throws Exception {
    ListenerTls tls = tls("a");
    ClientCertificates required =
        new ClientCertificates(
            certificates.authorities(), ClientCertificates.Mode.REQUIRED, null, true);
    try (RawEndpoint endpoint =
            RawEndpoint.serving(wire -> {
              String head = wire.readHead();
              wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + head.length() + "\r\n\r\n" + head);
            });
        TestProxy proxy =
            on().tls(with(tls, UnknownName.DEFAULT, TlsTickets.defaults(), required))
                .start(endpoint)) {
      assertThatThrownBy(
              () -> {
                try (Wire wire = wire(proxy, "a")) {
                  wire.send(GET);
                  wire.readMessage();
                }
              })
          .isInstanceOf(IOException.class);
      client = certificates.trusting(certificates.elliptic("somebody"));
      try (Wire wire = wire(proxy, "a")) {
        wire.send(
            "GET / HTTP/1.1\r\nHost: a\r\nclient-cert: forged\r\nX-Client-Cert-Subject: forged\r\n"
                + "X_Client_Cert_Issuer: forged\r\n\r\n");
        assertThat(wire.readMessage())
            .contains("X-Client-Cert-Subject: CN=somebody\r\n")
            .contains("X-Client-Cert-Issuer: CN=Test Authority\r\n")
            .contains("Client-Cert: :MII")
            .doesNotContain("forged");
      }
    }
  }

  @Test
  void clientsMayShowACertificate() throws Exception {
    ClientCertificates optional =
        new ClientCertificates(
            certificates.authorities(), ClientCertificates.Mode.OPTIONAL, null, true);
    try (RawEndpoint endpoint = RawEndpoint.serving(RawEndpoint.answering(OK));
        TestProxy proxy =
            on().tls(with(tls("a"), UnknownName.DEFAULT, TlsTickets.defaults(), optional))
                .start(endpoint)) {
      try (Wire wire = wire(proxy, "a")) {
        wire.send(GET).expect(OK);
      }
      client = new Certificates(directory).trusting(null);
      Certificates others = new Certificates(directory);
      SSLContext stranger = certificates.trusting(others.elliptic("stranger"));
      assertThatThrownBy(
              () -> {
                try (Wire wire =
                    new Wire(Certificates.connect(stranger, proxy.address().getPort(), "a"))) {
                  wire.send(GET);
                  wire.readMessage();
                }
              })
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void aNewCertificateServesTheNextHandshake() throws Exception {
    CertificateSpec files = certificates.files(certificates.elliptic("old.example.com"));
    ListenerTls tls = ListenerTls.of(List.of(files));
    try (RawEndpoint endpoint = RawEndpoint.serving(RawEndpoint.answering(OK));
        TestProxy proxy =
            on().tls(with(tls, UnknownName.DEFAULT, TlsTickets.defaults(), null)).start(endpoint);
        Wire open = wire(proxy, null)) {
      open.send(GET).expect(OK);
      Certificates.write(certificates.elliptic("new.example.com"), files);
      Objects.requireNonNull(proxy.proxy().tls().get("web")).refresh();
      assertThat(shown(proxy, null)).isEqualTo("CN=new.example.com");
      open.send(GET).expect(OK);
    }
  }

  @Test
  void sessionsAreResumedByTicketsOfAnyProcessWithTheKeys() throws Exception {
    byte[] keys = RawEndpoint.pattern(96);
    Path file = Files.write(directory.resolve("tickets"), keys);
    TlsTickets shared = new TlsTickets(true, file.toString(), Duration.ofHours(12));
    ListenerTls tls = with(tls("a"), UnknownName.DEFAULT, shared, null);
    try (RawEndpoint endpoint = RawEndpoint.serving(RawEndpoint.answering(OK));
        TestProxy proxy = on().tls(tls).start(endpoint)) {
      for (int i = 0; i < 2; i++) {
        try (Wire wire =
            new Wire(
                client.getSocketFactory().createSocket("localhost", proxy.address().getPort()))) {
          wire.send(GET).expect(OK);
        }
      }
      assertThat(Objects.requireNonNull(proxy.proxy().tls().get("web")).resumed()).isEqualTo(1);
    }
  }

  @Test
  void clientsCannotHaveAnotherHandshakeOnTheirConnection() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().tls(tls("www.example.com")).start(endpoint);
        SSLSocket socket =
            Certificates.connect(client, proxy.address().getPort(), "www.example.com", "TLSv1.2")) {
      socket.startHandshake();
      assertThatThrownBy(
              () -> {
                socket.getOutputStream().write(GET.getBytes(US_ASCII));
                if (socket.getInputStream().read() < 0) {
                  throw new EOFException("closed");
                }
              })
          .isInstanceOf(IOException.class);
      assertThat(proxy.listener().handshakes12.value()).isEqualTo(1);
      assertThat(endpoint.connections()).isZero();
    }
  }

  @Test
  void anAnswerThatBreaksOffHasNoOrderlyEnd() throws Exception {
    try (RawEndpoint endpoint =
            RawEndpoint.serving(wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 200 OK\r\n\r\npart");
              wire.reset();
            });
        TestProxy proxy = on().tls(tls("a")).start(endpoint);
        Wire wire = wire(proxy, "a")) {
      wire.send(GET);
      assertThatThrownBy(wire::readAll).isInstanceOf(IOException.class);
    }
  }

  @Test
  void clientsAreSentElsewhere() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.serving(RawEndpoint.answering(OK));
        TestProxy proxy =
            on().redirect(new Redirect(Redirect.Scheme.HTTPS, 8443, 308)).start(endpoint);
        Wire wire = proxy.connect()) {
      wire.send("GET /there?a=b HTTP/1.1\r\nHost: www.example.com:8080\r\n\r\n");
      assertThat(wire.readMessage())
          .startsWith("HTTP/1.1 308 Permanent Redirect\r\n")
          .contains("Location: https://www.example.com:8443/there?a=b\r\n")
          .contains("Content-Length: 0\r\n");
      wire.send("POST /there HTTP/1.0\r\nContent-Length: 1\r\n\r\nx");
      assertThat(wire.readAll()).contains("Location: https://127.0.0.1:8443/there\r\n");
    }
  }
}
