package io.steelyard.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests about whose meaning or end two readers could differ: refused, counted, and nothing of
 * them reaches an endpoint.
 */
class SmugglingTest {
  private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\n";
  private static final String CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n";

  private static RawEndpoint endpoint;
  private static TestProxy proxy;

  @BeforeAll
  static void start() throws Exception {
    endpoint = RawEndpoint.open();
    proxy = Setup.on(TransportKind.EPOLL).start(endpoint);
  }

  @AfterAll
  static void stop() throws Exception {
    proxy.close();
    endpoint.close();
  }

  static Stream<Arguments> requests() {
    return Stream.of(
        bad(
            400,
            "length and coding",
            POST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        bad(
            400,
            "coding and length",
            POST + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
        bad(
            400,
            "two lengths that differ",
            POST + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"),
        bad(
            400,
            "two lengths that agree",
            POST + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"),
        bad(400, "a list of lengths", POST + "Content-Length: 5, 5\r\n\r\nhello"),
        bad(400, "a signed length", POST + "Content-Length: +5\r\n\r\nhello"),
        bad(400, "a negative length", POST + "Content-Length: -5\r\n\r\nhello"),
        bad(400, "a hexadecimal length", POST + "Content-Length: 0x5\r\n\r\nhello"),
        bad(400, "an empty length", POST + "Content-Length:\r\n\r\nhello"),
        bad(400, "a length of many digits", POST + "Content-Length: 99999999999999999999\r\n\r\n"),
        bad(400, "a length with spaces", POST + "Content-Length: 1 5\r\n\r\nhello"),
        bad(501, "an unknown coding", POST + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
        bad(501, "gzip, chunked", POST + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        bad(400, "chunked twice", POST + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
        bad(
            400,
            "two codings",
            POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        bad(
            400,
            "chunked is not last",
            POST + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
        bad(400, "an empty coding", POST + "Transfer-Encoding:\r\n\r\n0\r\n\r\n"),
        bad(400, "a coding in quotes", POST + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n"),
        bad(
            400,
            "a coding behind a vertical tab",
            POST + "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n"),
        bad(
            400,
            "a coding in HTTP/1.0",
            "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        bad(400, "a space before the colon", POST + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
        bad(400, "a tab before the colon", POST + "Content-Length\t: 5\r\n\r\nhello"),
        bad(400, "a space in a name", POST + "Content Length: 5\r\n\r\nhello"),
        bad(400, "no colon", POST + "Content-Length\r\n\r\n"),
        bad(400, "an empty name", POST + ": 5\r\n\r\n"),
        bad(400, "a folded field", POST + "X: 1\r\n Transfer-Encoding: chunked\r\n\r\n"),
        bad(400, "a folded first field", "POST / HTTP/1.1\r\n Host: a\r\n\r\n"),
        bad(400, "a bare CR in a value", POST + "X: 1\rTransfer-Encoding: chunked\r\n\r\n"),
        bad(400, "a bare LF", "POST / HTTP/1.1\nHost: a\n\n"),
        bad(400, "a bare LF after a field", POST + "X: 1\nY: 2\r\n\r\n"),
        bad(400, "a bare LF at the end", POST + "X: 1\r\n\n"),
        bad(400, "a bare CR in the request line", "GET / HTTP/1.1\rHost: a\r\n\r\n"),
        bad(400, "NUL in a name", POST + "X\0: 1\r\n\r\n"),
        bad(400, "NUL in a value", POST + "X: 1\0\r\n\r\n"),
        bad(400, "NUL in the target", "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"),
        bad(400, "a control character in a value", POST + "X: \u0001\r\n\r\n"),
        bad(400, "DEL in a value", POST + "X: \u007f\r\n\r\n"),
        bad(400, "no Host", "GET / HTTP/1.1\r\n\r\n"),
        bad(400, "two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"),
        bad(400, "a Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
        bad(400, "a Host with a user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"),
        bad(400, "a list of Hosts", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"),
        bad(400, "two spaces in the request line", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
        bad(400, "a space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"),
        bad(400, "a tab in the request line", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        bad(400, "a target without a slash", "GET a HTTP/1.1\r\nHost: a\r\n\r\n"),
        bad(400, "a fragment", "GET /#x HTTP/1.1\r\nHost: a\r\n\r\n"),
        bad(400, "* without OPTIONS", "GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
        bad(400, "HTTP/0.9", "GET /\r\n\r\n"),
        bad(400, "a version in small letters", "GET / http/1.1\r\nHost: a\r\n\r\n"),
        bad(400, "a version of two digits", "GET / HTTP/1.10\r\nHost: a\r\n\r\n"),
        bad(505, "HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
        bad(417, "an unknown expectation", POST + "Expect: 200-ok\r\nContent-Length: 5\r\n\r\n"),
        bad(
            400,
            "a TLS hello",
            "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003"),
        bad(400, "a chunk size that is no number", CHUNKED + "x\r\n"),
        bad(400, "an empty chunk size", CHUNKED + "\r\n"),
        bad(400, "a chunk size that overflows", CHUNKED + "FFFFFFFFFFFFFFFFF\r\n"),
        bad(400, "a negative chunk size", CHUNKED + "-1\r\n"),
        bad(400, "a chunk size with 0x", CHUNKED + "0x5\r\nhello\r\n0\r\n\r\n"),
        bad(400, "a chunk size before a bare LF", CHUNKED + "5\nhello\r\n0\r\n\r\n"),
        bad(400, "a chunk size before a space", CHUNKED + "5 \r\nhello\r\n0\r\n\r\n"),
        bad(400, "data longer than its chunk", CHUNKED + "5\r\nhello!\r\n0\r\n\r\n"),
        bad(400, "a bare LF in an extension", CHUNKED + "5;a\nb\r\nhello\r\n0\r\n\r\n"),
        bad(400, "a bare LF after the last chunk", CHUNKED + "0\n\n"),
        bad(400, "NUL in an extension", CHUNKED + "5;\0\r\nhello\r\n0\r\n\r\n"),
        bad(400, "a folded trailer", CHUNKED + "0\r\nA: b\r\n c\r\n\r\n"),
        bad(400, "a trailer without a colon", CHUNKED + "0\r\nA\r\n\r\n"));
  }

  private static Arguments bad(int status, String what, String request) {
    return Arguments.argumentSet(what, status, request);
  }

  @ParameterizedTest
  @MethodSource("requests")
  void isRefusedCountedAndKeptFromEndpoints(int status, String request) throws Exception {
    long malformed = proxy.listener().malformed.value();
    try (Wire client = proxy.connect()) {
      client.send(request + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
      String answer = client.readMessage();
      assertThat(answer)
          .startsWith("HTTP/1.1 " + status + " ")
          .contains("\r\nConnection: close\r\n");
      client.expectEnd();
    }
    assertThat(proxy.listener().malformed.value()).isEqualTo(malformed + 1);
    assertThat(proxy.endpoint(endpoint).bytesSent.value()).isZero();
    assertThat(proxy.endpoint(endpoint).connects.value()).isZero();
    proxy.awaitNoClients();
  }

  @ParameterizedTest
  @ValueSource(strings = {"not a size\r\n", "5\r\nhello!", "0\r\nA b: c\r\n"})
  void aBodyThatTurnsOutMalformedLeavesAnIncompleteRequest(String rest) throws Exception {
    try (RawEndpoint own = RawEndpoint.open();
        TestProxy ownProxy = Setup.on(TransportKind.EPOLL).start(own);
        Wire client = ownProxy.connect()) {
      String begin = CHUNKED + "3\r\nabc\r\n";
      client.send(begin);
      Wire server = own.accept().expect(begin);
      client.send(rest + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.readMessage()).startsWith("HTTP/1.1 400 ");
      client.expectEnd();
      server.expectGone();
      assertThat(ownProxy.listener().malformed.value()).isEqualTo(1);
      assertThat(ownProxy.endpoint(own).bytesSent.value()).isEqualTo(begin.length());
    }
  }

  @Test
  void trailersWithoutEndAreRefused() throws Exception {
    try (RawEndpoint own = RawEndpoint.serving(Wire::expectGone);
        TestProxy ownProxy = Setup.on(TransportKind.EPOLL).start(own);
        Wire client = ownProxy.connect()) {
      client.send(CHUNKED + "0\r\n" + "A: b\r\n".repeat(4000));
      assertThat(client.readMessage()).startsWith("HTTP/1.1 400 ");
    }
  }
}
