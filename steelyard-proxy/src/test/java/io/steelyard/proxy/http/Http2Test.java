package io.steelyard.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.steelyard.model.ByteSize;
import io.steelyard.model.Forwarding;
import io.steelyard.model.ListenerHttp2;
import io.steelyard.model.ListenerTls;
import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.Certificates;
import io.steelyard.proxy.kit.H2;
import io.steelyard.proxy.kit.H2.Answer;
import io.steelyard.proxy.kit.H2.Frame;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that speak HTTP/2 with a proxy whose endpoints speak HTTP/1.1. */
@ParameterizedClass
@EnumSource(
    value = TransportKind.class,
    names = {"EPOLL", "NIO"})
class Http2Test {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private final TransportKind transport;

  Http2Test(TransportKind transport) {
    this.transport = transport;
  }

  private Setup on() {
    return Setup.on(transport);
  }

  private static H2 connect(TestProxy proxy) throws IOException {
    return H2.on(proxy.connect());
  }

  /** Answers with the head and body that it was asked with. */
  private static RawEndpoint echo() throws IOException {
    return RawEndpoint.serving(wire -> {
      for (String head = wire.readMessage(); !head.isEmpty(); head = wire.readMessage()) {
        wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + head.length() + "\r\n\r\n" + head);
      }
    });
  }

  /** HTTP/1.1 has no room for trailers after a body with a length: they are dropped. */
  @Test
  void trailersAfterABodyWithALength() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        H2 client = connect(proxy)) {
      Http2Headers trailers = new DefaultHttp2Headers(false).set("x-sum", "3");
      Http2Headers request = H2.request("POST", "/").set("content-length", "3");
      client.headers(1, request, false).data(1, "abc", false).headers(1, trailers, true);
      Wire server = endpoint.accept();
      assertThat(server.readHead())
          .contains("\r\nContent-Length: 3\r\n")
          .doesNotContain("Transfer-Encoding", "x-sum");
      server.expect("abc").send(OK);
      assertThat(client.answer(1).status()).isEqualTo(200);
      client.headers(3, H2.request("GET", "/next"), true);
      assertThat(server.readHead()).startsWith("GET /next HTTP/1.1\r\n");
      server.send(OK);
      assertThat(client.answer(3).status()).isEqualTo(200);
    }
  }

  @Test
  void requestsGoAsHttp1() throws Exception {
    try (RawEndpoint endpoint = echo();
        TestProxy proxy = on().start(endpoint);
        H2 client = connect(proxy)) {
      Http2Headers request =
          H2.request("GET", "/x?y=1")
              .add("accept", "*/*")
              .add("cookie", "a=1")
              .add("cookie", "b=2");
      Answer answer = client.headers(1, request, true).answer(1);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body())
          .isEqualTo(
              "GET /x?y=1 HTTP/1.1\r\n"
                  + "Host: a.example.com\r\n"
                  + "accept: */*\r\n"
                  + "Cookie: a=1; b=2\r\n\r\n");
      assertThat(client.headers(3, H2.request("POST", "/"), true).answer(3).body())
          .contains("Content-Length: 0\r\n");
      assertThat(proxy.log(2).getFirst().get("version").asString()).isEqualTo("2.0");
      assertThat(proxy.listener().http2Connections.value()).isEqualTo(1);
      assertThat(proxy.listener().requests.value()).isEqualTo(2);
    }
  }

  @Test
  void forwardingFieldsAreAdded() throws Exception {
    try (RawEndpoint endpoint = echo();
        TestProxy proxy = on().forwarding(Forwarding.defaults()).start(endpoint);
        H2 client = connect(proxy)) {
      assertThat(client.headers(1, H2.request("GET", "/"), true).answer(1).body())
          .contains("X-Forwarded-For: 127.0.0.1\r\n")
          .contains("X-Forwarded-Host: a.example.com\r\n")
          .contains("Via: 2.0 steelyard\r\n");
    }
  }

  @Test
  void manyRequestsAtATime() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        H2 client = connect(proxy)) {
      client.headers(1, H2.request("GET", "/1"), true);
      Wire first = endpoint.accept();
      first.readHead();
      client.headers(3, H2.request("GET", "/3"), true);
      Wire second = endpoint.accept();
      second.readHead();
      second.send(OK);
      assertThat(client.answer(3).body()).isEqualTo("ok");
      first.send(OK);
      assertThat(client.answer(1).body()).isEqualTo("ok");
    }
  }

  @Test
  void bodiesOfKnownAndUnknownLength() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        H2 client = connect(proxy)) {
      client.headers(1, H2.request("PUT", "/").add("content-length", "5"), false);
      client.data(1, "hel", false).data(1, "lo", true);
      Wire wire = endpoint.accept();
      assertThat(wire.readMessage()).endsWith("Content-Length: 5\r\n\r\nhello");
      wire.send(OK);
      assertThat(client.answer(1).status()).isEqualTo(200);

      client.headers(3, H2.request("PUT", "/"), false);
      client.data(3, "hello", false).data(3, "", false).data(3, " world", false);
      client.headers(3, new DefaultHttp2Headers(false).add("x-sum", "11"), true);
      assertThat(wire.readHead()).endsWith("Transfer-Encoding: chunked\r\n\r\n");
      wire.expect("5\r\nhello\r\n6\r\n world\r\n0\r\nx-sum: 11\r\n\r\n");
      wire.send(OK);
      assertThat(client.answer(3).status()).isEqualTo(200);
    }
  }

  @Test
  void answersInChunksLoseThemAndKeepTheirTrailers() throws Exception {
    String chunked =
        "HTTP/1.1 200 OK\r\n"
            + "Transfer-Encoding: chunked\r\n"
            + "Connection: x-own\r\n"
            + "X-Own: 1\r\n"
            + "X-Other: 2\r\n\r\n"
            + "A;x\r\n"
            + "0123456789\r\n"
            + "3\r\n"
            + "abc\r\n"
            + "000\r\n"
            + "X-Sum: 13\r\n"
            + "X-More:\r\n\r\n";
    for (int split = 0; split <= chunked.length(); split += 7) {
      int at = split;
      try (RawEndpoint endpoint =
              RawEndpoint.serving(wire -> {
                wire.readHead();
                wire.send(chunked.substring(0, at));
                wire.send(chunked.substring(at));
                wire.readHead();
              });
          TestProxy proxy = on().start(endpoint);
          H2 client = connect(proxy)) {
        Answer answer = client.headers(1, H2.request("GET", "/"), true).answer(1);
        assertThat(answer.body()).isEqualTo("0123456789abc");
        assertThat(answer.trailers().get("x-sum")).hasToString("13");
        assertThat(answer.trailers().get("x-more")).hasToString("");
        assertThat(answer.headers().get("x-other")).hasToString("2");
        assertThat(answer.headers().names())
            .noneMatch(name ->
                List.of("x-own", "connection", "transfer-encoding").contains(name.toString()));
      }
    }
  }

  @Test
  void answersOfEveryFraming() throws Exception {
    try (RawEndpoint endpoint =
            RawEndpoint.serving(wire -> {
              String head = wire.readHead();
              if (head.startsWith("GET /early")) {
                wire.send(
                    "HTTP/1.1 103 Early Hints\r\n"
                        + "Link: </a>\r\n\r\n"
                        + "HTTP/1.1 204 No Content\r\n\r\n");
              } else if (head.startsWith("HEAD")) {
                wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
              } else {
                wire.send("HTTP/1.0 200 OK\r\n\r\nuntil the end");
              }
            });
        TestProxy proxy = on().start(endpoint);
        H2 client = connect(proxy)) {
      client.headers(1, H2.request("GET", "/early"), true);
      assertThat(client.decode(client.next()).status()).hasToString("103");
      assertThat(client.answer(1).status()).isEqualTo(204);
      Answer head = client.headers(3, H2.request("HEAD", "/"), true).answer(3);
      assertThat(head.headers().get("content-length")).hasToString("1000");
      assertThat(head.body()).isEmpty();
      assertThat(client.headers(5, H2.request("GET", "/"), true).answer(5).body())
          .isEqualTo("until the end");
    }
  }

  @Test
  void errorsAreAnswers() throws Exception {
    try (TestProxy proxy = on().retries(0).bodyLimit(3).start(RawEndpoint.refusing());
        H2 client = connect(proxy)) {
      Answer refused = client.headers(1, H2.request("GET", "/"), true).answer(1);
      assertThat(refused.status()).isEqualTo(502);
      assertThat(refused.body()).isEqualTo("502 Bad Gateway\n");
      client.headers(3, H2.request("PUT", "/").add("content-length", "4"), false);
      assertThat(client.answer(3).status()).isEqualTo(413);
      assertThat(client.next().type()).isEqualTo(H2.RST_STREAM);
      Http2Headers connect =
          new DefaultHttp2Headers(false).method("CONNECT").authority("a.example.com:80");
      Answer plain = client.headers(5, connect, true).answer(5);
      assertThat(plain.status()).isEqualTo(405);
      assertThat(plain.headers().get("allow").toString()).startsWith("GET, HEAD, ");
    }
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        bad("a space in the path", H2.request("GET", "/a b")),
        bad("a line end in the path", H2.request("GET", "/a\r\nX: y")),
        bad("no path", new DefaultHttp2Headers(false).method("GET").scheme("http").authority("a")),
        bad("an empty path", H2.request("GET", "")),
        bad("a path that is a URI", H2.request("GET", "http://b/")),
        bad("a space in the method", H2.request("GET /x HTTP/1.1", "/")),
        bad("two paths", H2.request("GET", "/").add(":path", "/b")),
        bad("an unknown pseudo-field", H2.request("GET", "/").add(":x", "y")),
        bad("a line end in a value", H2.request("GET", "/").add("x", "a\r\nY: z")),
        bad("a bare LF in a value", H2.request("GET", "/").add("x", "a\nY: z")),
        bad("a NUL in a value", H2.request("GET", "/").add("x", "a\0b")),
        bad("a colon in a name", H2.request("GET", "/").add("x:y", "a")),
        bad("a space in a name", H2.request("GET", "/").add("x y", "a")),
        bad("a capital in a name", H2.request("GET", "/").add("X-Y", "a")),
        bad("Connection", H2.request("GET", "/").add("connection", "close")),
        bad("Transfer-Encoding", H2.request("PUT", "/").add("transfer-encoding", "chunked")),
        bad("Upgrade", H2.request("GET", "/").add("upgrade", "websocket")),
        bad("TE other than trailers", H2.request("GET", "/").add("te", "gzip")),
        bad("a host that is another", H2.request("GET", "/").add("host", "b")),
        bad("a length of a body that is not", H2.request("PUT", "/").add("content-length", "5")),
        bad("a length with a sign", H2.request("PUT", "/").add("content-length", "+0")),
        bad(
            "two lengths",
            H2.request("PUT", "/").add("content-length", "0").add("content-length", "1")));
  }

  private static Arguments bad(String what, Http2Headers headers) {
    return Arguments.argumentSet(what, headers);
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void whatHttp1WouldMisunderstandIsRefused(Http2Headers headers) throws Exception {
    try (RawEndpoint endpoint = echo();
        TestProxy proxy = on().start(endpoint);
        H2 client = connect(proxy)) {
      Frame frame = client.headers(1, headers, true).next();
      assertThat(frame.type()).as("%s", frame).isIn(H2.RST_STREAM, H2.GOAWAY);
      assertThat(frame.code()).isEqualTo((int) Http2Error.PROTOCOL_ERROR.code());
      assertThat(endpoint.connections()).isZero();
      assertThat(proxy.listener().http2StreamErrors.value() + proxy.listener().http2Errors.value())
          .isEqualTo(1);
    }
  }

  @Test
  void aBodyMustHaveTheLengthThatItSays() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        H2 client = connect(proxy)) {
      client.headers(1, H2.request("PUT", "/").add("content-length", "5"), false);
      client.data(1, "hello, world", true);
      Frame frame = client.next();
      assertThat(frame.type()).isEqualTo(H2.RST_STREAM);
      assertThat(frame.code()).isEqualTo((int) Http2Error.PROTOCOL_ERROR.code());
    }
  }

  @Test
  void aSlowClientStopsTheEndpoint() throws Exception {
    byte[] body = RawEndpoint.pattern(20_000_000);
    try (RawEndpoint endpoint =
            RawEndpoint.serving(wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n");
              wire.send(body);
            });
        TestProxy proxy = on().start(endpoint);
        H2 client = connect(proxy)) {
      long before = proxy.directMemory();
      client.headers(1, H2.request("GET", "/"), true);
      client.decode(client.next());
      int got = 0;
      while (got < 65_535) {
        got += client.next().payload().length;
      }
      assertThat(proxy.directMemory() - before).isLessThan(8_000_000);
      client.window(0, body.length).window(1, body.length);
      Frame frame = client.next();
      while (!frame.ends()) {
        got += frame.payload().length;
        frame = client.next();
      }
      assertThat(got + frame.payload().length).isEqualTo(body.length);
    }
  }

  @Test
  void anEndpointThatDoesNotReadStopsTheClient() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.narrow(4096);
        TestProxy proxy = on().start(endpoint);
        H2 client = connect(proxy)) {
      client.headers(1, H2.request("PUT", "/"), false);
      Wire wire = endpoint.accept();
      String part = "x".repeat(16_000);
      int sent = 0;
      int window = 65_535;
      client.send(H2.PING, 0, 0, new byte[8]);
      while (window >= part.length() && sent < 50_000_000) {
        client.data(1, part, false);
        sent += part.length();
        window -= part.length();
        client.send(H2.PING, 0, 0, new byte[8]);
        window += credit(client);
      }
      assertThat(sent).isLessThan(20_000_000);
      wire.end();
    }
  }

  /** What the proxy lets stream 1 send more, up to its answer to a PING. */
  private static int credit(H2 client) throws IOException {
    int credit = 0;
    while (true) {
      Frame frame = client.any();
      if (frame.type() == H2.WINDOW_UPDATE && frame.stream() == 1) {
        credit += ByteBuffer.wrap(frame.payload()).getInt();
      }
      if (frame.type() == H2.PING) {
        return credit;
      }
    }
  }

  @Test
  void aClientThatResetsIsNotServedFurther() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        H2 client = connect(proxy)) {
      client.headers(1, H2.request("GET", "/"), true);
      Wire wire = endpoint.accept();
      wire.readHead();
      client.send(H2.RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8});
      wire.expectGone();
      proxy.awaitNothingInFlight();
      assertThat(proxy.log(1).getFirst().get("reason").asString()).isEqualTo("client-reset");
    }
  }

  @Test
  void aClientThatHangsUpHasLeft() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        H2 client = connect(proxy)) {
      client.headers(1, H2.request("GET", "/"), true);
      Wire wire = endpoint.accept();
      wire.readHead();
      client.wire().finish();
      wire.expectGone();
      proxy.awaitNothingInFlight();
      assertThat(proxy.log(1).getFirst().get("reason").asString()).isEqualTo("client-closed");
      await().until(() -> proxy.listener().active.value() == 0);
    }
  }

  @Test
  void aClientThatHangsUpBeforeItTookItsAnswerHasLeft() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        H2 client = connect(proxy)) {
      client.headers(1, H2.request("GET", "/"), true);
      Wire wire = endpoint.accept();
      wire.readHead();
      wire.send("HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n" + "x".repeat(70_000));
      for (int got = 0; got < 65_535; ) {
        Frame frame = client.next();
        got += frame.type() == H2.DATA ? frame.payload().length : 0;
      }
      client.wire().finish();
      await().until(() -> proxy.listener().active.value() == 0);
      proxy.awaitNothingInFlight();
    }
  }

  @Test
  void aHeadForAStreamThatHasEndedEndsTheConnection() throws Exception {
    try (RawEndpoint endpoint = echo();
        TestProxy proxy = on().start(endpoint);
        H2 client = connect(proxy)) {
      client.headers(1, H2.request("GET", "/"), true).answer(1);
      client.headers(1, H2.request("GET", "/"), true);
      Frame frame = client.next();
      assertThat(frame.type()).isEqualTo(H2.GOAWAY);
      assertThat(frame.code()).isEqualTo((int) Http2Error.STREAM_CLOSED.code());
      client.wire().expectGone();
      assertThat(proxy.listener().http2Errors.value()).isEqualTo(1);
    }
  }

  @Test
  void aSecondHeadIsAnErrorOfItsStream() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        H2 client = connect(proxy)) {
      client.headers(1, H2.request("GET", "/"), true);
      endpoint.accept().readHead();
      client.headers(1, H2.request("GET", "/"), true);
      Frame frame = client.next();
      assertThat(frame.type()).isEqualTo(H2.RST_STREAM);
      assertThat(frame.code()).isEqualTo((int) Http2Error.STREAM_CLOSED.code());
      assertThat(proxy.listener().http2StreamErrors.value()).isEqualTo(1);
    }
  }

  @Test
  void streamsThatWerePassedOverCannotBegin() throws Exception {
    try (RawEndpoint endpoint = echo();
        TestProxy proxy = on().start(endpoint);
        H2 client = connect(proxy)) {
      client.headers(5, H2.request("GET", "/"), true).answer(5);
      client.headers(3, H2.request("GET", "/"), true);
      Frame frame = client.next();
      assertThat(frame.type()).isEqualTo(H2.GOAWAY);
      assertThat(frame.code()).isEqualTo((int) Http2Error.PROTOCOL_ERROR.code());
    }
  }

  @Test
  void whatWasUnderWayToARefusedRequestHarmsNoOther() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy =
            on().http2(new ListenerHttp2(true, 1, new ByteSize(65_536))).start(endpoint);
        H2 client = connect(proxy)) {
      client.headers(1, H2.request("GET", "/"), true);
      Wire wire = endpoint.accept();
      wire.readHead();
      client.headers(3, H2.request("PUT", "/"), false).data(3, "hello", false);
      client.headers(3, new DefaultHttp2Headers(false).add("x-sum", "5"), true);
      Frame refused = client.next();
      assertThat(refused.type()).isEqualTo(H2.RST_STREAM);
      assertThat(refused.code()).isEqualTo((int) Http2Error.REFUSED_STREAM.code());
      wire.send(OK);
      Frame frame = client.next();
      while (frame.type() == H2.RST_STREAM && frame.stream() == 3) {
        frame = client.next();
      }
      assertThat(frame.stream()).isEqualTo(1);
      assertThat(client.decode(frame).status()).hasToString("200");
      assertThat(client.next().text()).isEqualTo("ok");
      assertThat(proxy.listener().http2Errors.value()).isZero();
    }
  }

  @Test
  void floodsEndTheirConnection() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.serving(wire -> wire.readAll());
        TestProxy proxy = on().start(endpoint)) {
      int calm = (int) Http2Error.ENHANCE_YOUR_CALM.code();
      assertThat(
              flood(
                  proxy,
                  client -> { // rapid reset
                    for (int i = 0; i < 1000; i++) {
                      client.headers(2 * i + 1, H2.request("GET", "/"), true);
                      client.send(H2.RST_STREAM, 0, 2 * i + 1, new byte[] {0, 0, 0, 8});
                    }
                  }))
          .isEqualTo(calm);
      assertThat(
              flood(
                  proxy,
                  client -> {
                    for (int i = 0; i < 2000; i++) {
                      client.send(H2.PING, 0, 0, new byte[8]);
                    }
                  }))
          .isEqualTo(calm);
      assertThat(
              flood(
                  proxy,
                  client -> {
                    for (int i = 0; i < 2000; i++) {
                      client.send(H2.SETTINGS, 0, 0, new byte[0]);
                    }
                  }))
          .isEqualTo(calm);
      assertThat(
              flood(
                  proxy,
                  client -> {
                    client.headers(1, H2.request("PUT", "/"), false);
                    for (int i = 0; i < 100; i++) {
                      client.data(1, "", false);
                    }
                  }))
          .isEqualTo(calm);
      assertThat(
              flood(
                  proxy,
                  client -> {
                    client.send(H2.HEADERS, 0, 1, client.encode(H2.request("GET", "/")));
                    for (int i = 0; i < 100; i++) {
                      client.send(H2.CONTINUATION, 0, 1, new byte[0]);
                    }
                  }))
          .isEqualTo(calm);
      assertThat(proxy.listener().http2Errors.value()).isEqualTo(5);
    }
  }

  private interface Flood {
    void pour(H2 client) throws IOException;
  }

  /** The code of the GOAWAY that the flood ends with. */
  private static int flood(TestProxy proxy, Flood flood) throws IOException {
    try (H2 client = connect(proxy)) {
      Thread pouring =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  flood.pour(client);
                } catch (IOException e) {
                  // the proxy has had enough
                }
              });
      Frame frame = client.any();
      while (frame.type() != H2.GOAWAY) {
        frame = client.any();
      }
      pouring.interrupt();
      return frame.code();
    }
  }

  @Test
  void aHeadThatGrowsWhenItIsUnpackedIsRefused() throws Exception {
    try (RawEndpoint endpoint = echo();
        TestProxy proxy = on().headLimits(4096, 100, 1024).start(endpoint);
        H2 client = connect(proxy)) {
      Http2Headers bomb = H2.request("GET", "/");
      for (int i = 0; i < 80; i++) {
        bomb.add("x", "y".repeat(200));
      }
      Answer answer = client.headers(1, bomb, true).answer(1);
      assertThat(answer.status()).isEqualTo(431);
      assertThat(endpoint.connections()).isZero();
    }
  }

  @Test
  void drainingSaysGoAwayAndEndsWhatIsUnderWay() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        H2 client = connect(proxy)) {
      client.headers(1, H2.request("GET", "/"), true);
      Wire wire = endpoint.accept();
      wire.readHead();
      Thread stopping = Thread.ofVirtual().start(() -> proxy.shutdown(Duration.ofSeconds(20)));
      Frame goAway = client.next();
      assertThat(goAway.type()).isEqualTo(H2.GOAWAY);
      assertThat(goAway.code()).isZero();
      wire.send(OK);
      assertThat(client.answer(1).body()).isEqualTo("ok");
      client.wire().expectGone();
      stopping.join();
    }
  }

  @Test
  void idleConnectionsEnd() throws Exception {
    try (RawEndpoint endpoint = echo();
        TestProxy proxy =
            on().clientTimeouts(
                    Duration.ofSeconds(5), Duration.ofMillis(100), Duration.ofSeconds(5))
                .start(endpoint);
        H2 client = connect(proxy)) {
      client.headers(1, H2.request("GET", "/"), true).answer(1);
      assertThat(client.next().type()).isEqualTo(H2.GOAWAY);
      client.wire().expectGone();
      await().untilAsserted(() -> assertThat(proxy.listener().idle.value()).isZero());
    }
  }

  @Test
  void overTlsByAlpn(@TempDir Path directory) throws Exception {
    Certificates certificates = new Certificates(directory);
    ListenerTls tls =
        ListenerTls.of(List.of(certificates.files(certificates.elliptic("a.example.com"))));
    try (RawEndpoint endpoint = echo();
        TestProxy proxy = on().tls(tls).start(endpoint)) {
      SSLParameters parameters = new SSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
      SSLSocket socket =
          Certificates.connect(
              certificates.trusting(null), proxy.address().getPort(), "a.example.com", parameters);
      assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
      try (H2 client = H2.on(new Wire(socket))) {
        assertThat(client.headers(1, H2.request("GET", "/"), true).answer(1).status())
            .isEqualTo(200);
      }
    }
  }
}
