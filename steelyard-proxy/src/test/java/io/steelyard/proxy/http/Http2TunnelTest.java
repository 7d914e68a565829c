package io.steelyard.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.H2;
import io.steelyard.proxy.kit.H2.Answer;
import io.steelyard.proxy.kit.H2.Frame;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** WebSockets of HTTP/2 clients (RFC 8441) to endpoints that speak HTTP/1.1. */
@ParameterizedClass
@EnumSource(
    value = TransportKind.class,
    names = {"EPOLL", "NIO"})
class Http2TunnelTest {
  private static final String ANSWER =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
          + "Sec-WebSocket-Accept: y\r\nSec-WebSocket-Protocol: chat\r\n\r\n";

  private final TransportKind transport;

  Http2TunnelTest(TransportKind transport) {
    this.transport = transport;
  }

  private static Http2Headers request() {
    return H2.request("CONNECT", "/chat?x=1")
        .set(":protocol", "websocket")
        .set("sec-websocket-version", "13")
        .set("sec-websocket-protocol", "chat");
  }

  private static Wire agree(RawEndpoint endpoint) throws IOException {
    Wire server = endpoint.accept();
    assertThat(server.readHead())
        .startsWith("GET /chat?x=1 HTTP/1.1\r\nHost: a.example.com\r\n")
        .contains("\r\nsec-websocket-version: 13\r\n", "\r\nsec-websocket-protocol: chat\r\n")
        .contains("\r\nUpgrade: websocket\r\n", "\r\nConnection: Upgrade\r\n")
        .containsPattern("\r\nSec-WebSocket-Key: [A-Za-z0-9+/]{22}==\r\n")
        .doesNotContain("Content-Length", "Transfer-Encoding");
    return server.send(ANSWER);
  }

  private static void expectTunnel(H2 client) throws IOException {
    Frame head = client.next();
    assertThat(head.ends()).isFalse();
    Http2Headers headers = client.decode(head);
    assertThat(headers.status()).hasToString("200");
    assertThat(headers.get("sec-websocket-protocol")).hasToString("chat");
    assertThat(headers.contains("sec-websocket-accept")).isFalse();
    assertThat(headers.contains("upgrade")).isFalse();
    assertThat(headers.contains("connection")).isFalse();
  }

  private static void expectData(H2 client, String text, boolean ends) throws IOException {
    Frame data = client.next();
    assertThat(data.type()).isEqualTo(H2.DATA);
    assertThat(data.text()).isEqualTo(text);
    assertThat(data.ends()).isEqualTo(ends);
  }

