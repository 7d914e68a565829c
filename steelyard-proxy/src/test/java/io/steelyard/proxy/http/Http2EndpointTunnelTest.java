package io.steelyard.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.steelyard.model.ByteSize;
import io.steelyard.model.EndpointHttp;
import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.H2;
import io.steelyard.proxy.kit.H2.Frame;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** WebSockets to endpoints that speak HTTP/2 (RFC 8441), of clients of both versions. */
@ParameterizedClass
@EnumSource(
    value = TransportKind.class,
    names = {"EPOLL", "NIO"})
class Http2EndpointTunnelTest {
  private static final int CONNECT_PROTOCOL = 8;

  /** The example of RFC 6455 section 1.3. */
  private static final String UPGRADE =
      "GET /chat?x=1 HTTP/1.1\r\nHost: a.example.com\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

  private static final EndpointHttp NARROW = new EndpointHttp(2, 100, new ByteSize(65_535));

  private final TransportKind transport;

  Http2EndpointTunnelTest(TransportKind transport) {
    this.transport = transport;
  }

  private Setup on() {
    return Setup.on(transport).http(EndpointHttp.of(2));
  }

  private static H2 serving(RawEndpoint endpoint) throws IOException {
    return H2.serving(endpoint.accept(), CONNECT_PROTOCOL, 1);
  }

  /** Takes the request for a tunnel, and agrees. */
  private static int agree(H2 here) throws IOException {
    int stream = asked(here);
    Http2Headers agreed = H2.answering(200).set("sec-websocket-protocol", "chat");
    here.headers(stream, agreed, false);
    return stream;
  }

  private static int asked(H2 here) throws IOException {
    Frame frame = here.next();
    assertThat(frame.ends()).isFalse();
    Http2Headers asked = here.decode(frame);
    assertThat(asked.method()).hasToString("CONNECT");
    assertThat(asked.get(":protocol")).hasToString("websocket");
    assertThat(asked.path()).hasToString("/chat?x=1");
    assertThat(asked.authority()).hasToString("a.example.com");
    assertThat(asked.scheme()).hasToString("http");
    assertThat(asked.get("sec-websocket-version")).hasToString("13");
    assertThat(asked.contains("sec-websocket-key")).isFalse();
    assertThat(asked.contains("upgrade")).isFalse();
    assertThat(asked.contains("connection")).isFalse();
    return frame.stream();
  }

  private static void expectSwitch(Wire client) throws IOException {
    assertThat(client.readHead())
        .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
        .containsIgnoringCase("\r\nConnection: upgrade\r\n")
        .containsIgnoringCase("\r\nUpgrade: websocket\r\n")
        .contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
        .contains("\r\nsec-websocket-protocol: chat\r\n");
  }

  /** In how many frames it comes is not said. */
  private static void expectData(H2 peer, String text, boolean ends) throws IOException {
    StringBuilder got = new StringBuilder();
    boolean ended = false;
    while (got.length() < text.length() || (ends && !ended)) {
      Frame data = peer.next();
      assertThat(data.type()).isEqualTo(H2.DATA);
      got.append(data.text());
      ended = data.ends();
    }
    assertThat(got).hasToString(text);
    assertThat(ended).isEqualTo(ends);
  }

  private static H2 client(TestProxy proxy) throws IOException {
    H2 client = H2.on(proxy.connect());
    return client.headers(1, request(), false);
  }

  private static Http2Headers request() {
    return H2.request("CONNECT", "/chat?x=1")
        .set(":protocol", "websocket")
        .set("sec-websocket-version", "13");
  }

