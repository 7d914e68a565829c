package io.steelyard.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.X509Bundle;
import io.steelyard.model.EndpointHttp;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.EndpointTls;
import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.Certificates;
import io.steelyard.proxy.kit.H2;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Endpoints that speak TLS. */
@ParameterizedClass
@EnumSource(
    value = TransportKind.class,
    names = {"EPOLL", "NIO"})
class EndpointTlsTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private final TransportKind transport;
  @TempDir private Path directory = Path.of("");

  EndpointTlsTest(TransportKind transport) {
    this.transport = transport;
  }

  private TestProxy start(RawEndpoint endpoint, EndpointTls tls) throws Exception {
    return Setup.on(transport).endpointTls(tls).retries(0).start(endpoint);
  }

  private static RawEndpoint serving(
      Certificates certificates, X509Bundle own, RawEndpoint.Handler handler) throws Exception {
    SSLServerSocket socket =
        (SSLServerSocket)
            certificates.serving(own).createServerSocket(0, 100, InetAddress.getLoopbackAddress());
    socket.setWantClientAuth(true);
    RawEndpoint endpoint = RawEndpoint.on(socket);
    endpoint.serve(handler);
    return endpoint;
  }

  @Test
  void requestsGoThroughVerifiedTls() throws Exception {
    Certificates certificates = new Certificates(directory);
    List<String> names = Collections.synchronizedList(new ArrayList<>());
    List<String> clients = Collections.synchronizedList(new ArrayList<>());
    EndpointTls tls =
        new EndpointTls(
            true,
            certificates.authorities(),
            "site.internal",
            certificates.files(certificates.elliptic("proxy.internal")));
    try (RawEndpoint endpoint =
            serving(
                certificates,
                certificates.rsa("site.internal"),
                wire -> {
                  while (!wire.readHead().isEmpty()) {
                    names.add(name(wire));
                    clients.add(client(wire));
                    wire.send(OK);
                  }
                });
        TestProxy proxy = start(endpoint, tls);
        Wire wire = proxy.connect()) {
      wire.send(GET).expect(OK);
      wire.send(GET).expect(OK);
      assertThat(endpoint.connections()).isEqualTo(1);
      assertThat(names).containsExactly("site.internal", "site.internal");
      assertThat(clients).containsExactly("CN=proxy.internal", "CN=proxy.internal");
    }
  }

  @Test
  void anEndpointThatANameLedToIsKnownByThatName() throws Exception {
    Certificates certificates = new Certificates(directory);
    EndpointTls tls = new EndpointTls(true, certificates.authorities(), null, null);
    try (RawEndpoint endpoint =
            serving(
                certificates,
                certificates.elliptic("app.internal"),
                wire -> {
                  wire.readHead();
                  wire.send(answer(name(wire)));
                });
        TestProxy proxy =
            Setup.on(transport)
                .endpointTls(tls)
                .start(EndpointSpec.of(endpoint.address()).withHost("app.internal"));
        Wire wire = proxy.connect()) {
      wire.send(GET).expect(answer("app.internal"));
    }
  }

  @Test
  void anEndpointAgreesToHttp2() throws Exception {
    Certificates certificates = new Certificates(directory);
    EndpointTls tls = new EndpointTls(true, certificates.authorities(), "site.internal", null);
    X509Bundle own = certificates.rsa("site.internal");
    try (RawEndpoint agreeing =
            agreeing(
                certificates,
                own,
                "h2",
                wire -> {
                  H2 here = H2.serving(wire);
                  while (true) {
                    H2.Request request = here.request();
                    here.reply(request.stream(), 200, String.valueOf(request.headers().scheme()));
                  }
                });
        RawEndpoint other = agreeing(certificates, own, "http/1.1", RawEndpoint.answering(OK));
        TestProxy proxy =
            Setup.on(transport).endpointTls(tls).http(EndpointHttp.of(2)).start(agreeing, other);
        TestProxy alone =
            Setup.on(transport).endpointTls(tls).http(EndpointHttp.of(2)).start(other);
        Wire wire = proxy.connect();
        Wire lost = alone.connect()) {
      String https = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhttps\r\n0\r\n\r\n";
      for (int i = 0; i < 4; i++) {
        wire.send(GET).expect(https);
      }
      assertThat(agreeing.connections()).isEqualTo(1);
      lost.send(GET);
      assertThat(lost.readMessage()).startsWith("HTTP/1.1 502 ");
    }
  }

  private static RawEndpoint agreeing(
      Certificates certificates, X509Bundle own, String protocol, RawEndpoint.Handler handler)
      throws Exception {
    SSLServerSocket socket =
        (SSLServerSocket)
            certificates.serving(own).createServerSocket(0, 100, InetAddress.getLoopbackAddress());
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {protocol});
    socket.setSSLParameters(parameters);
    RawEndpoint endpoint = RawEndpoint.on(socket);
    endpoint.serve(handler);
    return endpoint;
  }

  private static String answer(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  private static String name(Wire wire) {
    var session = (ExtendedSSLSession) ((SSLSocket) wire.socket()).getSession();
    return new String(
        session.getRequestedServerNames().getFirst().getEncoded(),
        java.nio.charset.StandardCharsets.US_ASCII);
  }

  private static String client(Wire wire) throws IOException {
    return ((SSLSocket) wire.socket()).getSession().getPeerPrincipal().getName();
  }

  @Test
  void anotherNameIsNotTrusted() throws Exception {
    refuses("site.internal", "other.internal", true);
  }

  @Test
  void anotherAuthorityIsNotTrusted() throws Exception {
    refuses("site.internal", "site.internal", false);
  }

  private void refuses(String shown, String wanted, boolean sameAuthority) throws Exception {
    Certificates certificates = new Certificates(directory);
    Certificates trusted =
        sameAuthority
            ? certificates
            : new Certificates(Files.createDirectory(directory.resolve("others")));
    String authorities = trusted.authorities();
    try (RawEndpoint endpoint =
            serving(certificates, certificates.elliptic(shown), RawEndpoint.answering(OK));
        TestProxy proxy = start(endpoint, new EndpointTls(true, authorities, wanted, null));
        Wire wire = proxy.connect()) {
      wire.send(GET);
      assertThat(wire.readMessage()).startsWith("HTTP/1.1 502");
      assertThat(proxy.log(1).getFirst().get("reason").asString()).isEqualTo("tls-failed");
    }
  }

  @Test
  void withoutVerificationAnyCertificateWillDo() throws Exception {
    Certificates certificates = new Certificates(directory);
    try (RawEndpoint endpoint =
            serving(certificates, certificates.elliptic("x"), RawEndpoint.answering(OK));
        TestProxy proxy = start(endpoint, new EndpointTls(false, null, null, null));
        Wire wire = proxy.connect()) {
      wire.send(GET).expect(OK);
    }
  }

  @Test
  void anEndpointWithoutTlsIsNotServed() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.serving(wire -> wire.send(OK));
        TestProxy proxy = start(endpoint, new EndpointTls(false, null, null, null));
        Wire wire = proxy.connect()) {
      wire.send(GET);
      assertThat(wire.readMessage()).startsWith("HTTP/1.1 502");
    }
  }

  @Test
  void anOrderlyEndIsTheEndOfAnAnswer() throws Exception {
    Certificates certificates = new Certificates(directory);
    try (RawEndpoint endpoint =
            serving(
                certificates,
                certificates.elliptic("x"),
                wire -> {
                  wire.readHead();
                  wire.send("HTTP/1.1 200 OK\r\n\r\nall of it");
                });
        TestProxy proxy = start(endpoint, new EndpointTls(false, null, null, null))) {
      try (Wire wire = proxy.connect()) {
        assertThat(wire.send(GET).readAll()).endsWith("all of it");
      }
    }
  }

  @Test
  void filesThatCannotBeUsedEndTheStart() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open()) {
      assertThatThrownBy(
              () -> start(endpoint, new EndpointTls(true, "/nowhere", null, null)).close())
          .hasMessageContaining("/nowhere cannot be read: it does not exist");
    }
  }
}
