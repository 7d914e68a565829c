package io.steelyard.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests and answers of every shape, as they come in and as they go out. */
@ParameterizedClass
@EnumSource(TransportKind.class)
class RequestsTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private final TransportKind transport;

  RequestsTest(TransportKind transport) {
    this.transport = transport;
  }

  static Stream<Arguments> exchanges() {
    return Stream.of(
        exchange("a GET", GET, OK),
        exchange(
            "a body with a length",
            "POST /x?y=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"),
        exchange(
            "bodies in chunks, with extensions and trailers, both ways",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
                + "5;name=value\r\nhello\r\n6 ;q=\"a b\"\r\n world\r\n0;last\r\nX-Sum: 11\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "A;x\r\n0123456789\r\n000\r\nX-Sum: 10\r\nX-More:\r\n\r\n"),
        exchange(
            "a HEAD, whose answer has a length and no body",
            "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"),
        exchange(
            "a HEAD, whose answer would be chunked",
            "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        exchange("204", GET, "HTTP/1.1 204 No Content\r\nX: y\r\n\r\n"),
        exchange(
            "304 with a length", GET, "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n"),
        exchange("205", GET, "HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n"),
        exchange("no reason", GET, "HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok"),
        exchange("an odd status", GET, "HTTP/1.1 599 Odd\r\nContent-Length: 2\r\n\r\nok"),
        exchange(
            "a DELETE with a body",
            "DELETE / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nxy",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
        exchange("a method of one's own", "BREW /pot HTTP/1.1\r\nHost: a\r\n\r\n", OK),
        exchange("OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", OK),
        exchange(
            "fields in odd order, case, number and spacing",
            "GET / HTTP/1.1\r\nx-B:1\r\nHOST:   a \r\nX-A:\t2\t\r\nX-b: 3 , 4\r\nx-a:\r\nCookie: a=b\r\nCookie: c=\"d\"\r\n"
                + "X-Bytes: \u00e4\u00ff\r\n\r\n",
            "HTTP/1.1 200 OK\r\nset-COOKIE: a=1\r\nSet-Cookie: b=2\r\nX:\r\ncontent-LENGTH:  2 \r\nVary:\t*\r\n\r\nok"));
  }

  private static Arguments exchange(String what, String request, String answer) {
    return Arguments.argumentSet(what, request, answer);
  }

  @ParameterizedTest
  @MethodSource("exchanges")
  void passThroughByteByByteAndKeepBothConnections(String request, String answer) throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(request);
      Wire server = endpoint.accept().expect(request).send(answer);
      client.expect(answer);
      // both connections serve another exchange
      client.send(GET);
      server.expect(GET).send(OK);
      client.expect(OK);
      assertThat(proxy.listener().requests.value()).isEqualTo(2);
      assertThat(proxy.listener().bytesIn.value()).isEqualTo(request.length() + GET.length());
      assertThat(proxy.listener().bytesOut.value()).isEqualTo(answer.length() + OK.length());
    }
  }

  @Test
  void emptyLinesBeforeARequestAreSkipped() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      client.send("\r\n\r\n" + GET);
      endpoint.accept().expect(GET).send(OK);
      client.expect(OK);
    }
  }

  static Stream<Arguments> targets() {
    return Stream.of(
        target("http://a.example/x/y?z=1", "/x/y?z=1", "a.example"),
        target("HTTP://a.example:81", "/", "a.example:81"),
        target("http://a.example?z", "/?z", "a.example"),
        target("https://a.example/", "/", "a.example"));
  }

  private static Arguments target(String sent, String path, String host) {
    return Arguments.of(sent, path, host);
  }

  @ParameterizedTest
  @MethodSource("targets")
  void anAbsoluteTargetBecomesAPathAndItsHostCounts(String target, String path, String host)
      throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      client.send("GET " + target + " HTTP/1.1\r\nA: 1\r\nHost: other\r\nB: 2\r\n\r\n");
      endpoint
          .accept()
          .expect("GET " + path + " HTTP/1.1\r\nA: 1\r\nHost: " + host + "\r\nB: 2\r\n\r\n")
          .send(OK);
      client.expect(OK);
    }
  }

  @Test
  void anAbsoluteTargetOfOptionsWithoutAPathIsTheWholeServer() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      client.send("OPTIONS http://b HTTP/1.1\r\nHost: a\r\n\r\n");
      endpoint.accept().expect("OPTIONS * HTTP/1.1\r\nHost: b\r\n\r\n").send(OK);
      client.expect(OK);
    }
  }

  // ---- pipelining ----

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 64, 10_000})
  void pipelinedRequestsAreAnsweredInOrder(int piece) throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.serving(RequestsTest::echo);
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      StringBuilder requests = new StringBuilder();
      StringBuilder answers = new StringBuilder();
      for (int i = 0; i < 20; i++) {
        String body = "body of " + i;
        requests.append("POST /" + i + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length());
        requests.append("\r\n\r\n").append(body);
        answers.append("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
      }
      byte[] bytes = requests.toString().getBytes(StandardCharsets.ISO_8859_1);
      for (int at = 0; at < bytes.length; at += piece) {
        client.send(bytes, at, Math.min(piece, bytes.length - at));
      }
      client.expect(answers.toString());
      assertThat(endpoint.connections()).isEqualTo(1);
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrderWithErrorAnswersAmongThem() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.serving(RequestsTest::echo);
        TestProxy proxy = Setup.on(transport).route(null, "/good").start(endpoint);
        Wire client = proxy.connect()) {
      StringBuilder requests = new StringBuilder();
      for (int i = 0; i < 20; i++) {
        String path = i % 3 == 1 ? "/bad" : "/good";
        requests.append("POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n");
        requests.append(i + 10);
      }
      client.send(requests.toString());
      for (int i = 0; i < 20; i++) {
        String answer = client.readMessage();
        assertThat(answer).startsWith(i % 3 == 1 ? "HTTP/1.1 404 " : "HTTP/1.1 200 ");
        assertThat(answer).endsWith(i % 3 == 1 ? "404 Not Found\n" : "\r\n" + (i + 10));
      }
      client.finish().expectEnd();
    }
  }

  /** The second request has come in part when the first one is answered. */
  @Test
  void aPipelinedRequestIsReadOnAfterTheOneBeforeItWasAnswered() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(GET + "GET /second HTTP/1.1\r\nHo");
      Wire server = endpoint.accept().expect(GET).send(OK);
      client.expect(OK);
      client.send("st: a\r\n\r\n");
      server.expect("GET /second HTTP/1.1\r\nHost: a\r\n\r\n").send(OK);
      client.expect(OK);
    }
  }

  @Test
  void aPipelinedBodyIsReadOnAfterTheRequestBeforeItWasAnswered() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      String post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n";
      client.send(GET + post + "01234");
      Wire server = endpoint.accept().expect(GET).send(OK);
      client.expect(OK);
      server.expect(post + "01234");
      client.send("56789");
      server.expect("56789").send(OK);
      client.expect(OK);
    }
  }

  @Test
  void whatFollowsAConnectionCloseIsNotServed() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + GET);
      endpoint.accept().expect(GET).send(OK);
      client.expect("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
      client.expectEnd();
      assertThat(proxy.listener().requests.value()).isEqualTo(1);
    }
  }

  /** Answers each request that has a Content-Length with its body. */
  private static void echo(Wire wire) throws Exception {
    while (true) {
      String head = wire.readHead();
      if (head.isEmpty()) {
        return;
      }
      int from = head.indexOf("Content-Length: ") + "Content-Length: ".length();
      int length = Integer.parseInt(head.substring(from, head.indexOf("\r\n", from)));
      wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n" + wire.read(length));
    }
  }

  // ---- HTTP/1.0 ----

  @Test
  void http10IsAnsweredAndClosed() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      client.send("GET / HTTP/1.0\r\nHost: a\r\n\r\n");
      endpoint.accept().expect(GET).send(OK);
      client.expect("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
      client.expectEnd();
    }
  }

  @Test
  void http10WithKeepAliveIsKept() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      String request = "GET / HTTP/1.0\r\nConnection: keep-alive\r\nHost: a\r\n\r\n";
      Wire server = null;
      for (int i = 0; i < 2; i++) {
        client.send(request);
        server = server == null ? endpoint.accept() : server;
        server.expect(GET).send(OK);
        client.expect("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok");
      }
    }
  }

  @Test
  void http10WithoutAHostGetsTheOneItCameTo() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      client.send("GET / HTTP/1.0\r\nA: b\r\n\r\n");
      int port = proxy.address().getPort();
      endpoint
          .accept()
          .expect("GET / HTTP/1.1\r\nA: b\r\nHost: 127.0.0.1:" + port + "\r\n\r\n")
          .send(OK);
      client.readAll();
    }
  }

  @Test
  void http10GetsChunkedAnswersWithoutTheirChunks() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      client.send("GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n");
      Wire server = endpoint.accept().expect(GET);
      server.send("HTTP/1.1 200 OK\r\nA: b\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel");
      client.expect("HTTP/1.1 200 OK\r\nA: b\r\nConnection: close\r\n\r\nhel");
      server.send("lo\r\n1;x=y\r\n \r\n5\r\nworld\r\n0\r\nTrailer: gone\r\n\r\n");
      client.expect("lo world").expectEnd();
      // the endpoint's connection is as good as before
      try (Wire another = proxy.connect()) {
        another.send(GET);
        server.expect(GET).send(OK);
        another.expect(OK);
      }
    }
  }

  @Test
  void http10IsNotToldOfACodingThatItDoesNotKnow() throws Exception {
    try (RawEndpoint endpoint =
            RawEndpoint.serving(
                RawEndpoint.answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      client.send("HEAD / HTTP/1.0\r\nHost: a\r\n\r\n");
      assertThat(client.readAll()).isEqualTo("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    }
  }

  @Test
  void http10GetsNoInterimAnswers() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      client.send("GET / HTTP/1.0\r\nHost: a\r\n\r\n");
      endpoint.accept().expect(GET).send("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK);
      client.expect("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
      client.expectEnd();
    }
  }

  @Test
  void anHttp10AnswerBecomesOneOfHttp11() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(GET);
      Wire server = endpoint.accept().expect(GET);
      server.send("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok");
      client.expect("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
      client.send(GET);
      server.expect(GET).send("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok");
      client.expect("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
      server.expectEnd(); // without keep-alive, HTTP/1.0 ends here
    }
  }

  // ---- interim answers ----

  @Test
  void anExpectationIsPassedOnAndSoAreTheAnswersToIt() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      String head =
          "PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n";
      client.send(head);
      Wire server = endpoint.accept().expect(head).send("HTTP/1.1 100 Continue\r\n\r\n");
      client.expect("HTTP/1.1 100 Continue\r\n\r\n").send("body");
      server.expect("body").send("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
      client.expect("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
      server.send("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + OK);
      client.expect("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + OK);
      client.send(GET);
      server.expect(GET).send(OK);
      client.expect(OK);
    }
  }

  @Test
  void aFinalAnswerInsteadOf100ClosesTheConnectionUnlessTheBodyComes() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      String head =
          "PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n";
      client.send(head);
      Wire server = endpoint.accept().expect(head);
      server.send("HTTP/1.1 413 No\r\nContent-Length: 2\r\n\r\nno");
      client.expect("HTTP/1.1 413 No\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
      client.expectEnd();
      server.expectEnd();
    }
  }

  @Test
  void interimAnswersLoseTheFieldsOfTheirConnection() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(GET);
      endpoint
          .accept()
          .expect(GET)
          .send(
              "HTTP/1.1 103 E\r\nConnection: x-a\r\nX-A: 1\r\nKeep-Alive: 1\r\nB: 2\r\n\r\n" + OK);
      client.expect("HTTP/1.1 103 E\r\nB: 2\r\n\r\n" + OK);
    }
  }

  // ---- the ends of connections ----

  @Test
  void anAnswerThatEndsWithItsConnectionEndsTheClientsToo() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(GET);
      Wire server = endpoint.accept().expect(GET).send("HTTP/1.1 200 OK\r\nA: b\r\n\r\nsome");
      client.expect("HTTP/1.1 200 OK\r\nA: b\r\nConnection: close\r\n\r\nsome");
      server.send(" more").end();
      client.expect(" more").expectEnd();
    }
  }

  @Test
  void aClientThatEndsItsSendingStillGetsItsAnswers() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(GET + GET).finish();
      Wire server = endpoint.accept().expect(GET).send(OK);
      server.expect(GET).send(OK);
      client.expect(OK + OK).expectEnd();
    }
  }

  @Test
  void aClientThatEndsItsSendingGetsAnAnswerLargerThanAllBuffers() throws Exception {
    byte[] body = RawEndpoint.pattern(20_000_000);
    try (RawEndpoint endpoint =
            RawEndpoint.serving(wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n");
              wire.send(body).expectEnd();
            });
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(GET).finish();
      client.expect("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n");
      await()
          .atMost(Wire.PATIENCE)
          .until(() -> proxy.endpoint(endpoint).bytesReceived.value() > 1_000_000);
      assertThat(client.bytes(body.length)).isEqualTo(body);
      client.expectEnd();
    }
  }

  @Test
  void aClientThatEndsItsSendingWithinAPipelinedBodyIsLetGo() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(GET + "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n01234").finish();
      Wire server = endpoint.accept().expect(GET).send(OK);
      client.expect(OK).expectGone();
      server.expectGone();
    }
  }

  @Test
  void anIdleClientThatLeavesIsForgotten() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint)) {
      try (Wire client = proxy.connect()) {
        client.finish().expectEnd();
      }
      Wire resetting = proxy.connect();
      resetting.send("GET / HT");
      resetting.reset();
      proxy.awaitNoClients();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aClientThatLeavesMidwayTakesItsEndpointConnectionWithIt(boolean reset) throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint)) {
      Wire client = proxy.connect();
      client.send(GET);
      Wire server = endpoint.accept().expect(GET);
      server.send("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\nsome");
      client.expect("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\nsome");
      if (reset) {
        client.reset();
        server.expectGone();
      } else {
        client.end();
        // the proxy learns that nobody listens when it sends more
        sendUntilItFails(server);
        server.expectGone();
      }
      proxy.awaitNothingInFlight();
    }
  }

  private static void sendUntilItFails(Wire wire) {
    try {
      while (true) {
        wire.send("x");
      }
    } catch (IOException e) {
      // the proxy has learnt it
    }
  }

  @Test
  void aClientThatLeavesWithinItsBodyTakesItsEndpointConnectionWithIt() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint)) {
      Wire client = proxy.connect();
      String part = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n01234";
      client.send(part);
      Wire server = endpoint.accept().expect(part);
      client.end();
      server.expectGone();
      proxy.awaitNothingInFlight();
    }
  }

  @Test
  void connectIsRefused() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      client.send("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n\u0016\u0003\u0001 hello");
      assertThat(client.readMessage())
          .startsWith("HTTP/1.1 405 ")
          .contains("Connection: close", "Allow: GET, HEAD, ");
      client.expectEnd();
      assertThat(endpoint.connections()).isZero();
    }
  }
}