  @Test
  void isAnnounced() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        H2 client = H2.on(proxy.connect())) {
      Frame settings = client.any();
      assertThat(settings.type()).isEqualTo(H2.SETTINGS);
      ByteBuffer payload = ByteBuffer.wrap(settings.payload());
      boolean announced = false;
      while (payload.hasRemaining()) {
        int id = payload.getShort();
        int value = payload.getInt();
        announced |= id == 8 && value == 1;
      }
      assertThat(announced).isTrue();
    }
  }

  @Test
  void bytesPassBothWaysAndEachSideEndsForItself() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        H2 client = H2.on(proxy.connect())) {
      client.headers(1, request(), false);
      Wire server = agree(endpoint).send("first");
      expectTunnel(client);
      expectData(client, "first", false);
      client.data(1, "ping", false);
      server.expect("ping").send("pong");
      expectData(client, "pong", false);
      client.data(1, "end", true);
      server.expect("end").expectEnd().send("last words");
      expectData(client, "last words", false);
      server.end();
      expectData(client, "", true);
      proxy.awaitNothingInFlight();
      var record = proxy.log(1).getFirst();
      assertThat(record.get("status").asInt()).isEqualTo(101);
      assertThat(record.get("version").asString()).isEqualTo("2.0");
      assertThat(record.get("reason").isNull()).isTrue();
    }
  }

  @Test
  void theEndpointMayEndFirst() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        H2 client = H2.on(proxy.connect())) {
      client.headers(1, request(), false).data(1, "early", false);
      Wire server = agree(endpoint).expect("early").finish();
      expectTunnel(client);
      expectData(client, "", true);
      client.data(1, "still here", true);
      server.expect("still here").expectEnd();
      proxy.awaitNothingInFlight();
    }
  }

  @Test
  void otherRequestsGoOnBesideIt() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        H2 client = H2.on(proxy.connect())) {
      client.headers(1, request(), false);
      Wire tunnel = agree(endpoint);
      expectTunnel(client);
      client.headers(3, H2.request("GET", "/"), true);
      Wire server = endpoint.accept();
      server.readHead();
      server.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
      assertThat(client.answer(3).body()).isEqualTo("ok");
      tunnel.send("on");
      expectData(client, "on", false);
    }
  }

  @Test
  void anEndpointMayDecline() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        H2 client = H2.on(proxy.connect())) {
      client.headers(1, request(), false).data(1, "too early", false);
      Wire server = endpoint.accept();
      server.readHead();
      server.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
      Answer answer = client.answer(1);
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.body()).isEqualTo("no");
      Frame reset = client.next(); // what follows of the client's bytes is not wanted
      assertThat(reset.type()).isEqualTo(H2.RST_STREAM);
      assertThat(reset.code()).isEqualTo((int) Http2Error.NO_ERROR.code());
    }
  }

  /** To the client a 200 would be a tunnel. */
  @Test
  void anEndpointThatAnswersAsIfNothingWereAsked() throws Exception {
    for (String body :
        new String[] {"Content-Length: 2\r\n\r\nok", "Content-Length: 9\r\n\r\nok"}) {
      try (RawEndpoint endpoint = RawEndpoint.open();
          TestProxy proxy = Setup.on(transport).start(endpoint);
          H2 client = H2.on(proxy.connect())) {
        client.headers(1, request(), false);
        Wire server = endpoint.accept();
        server.readHead();
        server.send("HTTP/1.1 200 OK\r\n" + body);
        Frame reset = client.next();
        assertThat(reset.type()).isEqualTo(H2.RST_STREAM);
        assertThat(reset.code()).isEqualTo((int) Http2Error.INTERNAL_ERROR.code());
        proxy.awaitNothingInFlight();
      }
    }
  }

  @Test
  void whatIsNotServed() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        H2 client = H2.on(proxy.connect())) {
      client.headers(1, request().set(":protocol", "connect-udp"), true);
      assertThat(client.answer(1).status()).isEqualTo(501);
      Http2Headers pathless = request();
      pathless.remove(":path");
      Http2Headers lengthy = request().set("content-length", "3");
      Http2Headers noConnect = request().method("GET");
      int stream = 3;
      for (Http2Headers bad : new Http2Headers[] {pathless, lengthy, noConnect}) {
        Frame reset = client.headers(stream, bad, false).next();
        assertThat(reset.type()).isEqualTo(H2.RST_STREAM);
        assertThat(reset.code()).isEqualTo((int) Http2Error.PROTOCOL_ERROR.code());
        stream += 2;
      }
    }
  }

  @Test
  void aResetEndsBothSides() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        H2 client = H2.on(proxy.connect())) {
      client.headers(1, request(), false);
      Wire server = agree(endpoint);
      expectTunnel(client);
      client.reset(1, (int) Http2Error.CANCEL.code());
      server.expectGone();
      client.headers(3, request(), false);
      server = agree(endpoint);
      expectTunnel(client);
      server.reset();
      Frame reset = client.next();
      assertThat(reset.type()).isEqualTo(H2.RST_STREAM);
      assertThat(reset.code()).isEqualTo((int) Http2Error.CANCEL.code());
      client.headers(5, request(), false);
      server = agree(endpoint);
      expectTunnel(client);
      client.close();
      server.expectGone();
      proxy.awaitNoClients();
      proxy.awaitNothingInFlight();
      assertThat(proxy.log(3).getFirst().get("reason").asString()).isEqualTo("client-reset");
    }
  }

  @Test
  void aTunnelThatCarriesNothingIsClosed() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy =
            Setup.on(transport).tunnelTimeout(Duration.ofMillis(300)).start(endpoint);
        H2 client = H2.on(proxy.connect())) {
      client.headers(1, request(), false);
      Wire server = agree(endpoint);
      expectTunnel(client);
      Frame reset = client.next();
      assertThat(reset.type()).isEqualTo(H2.RST_STREAM);
      assertThat(reset.code()).isEqualTo((int) Http2Error.CANCEL.code());
      server.expectEnd();
      assertThat(proxy.log(1).getFirst().get("reason").asString()).isEqualTo("idle-timeout");
    }
  }

  /** A client that opens no window stops the endpoint; when it does, all of it comes. */
  @Test
  void aSlowClientStopsTheEndpoint() throws Exception {
    int size = 24_000_000;
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        H2 client = H2.on(proxy.connect())) {
      client.headers(1, request(), false);
      Wire server = agree(endpoint);
      expectTunnel(client);
      AtomicInteger sent = new AtomicInteger();
      Thread sender = Thread.ofVirtual().start(() -> sendAll(server, size, sent));
      await().until(() -> sent.get() > 65_535);
      client.send(H2.PING, 0, 0, new byte[8]);
      assertThat(sent.get()).as("what fits into windows and sockets").isLessThan(size);
      assertThat(proxy.endpoint(endpoint).bytesReceived.value()).isLessThan(size / 4);
      client.window(0, size).window(1, size);
      int received = 0;
      boolean ended = false;
      while (!ended) {
        Frame frame = client.next();
        received += frame.payload().length;
        ended = frame.ends();
      }
      assertThat(received).isEqualTo(size);
      sender.join();
    }
  }

  private static void sendAll(Wire wire, int size, AtomicInteger sent) {
    byte[] piece = new byte[60_000];
    try {
      while (sent.get() < size) {
        wire.send(piece);
        sent.addAndGet(piece.length);
      }
      wire.finish();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An endpoint that takes nothing keeps the client's window closed. */
  @Test
  void aSlowEndpointStopsTheClient() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.narrow(4096);
        TestProxy proxy = Setup.on(transport).start(endpoint);
        H2 client = H2.on(proxy.connect())) {
      client.headers(1, request(), false);
      Wire server = agree(endpoint);
      expectTunnel(client);
      byte[] piece = new byte[16_000];
      int total = 0;
      int window = 0;
      // As long as the window is opened again: sockets' buffers are the only other store.
      for (int credit = 65_535; credit >= piece.length; credit += window) {
        client.send(H2.DATA, 0, 1, piece);
        credit -= piece.length;
        total += piece.length;
        window = credit < piece.length ? moreWindow(client) : 0;
      }
      assertThat(total).isBetween(piece.length, 32_000_000);
      client.send(H2.DATA, H2.END_STREAM, 1, new byte[0]);
      assertThat(server.readAll()).hasSize(total);
    }
  }

  private static int moreWindow(H2 client) throws IOException {
    client.send(H2.PING, 0, 0, new byte[8]);
    int more = 0;
    for (Frame frame = client.any(); frame.type() != H2.PING; frame = client.any()) {
      more += frame.type() == H2.WINDOW_UPDATE && frame.stream() == 1 ? frame.code() : 0;
    }
    return more;
  }
}
