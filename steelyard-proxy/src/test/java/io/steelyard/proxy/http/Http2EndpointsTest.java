package io.steelyard.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.steelyard.model.ByteSize;
import io.steelyard.model.EndpointHttp;
import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.H2;
import io.steelyard.proxy.kit.H2.Answer;
import io.steelyard.proxy.kit.H2.Frame;
import io.steelyard.proxy.kit.H2.Request;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Endpoints that speak HTTP/2, and clients of either version. */
@ParameterizedClass
@EnumSource(
    value = TransportKind.class,
    names = {"EPOLL", "NIO"})
class Http2EndpointsTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a.example.com\r\n\r\n";
  private static final String POST =
      "POST / HTTP/1.1\r\nHost: a.example.com\r\nContent-Length: 3\r\n\r\nabc";
  private static final int MAX_STREAMS = 3;
  private static final int INITIAL_WINDOW = 4;

  private final TransportKind transport;

  Http2EndpointsTest(TransportKind transport) {
    this.transport = transport;
  }

  private Setup on() {
    return Setup.on(transport).http(EndpointHttp.of(2));
  }

  /** Answers each request with its path and body. */
  private static RawEndpoint echo(int... settings) throws IOException {
    return RawEndpoint.serving(wire -> {
      H2 here = H2.serving(wire, settings);
      while (true) {
        Request request = here.request();
        here.reply(request.stream(), 200, request.path() + " " + request.body());
      }
    });
  }

  private static String ok(String body) {
    return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        + Integer.toHexString(body.length())
        + "\r\n"
        + body
        + "\r\n0\r\n\r\n";
  }

  @Test
  void requestsOfHttp1BecomeStreams() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        Wire client = proxy.connect()) {
      client.send(
          "POST /x?y=1 HTTP/1.1\r\nHost: a.example.com\r\nConnection: X-Own\r\nX-Own: 1\r\n"
              + "TE: trailers\r\nAccept: */*\r\nContent-Length: 3\r\n\r\nabc");
      H2 here = H2.serving(endpoint.accept());
      Request request = here.request();
      assertThat(request.headers().method()).hasToString("POST");
      assertThat(request.headers().scheme()).hasToString("http");
      assertThat(request.headers().authority()).hasToString("a.example.com");
      assertThat(request.path()).isEqualTo("/x?y=1");
      assertThat(request.headers().get("accept")).hasToString("*/*");
      assertThat(request.headers().get("content-length")).hasToString("3");
      assertThat(request.headers().names().stream().map(String::valueOf))
          .doesNotContain("host", "connection", "x-own", "te");
      assertThat(request.body()).isEqualTo("abc");
      here.headers(
          request.stream(), H2.answering(200).add("content-length", "2").add("a", "b"), false);
      here.data(request.stream(), "ok", true);
      client.expect("HTTP/1.1 200 OK\r\na: b\r\ncontent-length: 2\r\n\r\nok");

      client.send(GET);
      request = here.request();
      assertThat(request.stream()).isEqualTo(5);
      here.reply(5, 404, "none");
      client.expect(ok("none").replace("200 OK", "404 Not Found"));
      assertThat(proxy.endpoint(endpoint).connects.value()).isEqualTo(1);
      assertThat(proxy.endpoint(endpoint).requests.value()).isEqualTo(2);
      assertThat(proxy.log(2).getLast().get("status").asInt()).isEqualTo(404);
    }
  }

  @Test
  void trailersAndInterimAnswersPass() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        H2 client = H2.on(proxy.connect())) {
      client.headers(1, H2.request("PUT", "/"), false).data(1, "hello", false);
      client.headers(1, new DefaultHttp2Headers(false).add("x-sum", "5"), true);
      H2 here = H2.serving(endpoint.accept());
      Request request = here.request();
      assertThat(request.body()).isEqualTo("hello");
      assertThat(request.trailers().get("x-sum")).hasToString("5");
      here.headers(request.stream(), H2.answering(103).add("link", "</a>"), false);
      assertThat(client.decode(client.next()).status()).hasToString("103");
      here.headers(request.stream(), H2.answering(200), false).data(request.stream(), "ok", false);
      here.headers(request.stream(), new DefaultHttp2Headers(false).add("x-end", "1"), true);
      Answer answer = client.answer(1);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("ok");
      assertThat(answer.trailers().get("x-end")).hasToString("1");
    }
  }

  @Test
  void answersWithoutBodies() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        Wire client = proxy.connect()) {
      client.send(GET.replace("GET", "HEAD"));
      H2 here = H2.serving(endpoint.accept());
      here.headers(here.request().stream(), H2.answering(200).add("content-length", "9"), true);
      client.expect("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n");
      client.send(GET);
      here.headers(here.request().stream(), H2.answering(204), true);
      client.expect("HTTP/1.1 204 No Content\r\n\r\n");
      client.send(GET);
      here.headers(here.request().stream(), H2.answering(304).add("etag", "x"), true);
      client.expect("HTTP/1.1 304 Not Modified\r\netag: x\r\n\r\n");
      client.send(GET);
      here.headers(here.request().stream(), H2.answering(200), true);
      client.expect("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    }
  }

  @Test
  void manyRequestsShareAConnection() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        H2 client = H2.on(proxy.connect())) {
      for (int stream = 1; stream < 40; stream += 2) {
        client.headers(stream, H2.request("GET", "/" + stream), true);
      }
      H2 here = H2.serving(endpoint.accept());
      List<Request> requests = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        requests.add(here.request());
      }
      for (Request request : requests.reversed()) {
        here.reply(request.stream(), 200, request.path());
        assertThat(client.answer(Integer.parseInt(request.path().substring(1))).body())
            .isEqualTo(request.path());
      }
      assertThat(endpoint.connections()).isEqualTo(1);
    }
  }

  @Test
  void theEndpointsLimitOpensAnotherConnection() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        H2 client = H2.on(proxy.connect())) {
      for (int stream = 1; stream < 10; stream += 2) {
        client.headers(stream, H2.request("GET", "/" + stream), true);
      }
      H2 first = H2.serving(endpoint.accept(), MAX_STREAMS, 2);
      int last = 0;
      for (int i = 0; i < 2; i++) {
        last = first.request().stream();
      }
      H2 second = H2.serving(endpoint.accept(), MAX_STREAMS, 2);
      for (int i = 0; i < 2; i++) {
        second.headers(second.request().stream(), H2.answering(200), true);
      }
      H2 third = H2.serving(endpoint.accept(), MAX_STREAMS, 2);
      third.headers(third.request().stream(), H2.answering(200), true);
      first.headers(last - 2, H2.answering(200), true).headers(last, H2.answering(200), true);
      for (int i = 0; i < 5; i++) {
        Frame frame = client.next();
        assertThat(client.decode(frame).status()).hasToString("200");
      }
      assertThat(endpoint.connections()).isEqualTo(3);
    }
  }

  @Test
  void ourOwnLimitHoldsToo() throws Exception {
    EndpointHttp one = new EndpointHttp(2, 1, new ByteSize(65536));
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().http(one).start(endpoint);
        H2 client = H2.on(proxy.connect())) {
      client.headers(1, H2.request("GET", "/1"), true);
      client.headers(3, H2.request("GET", "/3"), true);
      H2 first = H2.serving(endpoint.accept());
      H2 second = H2.serving(endpoint.accept());
      first.reply(first.request().stream(), 200, "a");
      assertThat(client.answer(1).body()).isEqualTo("a");
      second.reply(second.request().stream(), 200, "b");
      assertThat(client.answer(3).body()).isEqualTo("b");
    }
  }

  @Test
  void whatAGoAwayDoesNotCountIsSentAgain() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        Wire one = proxy.connect();
        Wire two = proxy.connect()) {
      one.send(POST);
      H2 first = H2.serving(endpoint.accept());
      int kept = first.request().stream();
      two.send(POST);
      first.request();
      first.goAway(kept, 0);
      H2 second = H2.serving(endpoint.accept());
      Request again = second.request();
      assertThat(again.body()).isEqualTo("abc");
      second.reply(again.stream(), 200, "second");
      two.expect(ok("second"));
      first.reply(kept, 200, "first");
      one.expect(ok("first"));
      first.wire().expectGone();
      one.send(GET);
      second.reply(second.request().stream(), 200, "third");
      one.expect(ok("third"));
      assertThat(proxy.pool().retries.value()).isEqualTo(1);
    }
  }

  @Test
  void aRefusedRequestGoesToAnotherEndpoint() throws Exception {
    try (RawEndpoint refusing =
            RawEndpoint.serving(wire -> {
              H2 here = H2.serving(wire);
              while (true) {
                here.reset(here.request().stream(), (int) Http2Error.REFUSED_STREAM.code());
              }
            });
        RawEndpoint serving = echo();
        TestProxy proxy = on().start(refusing, serving);
        Wire client = proxy.connect()) {
      for (int i = 0; i < 4; i++) {
        client.send(POST).expect(ok("/ abc"));
      }
      assertThat(proxy.endpoint(refusing).requests.value()).isPositive();
      assertThat(proxy.endpoint(serving).requests.value()).isEqualTo(4);
    }
  }

  @Test
  void whatMayHaveBeenDoneIsNotRepeated() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        Wire one = proxy.connect();
        Wire two = proxy.connect()) {
      one.send(POST);
      H2 here = H2.serving(endpoint.accept());
      int broken = here.request().stream();
      two.send(GET);
      int other = here.request().stream();
      here.reset(broken, (int) Http2Error.INTERNAL_ERROR.code());
      assertThat(one.readMessage()).startsWith("HTTP/1.1 502 ");
      here.reply(other, 200, "well");
      two.expect(ok("well"));
      assertThat(proxy.pool().retries.value()).isZero();
    }
  }

  @Test
  void anIdempotentRequestIsRepeatedAfterAReset() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        Wire client = proxy.connect()) {
      client.send(GET);
      H2 here = H2.serving(endpoint.accept());
      here.request();
      here.wire().reset();
      H2 second = H2.serving(endpoint.accept());
      second.reply(second.request().stream(), 200, "again");
      client.expect(ok("again"));
    }
  }

  @Test
  void aBrokenAnswerIsSeenAsBroken() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        Wire client = proxy.connect();
        H2 other = H2.on(proxy.connect())) {
      client.send(GET);
      H2 here = H2.serving(endpoint.accept());
      int stream = here.request().stream();
      here.headers(stream, H2.answering(200), false).data(stream, "hel", false);
      client.expect("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n");
      other.headers(1, H2.request("GET", "/"), true);
      int second = here.request().stream();
      here.headers(second, H2.answering(200), false);
      assertThat(other.decode(other.next()).status()).hasToString("200");
      here.reset(stream, (int) Http2Error.INTERNAL_ERROR.code());
      client.expectGone();
      here.wire().reset();
      assertThat(other.next().type()).isEqualTo(H2.RST_STREAM);
    }
  }

  @Test
  void anEndpointOfHttp1IsFoundOut() throws Exception {
    try (RawEndpoint old =
            RawEndpoint.serving(RawEndpoint.answering("HTTP/1.1 400 Bad Request\r\n\r\n"));
        RawEndpoint serving = echo();
        TestProxy proxy = on().start(old, serving);
        TestProxy alone = on().start(old);
        Wire client = proxy.connect();
        Wire lost = alone.connect()) {
      for (int i = 0; i < 3; i++) {
        client.send(POST).expect(ok("/ abc"));
      }
      lost.send(POST);
      assertThat(lost.readMessage()).startsWith("HTTP/1.1 502 ");
      assertThat(alone.log(1).getFirst().get("reason").asString()).isEqualTo("no-http2");
    }
  }

  @Test
  void anEndpointThatSaysNothingIsNotConnected() throws Exception {
    try (RawEndpoint silent = RawEndpoint.open();
        TestProxy proxy =
            on().retries(0)
                .poolTimeouts(
                    Duration.ofMillis(200), Duration.ofSeconds(10), Duration.ofSeconds(10))
                .start(silent);
        Wire client = proxy.connect()) {
      client.send(POST);
      silent.accept();
      assertThat(client.readMessage()).startsWith("HTTP/1.1 504 ");
      assertThat(proxy.log(1).getFirst().get("reason").asString()).isEqualTo("connect-timeout");
    }
  }

  @Test
  void aSlowClientStopsItsOwnAnswerOnly() throws Exception {
    EndpointHttp narrow = new EndpointHttp(2, 100, new ByteSize(65_535));
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().http(narrow).start(endpoint);
        H2 slow = H2.on(proxy.connect());
        Wire quick = proxy.connect()) {
      slow.headers(1, H2.request("GET", "/slow"), true);
      H2 here = H2.serving(endpoint.accept());
      int stream = here.request().stream();
      here.headers(stream, H2.answering(200), false);
      String part = "x".repeat(16_000);
      for (int i = 0; i < 4; i++) {
        here.data(stream, part, false);
      }
      // The client has room for 65,535 bytes and gives no more: what we get back ends.
      for (int i = 0; i < 3; i++) {
        quick.send(GET);
        int other = here.request().stream();
        here.reply(other, 200, "ok");
        quick.expect(ok("ok"));
      }
      long given = 65_535 + windowUpdates(here, stream);
      assertThat(given).isLessThanOrEqualTo(65_535 + 65_535 + 64_000);
      slow.window(0, 1 << 20).window(1, 1 << 20);
      here.data(stream, "", true);
      assertThat(slow.answer(1).body()).hasSize(64_000);
    }
  }

  /** What has come of them before the answer to a PING. */
  private static long windowUpdates(H2 here, int stream) throws IOException {
    long sum = 0;
    here.send(H2.PING, 0, 0, new byte[8]);
    for (Frame frame = here.any(); frame.type() != H2.PING; frame = here.any()) {
      if (frame.type() == H2.WINDOW_UPDATE && frame.stream() == stream) {
        sum += frame.code();
      }
    }
    return sum;
  }

  @Test
  void aSlowEndpointStopsTheClient() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        Wire client = proxy.connect()) {
      int size = 30_000_000;
      byte[] body = RawEndpoint.pattern(size);
      client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: " + size + "\r\n\r\n");
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  client.send(body);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      H2 here = H2.serving(endpoint.accept(), INITIAL_WINDOW, 1000);
      Frame head = here.next();
      int stream = head.stream();
      assertThat(here.next().payload()).hasSize(1000);
      assertThat(proxy.directMemory()).isLessThan(64 << 20);
      here.window(0, size).window(stream, size);
      int received = 1000;
      Frame frame;
      do {
        frame = here.next();
        received += frame.payload().length;
      } while (!frame.ends());
      assertThat(received).isEqualTo(size);
      here.reply(stream, 200, "ok");
      client.expect(ok("ok"));
      sender.join();
    }
  }

  @Test
  void aClientThatLeavesResetsItsStream() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        Wire other = proxy.connect()) {
      H2 client = H2.on(proxy.connect());
      client.headers(1, H2.request("GET", "/"), true);
      H2 here = H2.serving(endpoint.accept());
      int stream = here.request().stream();
      client.close();
      Frame frame = here.next();
      assertThat(frame.type()).isEqualTo(H2.RST_STREAM);
      assertThat(frame.stream()).isEqualTo(stream);
      other.send(GET);
      here.reply(here.request().stream(), 200, "ok");
      other.expect(ok("ok"));
    }
  }

  /** The stream of the next request, which goes on. */
  private static int begun(H2 here) throws IOException {
    Frame frame = here.next();
    here.decode(frame);
    return frame.stream();
  }

  @Test
  void anAnswerMayComeBeforeTheRequestHasEnded() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        H2 client = H2.on(proxy.connect())) {
      client.headers(1, H2.request("POST", "/"), false);
      H2 here = H2.serving(endpoint.accept());
      int stream = begun(here);
      here.headers(stream, H2.answering(200), false);
      assertThat(client.decode(client.next()).status()).hasToString("200");
      for (int i = 0; i < 5; i++) {
        client.data(1, "ping" + i, false);
        assertThat(here.next().text()).isEqualTo("ping" + i);
        here.data(stream, "pong" + i, false);
        assertThat(client.next().text()).isEqualTo("pong" + i);
      }
      client.data(1, "", true);
      assertThat(here.next().ends()).isTrue();
      here.headers(stream, new DefaultHttp2Headers(false).add("x-end", "1"), true);
      Frame end = client.next();
      assertThat(client.decode(end).get("x-end")).hasToString("1");
      assertThat(end.ends()).isTrue();
    }
  }

  @Test
  void anEarlyAnswerEndsTheRequest() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        H2 client = H2.on(proxy.connect())) {
      client.headers(1, H2.request("POST", "/"), false);
      H2 here = H2.serving(endpoint.accept());
      int stream = begun(here);
      here.reply(stream, 413, "no");
      assertThat(client.answer(1).status()).isEqualTo(413);
      assertThat(here.next().type()).isEqualTo(H2.RST_STREAM);
      client.headers(3, H2.request("GET", "/"), true);
      assertThat(client.next().type()).isEqualTo(H2.RST_STREAM); // of 1, NO_ERROR
      here.reply(here.request().stream(), 200, "ok");
      assertThat(client.answer(3).body()).isEqualTo("ok");
    }
  }

  @Test
  void noAnswerInTimeAsksWhetherTheEndpointIsThere() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy =
            on().retries(0)
                .poolTimeouts(Duration.ofSeconds(1), Duration.ofMillis(200), Duration.ofSeconds(10))
                .start(endpoint);
        Wire client = proxy.connect()) {
      client.send(GET);
      H2 here = H2.serving(endpoint.accept());
      here.request();
      assertThat(client.readMessage()).startsWith("HTTP/1.1 504 ");
      Frame frame = here.any();
      while (frame.type() != H2.PING) {
        frame = here.any();
      }
      here.wire().expectGone(); // for there is no answer
    }
  }

  @Test
  void anAnswerToThePingKeepsTheConnection() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy =
            on().retries(0)
                .poolTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(10))
                .start(endpoint);
        Wire other = proxy.connect();
        Wire client = proxy.connect()) {
      other.send(POST.replace("Length: 3", "Length: 4")); // stays under way
      H2 here = H2.serving(endpoint.accept());
      begun(here);
      client.send(GET);
      Frame frame = here.any();
      while (frame.type() != H2.PING) {
        frame = here.any();
      }
      here.send(H2.PING, 1, 0, frame.payload());
      windowUpdates(here, 0); // then that has been read
      assertThat(client.readMessage()).startsWith("HTTP/1.1 504 ");
      client.send(GET);
      Frame next = here.next();
      while (next.type() != H2.HEADERS) {
        next = here.next();
      }
      here.decode(next);
      here.reply(next.stream(), 200, "ok");
      client.expect(ok("ok"));
    }
  }

  @Test
  void idleConnectionsAreClosedInTime() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy =
            on().connections(8, Duration.ofMillis(200), Duration.ofHours(1)).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(GET);
      H2 here = H2.serving(endpoint.accept());
      here.reply(here.request().stream(), 200, "ok");
      client.expect(ok("ok"));
      assertThat(here.next().type()).isEqualTo(H2.GOAWAY);
      here.wire().expectEnd();
      await().untilAsserted(() -> assertThat(proxy.endpoint(endpoint).idle.value()).isZero());
    }
  }

  @Test
  void oldConnectionsTakeNoMoreRequests() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy =
            on().connections(8, Duration.ofMinutes(1), Duration.ofMillis(1)).start(endpoint);
        Wire one = proxy.connect();
        Wire two = proxy.connect()) {
      one.send(GET);
      H2 first = H2.serving(endpoint.accept());
      int stream = first.request().stream();
      two.send(GET);
      H2 second = H2.serving(endpoint.accept());
      second.reply(second.request().stream(), 200, "new");
      two.expect(ok("new"));
      first.reply(stream, 200, "old");
      one.expect(ok("old"));
      assertThat(first.next().type()).isEqualTo(H2.GOAWAY);
      first.wire().expectEnd();
    }
  }

  @Test
  void aLongHeadIsSpread() throws Exception {
    String large = "v".repeat(20_000);
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        H2 client = H2.on(proxy.connect())) {
      client.headers(1, H2.request("GET", "/"), true);
      H2 here = H2.serving(endpoint.accept());
      int stream = here.request().stream();
      Http2Headers head = H2.answering(200).add("x-large", large.substring(0, 12_000));
      here.headers(stream, head, true);
      assertThat(client.decode(client.next()).get("x-large")).hasSize(12_000);
    }
  }
}
