package io.steelyard.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.Forwarding;
import io.steelyard.model.Forwarding.Mode;
import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a head loses and gains on its way, to the byte. */
class FieldsTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final Forwarding NONE = new Forwarding(Mode.OFF, false, false);
  private static final Forwarding APPEND = new Forwarding(Mode.APPEND, false, false);
  private static final Forwarding REPLACE = new Forwarding(Mode.REPLACE, false, false);
  private static final Forwarding FORWARDED = new Forwarding(Mode.OFF, true, false);
  private static final Forwarding VIA = new Forwarding(Mode.OFF, false, true);

  private static final String X_THREE =
      "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: a\r\n";

  static Stream<Arguments> requests() {
    return Stream.of(
        edit(
            "hop-by-hop fields",
            NONE,
            "Keep-Alive: 5\r\nHost: a\r\nProxy-Connection: x\r\nTE: trailers\r\nA: 1\r\nConnection: TE\r\n",
            "Host: a\r\nA: 1\r\n"),
        edit(
            "fields that Connection names",
            NONE,
            "Host: a\r\nX-One: 1\r\nConnection: x-one , Keep-Alive,,X-THREE\r\nX-Two: 2\r\nx-three: 3\r\nX-One: again\r\n"
                + "connection: x-four\r\nX-Four: 4\r\n",
            "Host: a\r\nX-Two: 2\r\n"),
        edit(
            "what Connection names and must not take away",
            NONE,
            "Host: a\r\nConnection: host, content-length, transfer-encoding, close-by\r\nContent-Length: 0\r\n",
            "Host: a\r\nContent-Length: 0\r\n"),
        edit(
            "an Upgrade that Connection does not name",
            NONE,
            "Host: a\r\nUpgrade: websocket\r\nA: 1\r\n",
            "Host: a\r\nA: 1\r\n"),
        edit(
            "h2c",
            NONE,
            "Host: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n",
            "Host: a\r\n"),
        edit(
            "h2c among others",
            NONE,
            "Host: a\r\nConnection: Upgrade\r\nUpgrade: websocket, H2C\r\n",
            "Host: a\r\n"),
        edit(
            "X-Forwarded appended to nothing",
            APPEND,
            "Host: a\r\nA: 1\r\n",
            "Host: a\r\nA: 1\r\n" + X_THREE),
        edit(
            "X-Forwarded appended",
            APPEND,
            "Host: a\r\nx-forwarded-for: 1.2.3.4 \r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: b\r\nA: 1\r\n",
            "Host: a\r\nx-forwarded-for: 1.2.3.4, 127.0.0.1 \r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: b\r\nA: 1\r\n"),
        edit(
            "X-Forwarded-For appended to the last of several",
            APPEND,
            "X-Forwarded-For: 1.1.1.1\r\nHost: a\r\nX-Forwarded-For: 2.2.2.2, 3.3.3.3\r\n",
            "X-Forwarded-For: 1.1.1.1\r\nHost: a\r\nX-Forwarded-For: 2.2.2.2, 3.3.3.3, 127.0.0.1\r\n"
                + "X-Forwarded-Proto: http\r\nX-Forwarded-Host: a\r\n"),
        edit(
            "X-Forwarded-For appended to an empty one",
            APPEND,
            "Host: a\r\nX-Forwarded-For: \r\n",
            "Host: a\r\nX-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: a\r\n"),
        edit(
            "X-Forwarded-For stays though Connection names it",
            APPEND,
            "Host: a\r\nConnection: X-Forwarded-For\r\nX-Forwarded-For: 1.1.1.1\r\n",
            "Host: a\r\nX-Forwarded-For: 1.1.1.1, 127.0.0.1\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: a\r\n"),
        edit(
            "X-Forwarded replaced",
            REPLACE,
            "X-Forwarded-For: 1.2.3.4\r\nX-FORWARDED-PROTO: https\r\nHost: a\r\nX-Forwarded-Host: b\r\nX-Forwarded-For: 5\r\nX-Forwarded-Port: 1\r\n",
            "Host: a\r\nX-Forwarded-Port: 1\r\n" + X_THREE),
        edit(
            "X-Forwarded let through",
            NONE,
            "Host: a\r\nX-Forwarded-For: 1.2.3.4\r\n",
            "Host: a\r\nX-Forwarded-For: 1.2.3.4\r\n"),
        edit(
            "Forwarded",
            FORWARDED,
            "Host: a:81\r\n",
            "Host: a:81\r\nForwarded: for=127.0.0.1;proto=http;host=\"a:81\"\r\n"),
        edit(
            "Forwarded after the client's",
            FORWARDED,
            "Forwarded: for=1.1.1.1\r\nHost: a\r\n",
            "Forwarded: for=1.1.1.1\r\nHost: a\r\nForwarded: for=127.0.0.1;proto=http;host=\"a\"\r\n"),
        edit(
            "Forwarded in place of the client's",
            new Forwarding(Mode.REPLACE, true, false),
            "Forwarded: for=1.1.1.1\r\nHost: a\r\n",
            "Host: a\r\n" + X_THREE + "Forwarded: for=127.0.0.1;proto=http;host=\"a\"\r\n"),
        edit("Via", VIA, "Host: a\r\n", "Host: a\r\nVia: 1.1 steelyard\r\n"),
        edit(
            "Via after others",
            VIA,
            "Via: 1.0 b\r\nHost: a\r\n",
            "Via: 1.0 b\r\nHost: a\r\nVia: 1.1 steelyard\r\n"),
        edit(
            "many and long fields",
            APPEND,
            "Host: a\r\nConnection: close, x\r\n" + "Cookie: 0123456789abcdef\r\n".repeat(90),
            "Host: a\r\n" + "Cookie: 0123456789abcdef\r\n".repeat(90) + X_THREE),
        edit(
            "a head that needs all its room",
            APPEND,
            "Host: a\r\nConnection: close\r\nA: " + "x".repeat(31_000) + "\r\n",
            "Host: a\r\nA: " + "x".repeat(31_000) + "\r\n" + X_THREE));
  }

  private static Arguments edit(String what, Forwarding forwarding, String sent, String passed) {
    return Arguments.argumentSet(what, forwarding, sent, passed);
  }

  @ParameterizedTest
  @MethodSource("requests")
  void requestHeads(Forwarding forwarding, String sent, String passed) throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(TransportKind.EPOLL).forwarding(forwarding).start(endpoint)) {
      try (Wire client = proxy.connect()) {
        client.send("GET / HTTP/1.1\r\n" + sent + "\r\n");
        endpoint.accept().expect("GET / HTTP/1.1\r\n" + passed + "\r\n").send(OK).close();
        client.readMessage();
      }
      // the same with a body behind it, which must not suffer from the edit
      if (!sent.contains("Content-Length")) {
        try (Wire client = proxy.connect()) {
          client.send("POST / HTTP/1.1\r\n" + sent + "Content-Length: 5\r\n\r\nhello");
          String head = endpoint.accept().readMessage();
          assertThat(head).endsWith("\r\n\r\nhello").contains("\r\nContent-Length: 5\r\n");
        }
      }
    }
  }

  @Test
  void viaTellsOfHttp10() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(TransportKind.EPOLL).forwarding(VIA).start(endpoint);
        Wire client = proxy.connect()) {
      client.send("GET / HTTP/1.0\r\nHost: a\r\n\r\n");
      endpoint.accept().expect("GET / HTTP/1.1\r\nHost: a\r\nVia: 1.0 steelyard\r\n\r\n").send(OK);
      client.readAll();
    }
  }

  static Stream<Arguments> answers() {
    return Stream.of(
        Arguments.argumentSet(
            "hop-by-hop fields",
            "Keep-Alive: timeout=5\r\nA: 1\r\nConnection: keep-alive\r\nProxy-Connection: x\r\nUpgrade: h2\r\nB: 2\r\n",
            "A: 1\r\nB: 2\r\n"),
        Arguments.argumentSet(
            "fields that Connection names",
            "X-One: 1\r\nConnection: X-One\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\nx-one: 2\r\n",
            "Set-Cookie: a=b\r\nSet-Cookie: c=d\r\n"),
        Arguments.argumentSet(
            "odd spacing and case",
            "a:1\r\nB:   2  \r\nC:\t\r\nX-\u00fc".replace("\u00fc", "y") + ": \u00fc\r\n",
            "a:1\r\nB:   2  \r\nC:\t\r\nX-y: \u00fc\r\n"));
  }

  @ParameterizedTest
  @MethodSource("answers")
  void answerHeads(String sent, String passed) throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(TransportKind.EPOLL).start(endpoint);
        Wire client = proxy.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      Wire server = endpoint.accept();
      server.readHead();
      server.send("HTTP/1.1 200 OK\r\n" + sent + "Content-Length: 2\r\n\r\nok");
      client.expect("HTTP/1.1 200 OK\r\n" + passed + "Content-Length: 2\r\n\r\nok");
      // and with a closing client, which has to be told
      client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
      server.readHead();
      server.send("HTTP/1.1 200 OK\r\n" + sent + "Content-Length: 2\r\n\r\nok");
      client.expect(
          "HTTP/1.1 200 OK\r\n" + passed + "Content-Length: 2\r\nConnection: close\r\n\r\nok");
      client.expectEnd();
    }
  }
}
