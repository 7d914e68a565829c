package io.steelyard.codec.http1;

import static io.steelyard.codec.http1.Heads.LIMITS;
import static io.steelyard.codec.http1.Heads.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadTest {

  private static final String HOST = "Host: h\r\n";

  record Sample(String message, String expected) {}

  record Refused(String message, HeadError expected) {}

  /** Valid requests, and the first line of what they give. */
  static Stream<Sample> valid() {
    return Stream.of(
        new Sample(
            "GET / HTTP/1.1\r\nHost: example.com\r\n\r\n",
            "GET GET / ORIGIN authority=example.com host=example.com path=/ query@-1 host#0"
                + " 1.1 NONE -1 persistent length 37"),
        new Sample(
            "POST /a/b?c=d&e HTTP/1.1\r\nhOST:\t example.com:8080 \t\r\nContent-Length: 12\r\n\r\n",
            "POST POST /a/b?c=d&e ORIGIN authority=example.com:8080 host=example.com path=/a/b?c=d&e"
                + " query@9 host#0 1.1 LENGTH 12 persistent length 75"),
        new Sample(
            "\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n",
            "GET GET / ORIGIN authority=h host=h path=/ query@-1 host#0 1.1 NONE -1 persistent length 31"),
        new Sample(
            "GET / HTTP/1.0\r\n\r\n",
            "GET GET / ORIGIN authority= host= path=/ query@-1 host#-1 1.0 NONE -1 length 18"),
        new Sample(
            "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n",
            "GET GET / ORIGIN authority= host= path=/ query@-1 host#-1"
                + " 1.0 NONE -1 keep-alive persistent length 42"),
        new Sample(
            "GET / HTTP/1.7\r\nHost:\r\n\r\n",
            "GET GET / ORIGIN authority= host= path=/ query@-1 host#0 1.1 NONE -1 persistent length 25"),
        new Sample(
            "PUT /x HTTP/1.1\r\nHost: [::1]:80\r\nTransfer-Encoding: Chunked\r\n"
                + "Expect: 100-Continue\r\n\r\n",
            "PUT PUT /x ORIGIN authority=[::1]:80 host=[::1] path=/x query@-1 host#0 expects"
                + " 1.1 CHUNKED -1 persistent length 85"),
        new Sample(
            "GET HTTP://a.b:81/p?q HTTP/1.1\r\nHost: other\r\n\r\n",
            "GET GET HTTP://a.b:81/p?q ABSOLUTE authority=a.b:81 host=a.b path=/p?q query@19 host#0"
                + " 1.1 NONE -1 persistent length 47"),
        new Sample(
            "GET https://[fe80::1] HTTP/1.1\r\n" + HOST + "\r\n",
            "GET GET https://[fe80::1] ABSOLUTE authority=[fe80::1] host=[fe80::1] path= query@-1 host#0"
                + " 1.1 NONE -1 persistent length 43"),
        new Sample(
            "GET http://a?b HTTP/1.1\r\n" + HOST + "\r\n",
            "GET GET http://a?b ABSOLUTE authority=a host=a path=?b query@12 host#0"
                + " 1.1 NONE -1 persistent length 36"),
        new Sample(
            "OPTIONS * HTTP/1.1\r\n" + HOST + "\r\n",
            "OPTIONS OPTIONS * ASTERISK authority=h host=h path=* query@-1 host#0"
                + " 1.1 NONE -1 persistent length 31"),
        new Sample(
            "CONNECT a.b:443 HTTP/1.1\r\n" + HOST + "\r\n",
            "CONNECT CONNECT a.b:443 AUTHORITY authority=a.b:443 host=a.b path= query@-1 host#0"
                + " 1.1 NONE -1 persistent length 37"),
        new Sample(
            "BREW-IT! /\u00e4?\u00ff HTTP/1.1\r\n" + HOST + "\r\n",
            "OTHER BREW-IT! /\u00e4?\u00ff ORIGIN authority=h host=h path=/\u00e4?\u00ff query@11 host#0"
                + " 1.1 NONE -1 persistent length 35"),
        new Sample(
            "get / HTTP/1.1\r\n" + HOST + "Content-Length: 0\r\nConnection: close\r\n\r\n",
            "OTHER get / ORIGIN authority=h host=h path=/ query@-1 host#0 1.1 NONE 0 close length 65"),
        new Sample(
            "GET /ws HTTP/1.1\r\n"
                + HOST
                + "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\n",
            "GET GET /ws ORIGIN authority=h host=h path=/ws query@-1 host#0"
                + " 1.1 NONE -1 keep-alive upgrade persistent length 82"),
        new Sample(
            "GET / HTTP/1.0\r\nExpect: the worst\r\n\r\n",
            "GET GET / ORIGIN authority= host= path=/ query@-1 host#-1 1.0 NONE -1 length 37"),
        new Sample(
            "GET / HTTP/1.1\r\nHost: a%20b_c~(d):\r\n\r\n",
            "GET GET / ORIGIN authority=a%20b_c~(d): host=a%20b_c~(d) path=/ query@-1 host#0"
                + " 1.1 NONE -1 persistent length 38"),
        new Sample(
            "POST / HTTP/1.1\r\n" + HOST + "Content-Length: 0009223372036854775799\r\n\r\n",
            "POST POST / ORIGIN authority=h host=h path=/ query@-1 host#0"
                + " 1.1 LENGTH 9223372036854775799 persistent length 68"));
  }

  @ParameterizedTest
  @MethodSource("valid")
  void readsValidRequestsHoweverTheyArrive(Sample sample) {
    String message = sample.message();
    String found = Heads.everyWay(RequestHead::new, bytes(message), LIMITS);
    assertThat(found.lines().findFirst()).hasValue(sample.expected());
    String followed =
        Heads.everyWay(RequestHead::new, bytes(message + "GET / HTTP/1.1\r\n"), LIMITS);
    assertThat(followed).isEqualTo(found);
  }

  /** Requests that are refused, and why. */
  static Stream<Refused> malformed() {
    return Stream.of(
        startLine("\r\n\r\n\r\n\r\n\r\nGET / HTTP/1.1", HeadError.TOO_MANY_EMPTY_LINES),
        startLine("\nGET / HTTP/1.1", HeadError.BARE_LF),
        startLine("\rGET / HTTP/1.1", HeadError.BARE_CR),
        startLine(" GET / HTTP/1.1", HeadError.INVALID_REQUEST_LINE),
        startLine("GET  / HTTP/1.1", HeadError.INVALID_REQUEST_LINE),
        startLine("GET\t/ HTTP/1.1", HeadError.INVALID_REQUEST_LINE),
        startLine("GET /\tHTTP/1.1", HeadError.INVALID_REQUEST_LINE),
        startLine("GET /  HTTP/1.1", HeadError.INVALID_VERSION),
        startLine("GET / HTTP/1.1 ", HeadError.INVALID_REQUEST_LINE),
        startLine("GET / HTTP/1.10", HeadError.INVALID_REQUEST_LINE),
        startLine("GET /", HeadError.INVALID_REQUEST_LINE),
        startLine("GET", HeadError.INVALID_REQUEST_LINE),
        startLine("G@T / HTTP/1.1", HeadError.INVALID_METHOD),
        startLine("G\u00c4T / HTTP/1.1", HeadError.INVALID_METHOD),
        startLine("\u0016\u0003\u0001", HeadError.CONTROL_CHARACTER),
        startLine("GET\n/ HTTP/1.1", HeadError.BARE_LF),
        startLine("GET /\n", HeadError.BARE_LF),
        startLine("GET / HTTP/1.1\n", HeadError.BARE_LF),
        startLine("GET / HTTP/1.1\rX", HeadError.BARE_CR),
        startLine("GET /a\rb HTTP/1.1", HeadError.INVALID_REQUEST_LINE),
        startLine("GET /\0 HTTP/1.1", HeadError.CONTROL_CHARACTER),
        startLine("GET /\u007f HTTP/1.1", HeadError.CONTROL_CHARACTER),
        startLine("GET /0123456789abcdef\u001f HTTP/1.1", HeadError.CONTROL_CHARACTER),
        startLine("GET /a b HTTP/1.1", HeadError.INVALID_VERSION),
        startLine("GET / http/1.1", HeadError.INVALID_VERSION),
        startLine("GET / HTTP/1.", HeadError.INVALID_VERSION),
        startLine("GET / HTTP/x.1", HeadError.INVALID_VERSION),
        startLine("GET / HTTP/1,1", HeadError.INVALID_VERSION),
        startLine("GET / HTTP/11", HeadError.INVALID_VERSION),
        startLine("GET / HTTP/1\n1", HeadError.BARE_LF),
        startLine("GET / HTTP/\0.1", HeadError.CONTROL_CHARACTER),
        startLine("GET / HTTP/2.0", HeadError.UNSUPPORTED_VERSION),
        startLine("PRI * HTTP/2.0", HeadError.UNSUPPORTED_VERSION),
        startLine("GET / HTTP/0.9", HeadError.UNSUPPORTED_VERSION),
        startLine("GET x HTTP/1.1", HeadError.INVALID_TARGET),
        startLine("GET * HTTP/1.1", HeadError.INVALID_TARGET),
        startLine("OPTIONS ** HTTP/1.1", HeadError.INVALID_TARGET),
        startLine("GET /#top HTTP/1.1", HeadError.FRAGMENT_IN_TARGET),
        startLine("GET /?q#top HTTP/1.1", HeadError.FRAGMENT_IN_TARGET),
        startLine("GET http://h#top HTTP/1.1", HeadError.FRAGMENT_IN_TARGET),
        startLine("GET ftp://h/ HTTP/1.1", HeadError.UNKNOWN_SCHEME),
        startLine("GET h:80 HTTP/1.1", HeadError.UNKNOWN_SCHEME),
        startLine("GET http:/h/ HTTP/1.1", HeadError.INVALID_TARGET),
        startLine("GET http:h:80 HTTP/1.1", HeadError.INVALID_TARGET),
        startLine("GET http:// HTTP/1.1", HeadError.INVALID_AUTHORITY),
        startLine("GET http:///path HTTP/1.1", HeadError.INVALID_AUTHORITY),
        startLine("GET http://:80/ HTTP/1.1", HeadError.INVALID_AUTHORITY),
        startLine("GET http://h:x/ HTTP/1.1", HeadError.INVALID_AUTHORITY),
        startLine("GET http://u@h/ HTTP/1.1", HeadError.USER_IN_AUTHORITY),
        startLine("GET http://u:p@h/ HTTP/1.1", HeadError.USER_IN_AUTHORITY),
        startLine("CONNECT / HTTP/1.1", HeadError.INVALID_AUTHORITY),
        startLine("CONNECT h HTTP/1.1", HeadError.INVALID_AUTHORITY),
        startLine("CONNECT h: HTTP/1.1", HeadError.INVALID_AUTHORITY),
        startLine("CONNECT :1 HTTP/1.1", HeadError.INVALID_AUTHORITY),
        startLine("CONNECT u@h:1 HTTP/1.1", HeadError.USER_IN_AUTHORITY),
        fields(" Host: h\r\n", HeadError.LEADING_WHITESPACE),
        fields("\tHost: h\r\n", HeadError.LEADING_WHITESPACE),
        fields(HOST + " folded\r\n", HeadError.FOLDED_FIELD),
        fields(HOST + "\tfolded\r\n", HeadError.FOLDED_FIELD),
        fields(HOST + ": x\r\n", HeadError.EMPTY_NAME),
        fields(HOST + "A : x\r\n", HeadError.SPACE_BEFORE_COLON),
        fields(HOST + "A\t: x\r\n", HeadError.SPACE_BEFORE_COLON),
        fields(HOST + "A B: x\r\n", HeadError.SPACE_BEFORE_COLON),
        fields(HOST + "A(B): x\r\n", HeadError.INVALID_NAME),
        fields(HOST + "A\u00e4: x\r\n", HeadError.INVALID_NAME),
        fields(HOST + "A\0: x\r\n", HeadError.CONTROL_CHARACTER),
        fields(HOST + "A\u007f: x\r\n", HeadError.CONTROL_CHARACTER),
        fields(HOST + "Alone\r\n", HeadError.MISSING_COLON),
        fields(HOST + "Alone\n", HeadError.BARE_LF),
        fields(HOST + "\n", HeadError.BARE_LF),
        fields(HOST + "\rx", HeadError.BARE_CR),
        fields(HOST + "A: x\n", HeadError.BARE_LF),
        fields(HOST + "A: x\ry\r\n", HeadError.BARE_CR),
        fields(HOST + "A: 0123456789\r\r\n", HeadError.BARE_CR),
        fields(HOST + "A: x\0y\r\n", HeadError.CONTROL_CHARACTER),
        fields(HOST + "A: 012345678\u0001\r\n", HeadError.CONTROL_CHARACTER),
        fields(HOST + "A: 012\t45678\u007f\r\n", HeadError.CONTROL_CHARACTER),
        fields(HOST + "Content-Length:\r\n", HeadError.INVALID_CONTENT_LENGTH),
        fields(HOST + "Content-Length: +5\r\n", HeadError.INVALID_CONTENT_LENGTH),
        fields(HOST + "Content-Length: -5\r\n", HeadError.INVALID_CONTENT_LENGTH),
        fields(HOST + "Content-Length: 0x5\r\n", HeadError.INVALID_CONTENT_LENGTH),
        fields(HOST + "Content-Length: 5 5\r\n", HeadError.INVALID_CONTENT_LENGTH),
        fields(HOST + "Content-Length: 5, 5\r\n", HeadError.INVALID_CONTENT_LENGTH),
        fields(HOST + "Content-Length: 5,\r\n", HeadError.INVALID_CONTENT_LENGTH),
        fields(HOST + "Content-Length: 9223372036854775808\r\n", HeadError.INVALID_CONTENT_LENGTH),
        fields(HOST + "Content-Length: 18446744073709551621\r\n", HeadError.INVALID_CONTENT_LENGTH),
        fields(
            HOST + "Content-Length: 5\r\ncontent-length: 5\r\n", HeadError.REPEATED_CONTENT_LENGTH),
        fields(
            HOST + "Content-Length: 5\r\nContent-Length: 6\r\n", HeadError.REPEATED_CONTENT_LENGTH),
        fields(
            HOST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
            HeadError.LENGTH_AND_CODING),
        fields(
            HOST + "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n",
            HeadError.LENGTH_AND_CODING),
        fields(HOST + "Transfer-Encoding:\r\n", HeadError.INVALID_CODING),
        fields(HOST + "Transfer-Encoding: ,chunked\r\n", HeadError.INVALID_CODING),
        fields(HOST + "Transfer-Encoding: chunked,\r\n", HeadError.INVALID_CODING),
        fields(HOST + "Transfer-Encoding: chunked, chunked\r\n", HeadError.INVALID_CODING),
        fields(HOST + "Transfer-Encoding: chunked, gzip\r\n", HeadError.INVALID_CODING),
        fields(HOST + "Transfer-Encoding: chunked;q=1\r\n", HeadError.INVALID_CODING),
        fields(HOST + "Transfer-Encoding: \"chunked\"\r\n", HeadError.INVALID_CODING),
        fields(HOST + "Transfer-Encoding: chun ked\r\n", HeadError.INVALID_CODING),
        fields(
            HOST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
            HeadError.INVALID_CODING),
        fields(HOST + "Transfer-Encoding: gzip, chunked\r\n", HeadError.UNKNOWN_CODING),
        fields(HOST + "Transfer-Encoding: gzip;level=1, chunked\r\n", HeadError.UNKNOWN_CODING),
        fields(HOST + "Transfer-Encoding: identity\r\n", HeadError.UNKNOWN_CODING),
        fields(HOST + "Transfer-Encoding: xchunked\r\n", HeadError.UNKNOWN_CODING),
        new Refused(
            "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", HeadError.CODING_IN_HTTP_1_0),
        fields("", HeadError.MISSING_HOST),
        fields("Hosts: h\r\n", HeadError.MISSING_HOST),
        fields(HOST + HOST, HeadError.REPEATED_HOST),
        fields("Host:\r\nhost:\r\n", HeadError.REPEATED_HOST),
        fields("Host: a b\r\n", HeadError.INVALID_HOST),
        fields("Host: a, b\r\n", HeadError.INVALID_HOST),
        fields("Host: a/b\r\n", HeadError.INVALID_HOST),
        fields("Host: u@h\r\n", HeadError.INVALID_HOST),
        fields("Host: h?\r\n", HeadError.INVALID_HOST),
        fields("Host: h\\\r\n", HeadError.INVALID_HOST),
        fields("Host: h\u00e4\r\n", HeadError.INVALID_HOST),
        fields("Host: :80\r\n", HeadError.INVALID_HOST),
        fields("Host: h:65536\r\n", HeadError.INVALID_HOST),
        fields("Host: h:99999999999\r\n", HeadError.INVALID_HOST),
        fields("Host: h:8O\r\n", HeadError.INVALID_HOST),
        fields("Host: a:b:80\r\n", HeadError.INVALID_HOST),
        fields("Host: ::1\r\n", HeadError.INVALID_HOST),
        fields("Host: [::1\r\n", HeadError.INVALID_HOST),
        fields("Host: []\r\n", HeadError.INVALID_HOST),
        fields("Host: [\r\n", HeadError.INVALID_HOST),
        fields("Host: [g]\r\n", HeadError.INVALID_HOST),
        fields("Host: [::1]80\r\n", HeadError.INVALID_HOST),
        fields("Host: a%2\r\n", HeadError.INVALID_HOST),
        fields("Host: a%zz\r\n", HeadError.INVALID_HOST),
        fields(HOST + "Expect: 200-ok\r\n", HeadError.UNKNOWN_EXPECTATION),
        fields(HOST + "Expect:\r\n", HeadError.UNKNOWN_EXPECTATION),
        fields(HOST + "Expect: 100-continue, x\r\n", HeadError.UNKNOWN_EXPECTATION),
        fields(
            HOST + "Connection: " + "te,".repeat(33) + "\r\n",
            HeadError.TOO_MANY_CONNECTION_OPTIONS));
  }

  private static Refused startLine(String line, HeadError expected) {
    return new Refused(line + "\r\n" + HOST + "\r\n", expected);
  }

  private static Refused fields(String lines, HeadError expected) {
    return new Refused("GET / HTTP/1.1\r\n" + lines + "\r\n", expected);
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void refusesMalformedRequestsHoweverTheyArrive(Refused sample) {
    assertThat(Heads.everyWay(RequestHead::new, bytes(sample.message()), LIMITS))
        .isEqualTo(sample.expected().name());
  }

  @Test
  void everyErrorKnowsTheStatusToAnswer() {
    assertThat(HeadError.UNSUPPORTED_VERSION.status()).isEqualTo(505);
    assertThat(HeadError.REQUEST_LINE_TOO_LONG.status()).isEqualTo(414);
    assertThat(HeadError.HEAD_TOO_LARGE.status()).isEqualTo(431);
    assertThat(HeadError.TOO_MANY_FIELDS.status()).isEqualTo(431);
    assertThat(HeadError.UNKNOWN_CODING.status()).isEqualTo(501);
    assertThat(HeadError.UNKNOWN_EXPECTATION.status()).isEqualTo(417);
    assertThat(HeadError.LENGTH_AND_CODING.status()).isEqualTo(400);
    for (HeadError error : HeadError.values()) {
      assertThat(error.status()).isBetween(400, 505);
      assertThat(error.found()).isNotBlank();
    }
  }

  @Test
  void limitsAreReachedExactly() {
    String line = "GET /" + "a".repeat(50) + " HTTP/1.1";
    String message = line + "\r\n" + HOST + "A: b\r\n\r\n";
    HeadLimits exact = new HeadLimits(message.length(), 2, line.length());
    assertThat(parse(message, exact)).startsWith("GET");
    assertThat(parse(message, new HeadLimits(message.length() - 1, 2, line.length())))
        .isEqualTo("HEAD_TOO_LARGE");
    assertThat(parse(message, new HeadLimits(message.length(), 1, line.length())))
        .isEqualTo("TOO_MANY_FIELDS");
    assertThat(parse(message, new HeadLimits(message.length(), 2, line.length() - 1)))
        .isEqualTo("REQUEST_LINE_TOO_LONG");
    assertThat(parse("A".repeat(100), exact)).isEqualTo("REQUEST_LINE_TOO_LONG");
    assertThat(parse("\r\nA".repeat(3), new HeadLimits(16, 1, 16)))
        .isEqualTo("INVALID_REQUEST_LINE");
    assertThat(parse("A".repeat(16), new HeadLimits(16, 1, 16))).isEqualTo("HEAD_TOO_LARGE");
  }

  private static String parse(String message, HeadLimits limits) {
    return Heads.everyWay(RequestHead::new, bytes(message), limits);
  }

  @Test
  void limitsThatNoMessageCouldKeepToAreRefused() {
    assertThatThrownBy(() -> new HeadLimits(0, 1, 16))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("headSize: 0");
    assertThatThrownBy(() -> new HeadLimits(16, 0, 16)).hasMessageContaining("fields: 0");
    assertThatThrownBy(() -> new HeadLimits(16, 1, 0)).hasMessageContaining("requestLine: 0");
  }

  @Test
  void manyFieldsKeepTheirOrderCaseAndDuplicates() {
    StringBuilder message = new StringBuilder("GET / HTTP/1.1\r\n").append(HOST);
    for (int i = 1; i < 100; i++) {
      message.append(i % 2 == 0 ? "x-Name: " : "X-nAME:").append(i).append("\r\n");
    }
    String found = Heads.everyWay(RequestHead::new, bytes(message + "\r\n"), LIMITS);
    assertThat(found.lines())
        .hasSize(101)
        .element(100)
        .asString()
        .startsWith("OTHER X-nAME=99 to ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x-own", "X-OWN", "  x-own ,", "close, x-own", "other;bad, x-own", ",,X-Own,,"})
  void fieldsNamedByConnectionAreMarked(String connection) {
    RequestHead head =
        head(
            "GET / HTTP/1.1\r\n"
                + HOST
                + "X-Own: 1\r\nX-Owner: 2\r\nConnection: "
                + connection
                + "\r\nx-own: 3\r\n\r\n");
    assertThat(head.anyNamed()).isTrue();
    assertThat(head.named(1)).isTrue();
    assertThat(head.named(4)).isTrue();
    assertThat(head.named(0)).isFalse();
    assertThat(head.named(2)).isFalse();
    assertThat(head.named(3)).isFalse();
    assertThat(head.known(1)).isEqualTo(FieldName.OTHER);
    assertThat(head.next(FieldName.OTHER, 2)).isEqualTo(4);
  }

  @Test
  void fieldsThatFrameOrRouteAMessageCannotBeNamedAway() {
    RequestHead head =
        head(
            "POST / HTTP/1.1\r\n"
                + HOST
                + "Content-Length: 3\r\nVia: 1.1 x\r\nX-Forwarded-For: y\r\n"
                + "TE: trailers\r\nConnection: host, content-length, Via, x-forwarded-for, connection\r\n"
                + "Connection: te\r\n\r\n");
    for (int i = 0; i < head.fieldCount(); i++) {
      assertThat(head.named(i)).isEqualTo(head.known(i) == FieldName.TE);
    }
    assertThat(head.anyNamed()).isTrue();
    assertThat(
            head("GET / HTTP/1.1\r\n" + HOST + "Connection: host, keep-alive\r\n\r\n").anyNamed())
        .isFalse();
  }

  @Test
  void connectionOptionsAreWholeTokens() {
    RequestHead head =
        head("GET / HTTP/1.1\r\n" + HOST + "Connection: closed, keep-alive;q=1, x upgrade\r\n\r\n");
    assertThat(head.connectionClose()).isFalse();
    assertThat(head.connectionKeepAlive()).isFalse();
    assertThat(head.connectionUpgrade()).isFalse();
  }

  @Test
  void findsFieldsByName() {
    RequestHead head = head("GET / HTTP/1.1\r\nCookie: a\r\n" + HOST + "X: y\r\ncookie: b\r\n\r\n");
    assertThat(head.has(FieldName.COOKIE)).isTrue();
    assertThat(head.find(FieldName.COOKIE)).isZero();
    assertThat(head.next(FieldName.COOKIE, 0)).isEqualTo(3);
    assertThat(head.next(FieldName.COOKIE, 3)).isEqualTo(-1);
    assertThat(head.find(FieldName.VIA)).isEqualTo(-1);
    assertThat(head.has(FieldName.VIA)).isFalse();
    assertThat(head.startLineEnd()).isEqualTo(16);
    assertThat(head.nameStart(0)).isEqualTo(16);
    assertThatThrownBy(() -> head.nameStart(4)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> head.known(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(head::error).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void completeLinesAreNotReadAgain() {
    byte[] message = bytes("GET /path HTTP/1.1\r\nHost: h\r\nCookie: c\r\nVia: x\r\n\r\n");
    String expected = Heads.whole(new RequestHead(), message, LIMITS);
    RequestHead head = new RequestHead();
    byte[] buffer = message.clone();
    ByteBuf buf = Unpooled.wrappedBuffer(buffer);
    int unfinished = Heads.text(message).indexOf("Via");
    assertThat(head.parse(buf, 0, unfinished + 2, LIMITS)).isEqualTo(MessageHead.INCOMPLETE);
    Arrays.fill(buffer, 0, unfinished, (byte) 0);
    int result = head.parse(buf, 0, buffer.length, LIMITS);
    assertThat(Heads.describe(head, result, message)).isEqualTo(expected);
  }

  @Test
  void oneHeadReadsManyMessages() {
    RequestHead head = new RequestHead();
    valid()
        .forEach(sample -> {
          byte[] message = bytes(sample.message());
          head.reset();
          assertThat(Heads.whole(head, message, LIMITS))
              .isEqualTo(Heads.whole(new RequestHead(), message, LIMITS));
        });
    malformed()
        .forEach(sample -> {
          head.reset();
          assertThat(Heads.whole(head, bytes(sample.message()), LIMITS))
              .isEqualTo(sample.expected().name());
          assertThat(head.parse(Unpooled.EMPTY_BUFFER, 0, 0, LIMITS))
              .isEqualTo(MessageHead.MALFORMED);
          assertThat(head.complete()).isFalse();
        });
  }

  static Stream<ByteBuf> buffers() {
    ByteBufAllocator unpooled = UnpooledByteBufAllocator.DEFAULT;
    return Stream.of(
        PooledByteBufAllocator.DEFAULT.directBuffer(),
        PooledByteBufAllocator.DEFAULT.heapBuffer(),
        new AdaptiveByteBufAllocator().directBuffer(),
        unpooled.directBuffer(),
        unpooled.heapBuffer(),
        unpooled.compositeBuffer());
  }

  @ParameterizedTest
  @MethodSource("buffers")
  void readsEveryKindOfBuffer(ByteBuf buf) {
    byte[] message =
        bytes("GET /path HTTP/1.1\r\nHost: h\r\nCookie: c\r\nConnection: x, te\r\nX: y\r\n\r\n");
    RequestHead head = new RequestHead();
    try {
      buf.writeZero(3).writeBytes(message);
      int result = head.parse(buf, 3, buf.writerIndex(), LIMITS);
      assertThat(Heads.describe(head, result, message))
          .isEqualTo(Heads.whole(new RequestHead(), message, LIMITS));
    } finally {
      buf.release();
    }
  }

  private static RequestHead head(String message) {
    RequestHead head = new RequestHead();
    byte[] bytes = bytes(message);
    assertThat(head.parse(Unpooled.wrappedBuffer(bytes), 0, bytes.length, LIMITS))
        .isEqualTo(bytes.length);
    assertThat(head.complete()).isTrue();
    return head;
  }
}
