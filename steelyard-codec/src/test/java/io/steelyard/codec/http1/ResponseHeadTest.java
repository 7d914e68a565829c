package io.steelyard.codec.http1;

import static io.steelyard.codec.http1.Heads.LIMITS;
import static io.steelyard.codec.http1.Heads.bytes;
import static io.steelyard.codec.http1.Heads.responseTo;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ResponseHeadTest {

  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";

  /** Valid answers to a method, and the first line of what they give. */
  static Stream<Arguments> valid() {
    return Stream.of(
        Arguments.of(Method.GET, OK + "\r\n", "200 1.1 UNTIL_CLOSE -1 persistent length 19"),
        Arguments.of(
            Method.GET, OK + "Content-Length: 5\r\n\r\n", "200 1.1 LENGTH 5 persistent length 38"),
        Arguments.of(
            Method.GET, OK + "Content-Length: 0\r\n\r\n", "200 1.1 NONE 0 persistent length 38"),
        Arguments.of(Method.GET, OK + CHUNKED + "\r\n", "200 1.1 CHUNKED -1 persistent length 47"),
        Arguments.of(
            Method.GET,
            OK + CHUNKED + "Connection: close\r\n\r\n",
            "200 1.1 CHUNKED -1 close length 66"),
        Arguments.of(
            Method.HEAD, OK + "Content-Length: 5\r\n\r\n", "200 1.1 NONE 5 persistent length 38"),
        Arguments.of(Method.HEAD, OK + CHUNKED + "\r\n", "200 1.1 NONE -1 persistent length 47"),
        Arguments.of(Method.HEAD, OK + "\r\n", "200 1.1 NONE -1 persistent length 19"),
        Arguments.of(Method.CONNECT, OK + "\r\n", "200 1.1 NONE -1 persistent length 19"),
        Arguments.of(
            Method.CONNECT,
            "HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\n",
            "403 1.1 LENGTH 2 persistent length 38"),
        Arguments.of(
            Method.GET, "HTTP/1.1 204 No Content\r\n\r\n", "204 1.1 NONE -1 persistent length 27"),
        Arguments.of(
            Method.GET,
            "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n",
            "204 1.1 NONE 0 persistent length 46"),
        Arguments.of(
            Method.GET,
            "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
            "304 1.1 NONE 9 persistent length 48"),
        Arguments.of(
            Method.GET,
            "HTTP/1.1 304 Not Modified\r\n" + CHUNKED + "\r\n",
            "304 1.1 NONE -1 persistent length 57"),
        Arguments.of(
            Method.GET, "HTTP/1.1 100 Continue\r\n\r\n", "100 1.1 NONE -1 persistent length 25"),
        Arguments.of(
            Method.GET,
            "HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
            "101 1.1 NONE -1 upgrade persistent length 67"),
        Arguments.of(
            Method.GET,
            "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n",
            "200 1.0 LENGTH 5 length 38"),
        Arguments.of(
            Method.GET, "HTTP/1.1 599\r\n\r\n", "599 1.1 UNTIL_CLOSE -1 persistent length 16"),
        Arguments.of(
            Method.GET, "HTTP/1.1 500 \r\n\r\n", "500 1.1 UNTIL_CLOSE -1 persistent length 17"),
        Arguments.of(
            Method.GET,
            "HTTP/1.2 404 \u00e4 \t b\r\n\r\n",
            "404 1.1 UNTIL_CLOSE -1 persistent length 22"));
  }

  @ParameterizedTest
  @MethodSource("valid")
  void readsValidAnswersHoweverTheyArrive(Method method, String message, String expected) {
    String found = Heads.everyWay(() -> responseTo(method), bytes(message), LIMITS);
    assertThat(found.lines().findFirst()).hasValue(expected);
    String followed =
        Heads.everyWay(() -> responseTo(method), bytes(message + "HTTP/1.1 200 OK\r\n"), LIMITS);
    assertThat(followed).isEqualTo(found);
  }

  /** Answers to a GET that are refused, and why. */
  static Stream<Arguments> malformed() {
    return Stream.of(
        Arguments.of("\r\n" + OK + "\r\n", HeadError.INVALID_VERSION),
        Arguments.of("ICY 200 OK\r\n\r\n", HeadError.INVALID_VERSION),
        Arguments.of("http/1.1 200 OK\r\n\r\n", HeadError.INVALID_VERSION),
        Arguments.of("HTTP/2.0 200 OK\r\n\r\n", HeadError.UNSUPPORTED_VERSION),
        Arguments.of("HTTP/1.1\r\n\r\n", HeadError.INVALID_STATUS_LINE),
        Arguments.of("HTTP/1.1\t200 OK\r\n\r\n", HeadError.INVALID_STATUS_LINE),
        Arguments.of("HTTP/1.1  200 OK\r\n\r\n", HeadError.INVALID_STATUS),
        Arguments.of("HTTP/1.1 20\r\n\r\n", HeadError.INVALID_STATUS),
        Arguments.of("HTTP/1.1 20x OK\r\n\r\n", HeadError.INVALID_STATUS),
        Arguments.of("HTTP/1.1 099 OK\r\n\r\n", HeadError.INVALID_STATUS),
        Arguments.of("HTTP/1.1 600 OK\r\n\r\n", HeadError.INVALID_STATUS),
        Arguments.of("HTTP/1.1 2000 OK\r\n\r\n", HeadError.INVALID_STATUS),
        Arguments.of("HTTP/1.1 +20 OK\r\n\r\n", HeadError.INVALID_STATUS),
        Arguments.of("HTTP/1.1 200OK\r\n\r\n", HeadError.INVALID_STATUS_LINE),
        Arguments.of("HTTP/1.1 200\n\r\n", HeadError.BARE_LF),
        Arguments.of("HTTP/1.1 200 OK\n\n", HeadError.BARE_LF),
        Arguments.of("HTTP/1.1 200 O\rK\r\n\r\n", HeadError.BARE_CR),
        Arguments.of("HTTP/1.1 200\rOK\r\n\r\n", HeadError.BARE_CR),
        Arguments.of("HTTP/1.1 200 O\0K\r\n\r\n", HeadError.CONTROL_CHARACTER),
        Arguments.of("HTTP/1.1\u0001200 OK\r\n\r\n", HeadError.CONTROL_CHARACTER),
        Arguments.of("HTTP/1.1 2\u00010 OK\r\n\r\n", HeadError.CONTROL_CHARACTER),
        Arguments.of("HTTP/1.1 200\u0001OK\r\n\r\n", HeadError.CONTROL_CHARACTER),
        Arguments.of(OK + " A: b\r\n\r\n", HeadError.LEADING_WHITESPACE),
        Arguments.of(OK + "A: b\r\n c\r\n\r\n", HeadError.FOLDED_FIELD),
        Arguments.of(OK + "A : b\r\n\r\n", HeadError.SPACE_BEFORE_COLON),
        Arguments.of(OK + "A: b\0\r\n\r\n", HeadError.CONTROL_CHARACTER),
        Arguments.of(
            OK + "Content-Length: 1\r\nContent-Length: 1\r\n\r\n",
            HeadError.REPEATED_CONTENT_LENGTH),
        Arguments.of(OK + "Content-Length: 1, 1\r\n\r\n", HeadError.INVALID_CONTENT_LENGTH),
        Arguments.of(OK + "Content-Length: 1\r\n" + CHUNKED + "\r\n", HeadError.LENGTH_AND_CODING),
        Arguments.of(OK + "Transfer-Encoding: gzip\r\n\r\n", HeadError.UNKNOWN_CODING),
        Arguments.of(OK + CHUNKED + CHUNKED + "\r\n", HeadError.INVALID_CODING),
        Arguments.of("HTTP/1.0 200 OK\r\n" + CHUNKED + "\r\n", HeadError.CODING_IN_HTTP_1_0),
        Arguments.of("HTTP/1.1 204 None\r\n" + CHUNKED + "\r\n", HeadError.BODY_NOT_ALLOWED),
        Arguments.of("HTTP/1.1 204 None\r\nContent-Length: 1\r\n\r\n", HeadError.BODY_NOT_ALLOWED),
        Arguments.of("HTTP/1.1 103 Hints\r\n" + CHUNKED + "\r\n", HeadError.BODY_NOT_ALLOWED));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void refusesMalformedAnswersHoweverTheyArrive(String message, HeadError expected) {
    assertThat(Heads.everyWay(ResponseHead::new, bytes(message), LIMITS))
        .isEqualTo(expected.name());
  }

  @Test
  void aStatusLineWithoutEndIsTooLarge() {
    byte[] message = bytes(OK.replace("OK", "O".repeat(100)));
    assertThat(Heads.everyWay(ResponseHead::new, message, new HeadLimits(64, 10, 16)))
        .isEqualTo("HEAD_TOO_LARGE");
  }

  @Test
  void interimAnswersAreFollowedByAnother() {
    assertThat(head("HTTP/1.1 100 Continue\r\n\r\n").interim()).isTrue();
    assertThat(head("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n").interim()).isTrue();
    assertThat(head("HTTP/1.1 101 Switching\r\n\r\n").interim()).isFalse();
    assertThat(head(OK + "\r\n").interim()).isFalse();
    assertThat(head(OK + "\r\n").startLineStart()).isZero();
  }

  @Test
  void resetForgetsTheRequestsMethod() {
    byte[] message = bytes(OK + "Content-Length: 5\r\n\r\n");
    ResponseHead head = new ResponseHead();
    head.parseFor(Method.HEAD);
    assertThat(Heads.whole(head, message, LIMITS)).contains("NONE 5");
    head.reset();
    assertThat(head.status()).isZero();
    assertThat(Heads.whole(head, message, LIMITS)).contains("LENGTH 5");
  }

  private static ResponseHead head(String message) {
    ResponseHead head = new ResponseHead();
    byte[] bytes = bytes(message);
    assertThat(head.parse(Unpooled.wrappedBuffer(bytes), 0, bytes.length, LIMITS))
        .isEqualTo(bytes.length);
    return head;
  }
}
