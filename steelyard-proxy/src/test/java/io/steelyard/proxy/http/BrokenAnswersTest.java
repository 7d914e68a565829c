package io.steelyard.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Endpoints that break off, stop, or talk nonsense: a client must never take that for an answer.
 */
@ParameterizedClass
@EnumSource(TransportKind.class)
class BrokenAnswersTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(100);

  /** How an endpoint leaves its answer incomplete. */
  enum Break {
    CLOSE,
    RESET,
    STOP
  }

  private final TransportKind transport;

  BrokenAnswersTest(TransportKind transport) {
    this.transport = transport;
  }

  static Stream<Arguments> partialAnswers() {
    String length = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345";
    String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n";
    String untilClose = "HTTP/1.1 200 OK\r\nA: b\r\n\r\n12345";
    return Stream.of(
        Arguments.argumentSet("a length, then closed", length, Break.CLOSE, "endpoint-closed"),
        Arguments.argumentSet("a length, then reset", length, Break.RESET, "endpoint-reset"),
        Arguments.argumentSet("a length, then nothing", length, Break.STOP, "idle-timeout"),
        Arguments.argumentSet("chunks, then closed", chunked, Break.CLOSE, "endpoint-closed"),
        Arguments.argumentSet("chunks, then reset", chunked, Break.RESET, "endpoint-reset"),
        Arguments.argumentSet("chunks, then nothing", chunked, Break.STOP, "idle-timeout"),
        Arguments.argumentSet("until close, then reset", untilClose, Break.RESET, "endpoint-reset"),
        Arguments.argumentSet("until close, then nothing", untilClose, Break.STOP, "idle-timeout"));
  }

  @ParameterizedTest
  @MethodSource("partialAnswers")
  void breakVisibly(String part, Break how, String reason) throws Exception {
    boolean untilClose = !part.contains("Content-Length") && !part.contains("chunked");
    String seen = untilClose ? part.replace("A: b\r\n", "A: b\r\nConnection: close\r\n") : part;
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).poolTimeouts(LONG, LONG, SHORT).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(GET);
      Wire server = endpoint.accept().expect(GET).send(part);
      client.expect(seen);
      switch (how) {
        case CLOSE -> server.end();
        case RESET -> server.reset();
        case STOP -> server.expectGone();
      }
      if (untilClose) {
        assertThat(client.expectReset()).isEmpty();
      } else {
        client.expectEnd();
      }
      assertThat(proxy.log(1).get(0).get("reason").asString()).isEqualTo(reason);
      assertThat(proxy.log(1).get(0).get("status").asInt()).isEqualTo(200);
    }
  }

  /**
   * A write that fails takes the socket's error with it: what is read afterwards ends as if the
   * endpoint had closed in good order.
   */
  @Test
  void resetThatAWriteMetFirstIsNoEndOfAnAnswer() throws Exception {
    String head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n";
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).poolTimeouts(LONG, LONG, LONG).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(head + "x");
      Wire server = endpoint.accept().expect(head + "x");
      server.send("HTTP/1.1 200 OK\r\nA: b\r\n\r\n12345");
      client.expect("HTTP/1.1 200 OK\r\nA: b\r\nConnection: close\r\n\r\n12345");
      proxy.whileBusy(() -> {
        client.send("y".repeat(1000));
        server.reset();
        return null;
      });
      assertThat(client.expectReset()).isEmpty();
      assertThat(proxy.log(1).get(0).get("reason").asString()).isEqualTo("endpoint-reset");
    }
  }

  @ParameterizedTest
  @MethodSource("partialAnswers")
  void breakVisiblyForHttp10(String part, Break how, String reason) throws Exception {
    boolean length = part.contains("Content-Length");
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).poolTimeouts(LONG, LONG, SHORT).start(endpoint);
        Wire client = proxy.connect()) {
      client.send("GET / HTTP/1.0\r\nHost: a\r\n\r\n");
      Wire server = endpoint.accept().expect(GET).send(part);
      client.readHead();
      client.expect("12345");
      switch (how) {
        case CLOSE -> server.end();
        case RESET -> server.reset();
        case STOP -> server.expectGone();
      }
      if (length) {
        client.expectEnd();
      } else {
        assertThat(client.expectReset()).isEmpty();
      }
      assertThat(proxy.log(1).get(0).get("reason").asString()).isEqualTo(reason);
    }
  }

  @Test
  void aBrokenChunkBreaksTheAnswerOff() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(GET);
      String part = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n";
      Wire server = endpoint.accept().expect(GET).send(part);
      client.expect(part);
      server.send("oops\r\n").expectGone();
      client.expectEnd();
      assertThat(proxy.log(1).get(0).get("reason").asString()).isEqualTo("bad-answer");
    }
  }

  static Stream<Arguments> nonsense() {
    return Stream.of(
        Arguments.argumentSet("no HTTP", "hello\r\n\r\n"),
        Arguments.argumentSet("SSH", "SSH-2.0-OpenSSH_9.2\r\n"),
        Arguments.argumentSet("HTTP/2", "HTTP/2.0 200 OK\r\n\r\n"),
        Arguments.argumentSet("a status of two digits", "HTTP/1.1 20 OK\r\n\r\n"),
        Arguments.argumentSet("a status over 599", "HTTP/1.1 600 OK\r\n\r\n"),
        Arguments.argumentSet("a bare LF", "HTTP/1.1 200 OK\n\n"),
        Arguments.argumentSet("a bare CR", "HTTP/1.1 200 OK\r\nA: b\rC: d\r\n\r\n"),
        Arguments.argumentSet("a folded field", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n"),
        Arguments.argumentSet("a space before the colon", "HTTP/1.1 200 OK\r\nA : b\r\n\r\n"),
        Arguments.argumentSet("NUL", "HTTP/1.1 200 OK\r\nA: \0\r\n\r\n"),
        Arguments.argumentSet(
            "two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
        Arguments.argumentSet("a bad length", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"),
        Arguments.argumentSet(
            "length and coding",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        Arguments.argumentSet(
            "an unknown coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n"),
        Arguments.argumentSet(
            "a coding in HTTP/1.0",
            "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        Arguments.argumentSet("204 with a body", "HTTP/1.1 204 No\r\nContent-Length: 1\r\n\r\na"),
        Arguments.argumentSet("an endless head", "HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(300)),
        Arguments.argumentSet("a huge field", "HTTP/1.1 200 OK\r\nA: " + "b".repeat(70_000)),
        Arguments.argumentSet(
            "a bad first chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n"),
        Arguments.argumentSet("interim answers without end", "HTTP/1.1 100 C\r\n\r\n".repeat(200)),
        Arguments.argumentSet(
            "an unexpected 101", "HTTP/1.1 101 S\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"));
  }

  @ParameterizedTest
  @MethodSource("nonsense")
  void nonsenseIsABadGateway(String answer) throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(GET);
      Wire server = endpoint.accept().expect(GET);
      try {
        server.send(answer);
      } catch (IOException e) {
        // the proxy has seen enough
      }
      String seen = client.readMessage();
      while (seen.startsWith("HTTP/1.1 100 ")) {
        seen = client.readMessage();
      }
      assertThat(seen).startsWith("HTTP/1.1 502 Bad Gateway\r\n").endsWith("502 Bad Gateway\n");
      server.expectGone();
      assertThat(proxy.log(1).get(0).get("reason").asString()).isEqualTo("bad-answer");
      // the client's connection goes on
      client.send(GET);
      endpoint.accept().expect(GET).send(OK);
      client.expect(OK);
    }
  }

  @Test
  void anErrorAnswerToHeadHasNoBody() throws Exception {
    try (TestProxy proxy = Setup.on(transport).start(RawEndpoint.refusing());
        Wire client = proxy.connect()) {
      for (int i = 0; i < 2; i++) {
        client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(client.readHead())
            .startsWith("HTTP/1.1 502 Bad Gateway\r\n")
            .contains("\r\nContent-Length: 16\r\n");
      }
    }
  }
}