  @Test
  void ofAClientOfHttp1() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        Wire client = proxy.connect()) {
      client.send(UPGRADE + "early");
      H2 here = serving(endpoint);
      int stream = agree(here);
      expectSwitch(client);
      expectData(here, "early", false);
      here.data(stream, "first", false);
      client.expect("first").send("ping").finish();
      expectData(here, "ping", true);
      here.data(stream, "last words", true);
      client.expect("last words").expectEnd();
      proxy.awaitNothingInFlight();
      var record = proxy.log(1).getFirst();
      assertThat(record.get("status").asInt()).isEqualTo(101);
      assertThat(record.get("reason").isNull()).isTrue();
      await().until(() -> proxy.listener().active.value() == 0);
    }
  }

  @Test
  void ofAClientOfHttp2() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        H2 client = client(proxy)) {
      H2 here = serving(endpoint);
      int stream = agree(here);
      Http2Headers agreed = client.decode(client.next());
      assertThat(agreed.status()).hasToString("200");
      assertThat(agreed.get("sec-websocket-protocol")).hasToString("chat");
      assertThat(agreed.contains("sec-websocket-accept")).isFalse();
      client.data(1, "ping", false);
      expectData(here, "ping", false);
      here.data(stream, "pong", true);
      expectData(client, "pong", true);
      client.data(1, "end", true);
      expectData(here, "end", true);
      proxy.awaitNothingInFlight();
      client.headers(3, H2.request("GET", "/"), true);
      here.reply(here.request().stream(), 200, "the connection goes on");
      assertThat(client.answer(3).body()).isEqualTo("the connection goes on");
    }
  }

  @Test
  void anEndpointMayDecline() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        Wire client = proxy.connect()) {
      client.send(UPGRADE);
      H2 here = serving(endpoint);
      here.reply(asked(here), 403, "no");
      assertThat(client.readHead()).startsWith("HTTP/1.1 403 ");
      client.expect("2\r\nno\r\n0\r\n\r\n");
      proxy.awaitNothingInFlight();
    }
  }

  /** It must not be asked (RFC 8441 section 3); other requests are served. */
  @Test
  void anEndpointThatDoesNotSaySoIsNotAsked() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        H2 client = client(proxy)) {
      H2 here = H2.serving(endpoint.accept());
      assertThat(client.answer(1).status()).isEqualTo(501);
      assertThat(client.next().type()).isEqualTo(H2.RST_STREAM); // it was to go on
      client.headers(3, H2.request("GET", "/"), true);
      here.reply(here.request().stream(), 200, "ok");
      assertThat(client.answer(3).body()).isEqualTo("ok");
      proxy.awaitNothingInFlight();
    }
  }

  @Test
  void otherProtocolsAreNotAskedFor() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        Wire client = proxy.connect()) {
      client.send(UPGRADE.replace("WebSocket\r", "chat/2\r"));
      serving(endpoint);
      assertThat(client.readMessage()).startsWith("HTTP/1.1 501 ");
    }
  }

  @Test
  void whoBreaksOffEndsBothSides() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        Wire first = proxy.connect();
        Wire second = proxy.connect()) {
      first.send(UPGRADE);
      H2 here = serving(endpoint);
      int stream = agree(here);
      expectSwitch(first);
      first.reset();
      Frame reset = here.next();
      assertThat(reset.type()).isEqualTo(H2.RST_STREAM);
      assertThat(reset.stream()).isEqualTo(stream);
      assertThat(reset.code()).isEqualTo((int) Http2Error.CANCEL.code());
      second.send(UPGRADE);
      stream = agree(here);
      expectSwitch(second);
      here.reset(stream, (int) Http2Error.INTERNAL_ERROR.code());
      second.expectReset();
      proxy.awaitNothingInFlight();
    }
  }

  @Test
  void anEndpointThatIsGoneEndsItsTunnels() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        H2 client = client(proxy)) {
      H2 here = serving(endpoint);
      agree(here);
      client.decode(client.next());
      here.close();
      Frame reset = client.next();
      assertThat(reset.type()).isEqualTo(H2.RST_STREAM);
      assertThat(reset.code()).isEqualTo((int) Http2Error.CANCEL.code());
      proxy.awaitNothingInFlight();
    }
  }

  @Test
  void aTunnelThatCarriesNothingIsClosed() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().tunnelTimeout(Duration.ofMillis(300)).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(UPGRADE);
      H2 here = serving(endpoint);
      agree(here);
      expectSwitch(client);
      client.expectEnd();
      assertThat(here.next().type()).isEqualTo(H2.RST_STREAM);
      assertThat(proxy.log(1).getFirst().get("reason").asString()).isEqualTo("idle-timeout");
    }
  }

  /** A client that does not read keeps the endpoint's window closed; when it does, all comes. */
  @Test
  void aSlowClientStopsTheEndpoint() throws Exception {
    int size = 24_000_000;
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().http(NARROW).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(UPGRADE);
      H2 here = serving(endpoint);
      int stream = agree(here);
      expectSwitch(client);
      AtomicInteger sent = new AtomicInteger();
      long before = proxy.directMemory();
      Thread sender = Thread.ofVirtual().start(() -> sendAll(here, stream, size, sent));
      await().until(() -> sent.get() > 1_000_000);
      assertThat(sent.get()).as("what fits into windows and sockets").isLessThan(size);
      assertThat(proxy.directMemory() - before).isLessThan(8_000_000);
      assertThat(client.bytes(size)).hasSize(size);
      client.expectEnd();
      sender.join();
      assertThat(sent).hasValue(size);
    }
  }

  private static void sendAll(H2 here, int stream, int size, AtomicInteger sent) {
    byte[] piece = new byte[16_000];
    int credit = 65_535;
    try {
      while (sent.get() < size) {
        while (credit < piece.length) {
          Frame frame = here.any();
          credit += frame.type() == H2.WINDOW_UPDATE && frame.stream() == stream ? frame.code() : 0;
        }
        here.send(H2.DATA, 0, stream, piece);
        sent.addAndGet(piece.length);
        credit -= piece.length;
      }
      here.send(H2.DATA, H2.END_STREAM, stream, new byte[0]);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An endpoint that opens no window stops the client. */
  @Test
  void aSlowEndpointStopsTheClient() throws Exception {
    int size = 24_000_000;
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        Wire client = proxy.connect()) {
      client.send(UPGRADE);
      H2 here = serving(endpoint);
      int stream = agree(here);
      expectSwitch(client);
      AtomicInteger sent = new AtomicInteger();
      Thread sender = Thread.ofVirtual().start(() -> sendAll(client, size, sent));
      int got = 0;
      while (got < 65_535) {
        got += here.next().payload().length;
      }
      assertThat(sent.get()).as("what fits into windows and sockets").isLessThan(size);
      here.window(0, size).window(stream, size);
      Frame frame = here.next();
      while (!frame.ends()) {
        got += frame.payload().length;
        frame = here.next();
      }
      assertThat(got + frame.payload().length).isEqualTo(size);
      sender.join();
    }
  }

  private static void sendAll(Wire client, int size, AtomicInteger sent) {
    byte[] piece = new byte[60_000];
    try {
      while (sent.get() < size) {
        client.send(piece);
        sent.addAndGet(piece.length);
      }
      client.finish();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
