package io.steelyard.proxy.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Writes the fields of an HTTP/2 request as an HTTP/1.1 head, which then goes the way of all
 * requests: the same checks, limits, routes and edits. What HTTP/2 permits and HTTP/1.1 would
 * misunderstand is refused here (RFC 9113 sections 8.2, 8.3 and 10.3): line ends in values, spaces
 * in the path, fields of the connection, lengths that contradict each other.
 *
 * <p>Reused for many requests by one event loop.
 */
final class Http2RequestHead {
  private static final AsciiString COOKIE = AsciiString.cached("cookie");
  private static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
  private static final AsciiString GRPC_TIMEOUT = AsciiString.cached("grpc-timeout");
  private static final AsciiString TE = AsciiString.cached("te");
  private static final AsciiString TRAILERS = AsciiString.cached("trailers");
  private static final AsciiString CONNECT = AsciiString.cached("CONNECT");
  private static final AsciiString GET = AsciiString.cached("GET");
  private static final AsciiString WEBSOCKET = AsciiString.cached("websocket");
  private static final int KEY_BYTES = 16;
  private static final byte[] UPGRADE =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: ".getBytes(US_ASCII);
  private static final byte[] VERSION_AND_HOST = " HTTP/1.1\r\nHost: ".getBytes(US_ASCII);
  private static final byte[] LINE_END = "\r\n".getBytes(US_ASCII);
  private static final byte[] COOKIES = "Cookie: ".getBytes(US_ASCII);
  private static final byte[] NEXT_COOKIE = "; ".getBytes(US_ASCII);
  private static final byte[] CHUNKED = "Transfer-Encoding: chunked\r\n".getBytes(US_ASCII);
  private static final byte[] EMPTY_BODY = "Content-Length: 0\r\n".getBytes(US_ASCII);

  private @Nullable CharSequence method;
  private @Nullable CharSequence path;
  private @Nullable CharSequence scheme;
  private @Nullable CharSequence protocol;
  private @Nullable CharSequence authority;
  private @Nullable CharSequence host;
  private @Nullable CharSequence contentLength;
  private boolean connect;
  private boolean grpc;
  private long timeoutNanos;
  private boolean fieldsBegun;
  private int cookies;

  /**
   * Writes a request's head.
   *
   * @param ends no body follows
   * @return null when the request is malformed
   */
  @Nullable ByteBuf write(Http2Headers headers, boolean ends, ByteBufAllocator allocator) {
    reset();
    for (Map.Entry<CharSequence, CharSequence> field : headers) {
      if (!look(field.getKey(), field.getValue())) {
        return null;
      }
    }
    if (!isComplete() || !isLengthRight(ends)) {
      return null;
    }
    ByteBuf head = allocator.directBuffer(1024);
    startLine(head);
    for (Map.Entry<CharSequence, CharSequence> field : headers) {
      line(head, field.getKey(), field.getValue());
    }
    if (cookies > 0) {
      cookies(head, headers);
    }
    framing(head, ends);
    return head.writeBytes(LINE_END);
  }

  /** Whether the body will come in chunks, for the client did not say how long it is. */
  boolean isChunked(boolean ends) {
    return !ends && contentLength == null;
  }

  /** Whether it asks for a tunnel of some protocol (RFC 8441). */
  boolean isTunnel() {
    return protocol != null;
  }

  /** Whether this is the only protocol of tunnels that there is here. */
  boolean isWebSocket() {
    CharSequence wanted = protocol;
    return wanted != null && AsciiString.contentEqualsIgnoreCase(WEBSOCKET, wanted);
  }

  /** Whether it is a call of gRPC. */
  boolean isGrpc() {
    return grpc;
  }

  /** How long the client of a call waits for its end; -1 when it did not say. */
  long timeoutNanos() {
    return grpc ? timeoutNanos : -1;
  }

  private void reset() {
    method = null;
    path = null;
    scheme = null;
    protocol = null;
    authority = null;
    host = null;
    contentLength = null;
    connect = false;
    grpc = false;
    timeoutNanos = -1;
    fieldsBegun = false;
    cookies = 0;
  }

  private boolean look(CharSequence name, CharSequence value) {
    if (name.isEmpty() || !Http2Text.isValue(value)) {
      return false;
    }
    if (name.charAt(0) == ':') {
      return !fieldsBegun && lookPseudo(name, value);
    }
    fieldsBegun = true;
    return Http2Text.isName(name) && !Http2Text.isOfConnection(name) && lookField(name, value);
  }

  private boolean lookPseudo(CharSequence name, CharSequence value) {
    return switch (name.toString()) {
      case ":method" -> {
        boolean first = method == null;
        method = value;
        connect = CONNECT.contentEquals(value);
        yield first && Http2Text.isName(value, true);
      }
      case ":path" -> {
        boolean first = path == null;
        path = value;
        yield first && isTarget(value);
      }
      case ":scheme" -> {
        boolean first = scheme == null;
        scheme = value;
        yield first && ("http".contentEquals(value) || "https".contentEquals(value));
      }
      case ":protocol" -> {
        boolean first = protocol == null;
        protocol = value;
        yield first && Http2Text.isName(value, true);
      }
      case ":authority" -> {
        boolean first = authority == null;
        authority = value;
        yield first && Http2Text.isVisible(value);
      }
      default -> false;
    };
  }

  private boolean lookField(CharSequence name, CharSequence value) {
    if (Http2Text.HOST.contentEquals(name)) {
      boolean first = host == null;
      host = value;
      return first && Http2Text.isVisible(value);
    }
    if (Http2Text.CONTENT_LENGTH.contentEquals(name)) {
      boolean same = contentLength == null || AsciiString.contentEquals(contentLength, value);
      contentLength = value;
      return same && Http2Text.isNumber(value);
    }
    if (COOKIE.contentEquals(name)) {
      cookies++;
    } else if (CONTENT_TYPE.contentEquals(name)) {
      grpc = Grpc.isType(value);
    } else if (GRPC_TIMEOUT.contentEquals(name)) {
      timeoutNanos = Grpc.timeoutNanos(value);
    }
    return !TE.contentEquals(name) || AsciiString.contentEqualsIgnoreCase(value, TRAILERS);
  }

  private boolean isComplete() {
    if (method == null || (authority != null && host != null && !sameHost(authority, host))) {
      return false;
    }
    if (protocol != null) {
      boolean whole = path != null && scheme != null && authority != null;
      return connect && whole && contentLength == null;
    }
    return connect ? authority != null && path == null : path != null && scheme != null;
  }

  private static boolean sameHost(CharSequence a, CharSequence b) {
    return AsciiString.contentEqualsIgnoreCase(a, b);
  }

  private boolean isLengthRight(boolean ends) {
    CharSequence length = contentLength;
    return length == null || !ends || isZero(length);
  }

  private static boolean isZero(CharSequence digits) {
    for (int i = 0; i < digits.length(); i++) {
      if (digits.charAt(i) != '0') {
        return false;
      }
    }
    return true;
  }

  private void startLine(ByteBuf head) {
    CharSequence target = path == null ? authority : path;
    CharSequence named = authority == null ? host : authority;
    Http2Text.write(head, protocol == null ? method : GET);
    head.writeByte(' ');
    Http2Text.write(head, target);
    head.writeBytes(VERSION_AND_HOST);
    Http2Text.write(head, named);
    head.writeBytes(LINE_END);
  }

  private void line(ByteBuf head, CharSequence name, CharSequence value) {
    if (name.charAt(0) == ':'
        || Http2Text.HOST.contentEquals(name)
        || COOKIE.contentEquals(name)
        || Http2Text.CONTENT_LENGTH.contentEquals(name)
        || (protocol != null && WebSocketKey.NAME.contentEquals(name))) {
      return;
    }
    Http2Text.line(head, name, value);
  }

  /** One field again, as HTTP/1.1 wants it (RFC 9113 section 8.2.3). */
  private static void cookies(ByteBuf head, Http2Headers headers) {
    byte[] before = COOKIES;
    for (Map.Entry<CharSequence, CharSequence> field : headers) {
      if (COOKIE.contentEquals(field.getKey())) {
        head.writeBytes(before);
        Http2Text.write(head, field.getValue());
        before = NEXT_COOKIE;
      }
    }
    head.writeBytes(LINE_END);
  }

  private void framing(ByteBuf head, boolean ends) {
    CharSequence length = contentLength;
    if (protocol != null) {
      upgrade(head);
    } else if (length != null) {
      Http2Text.line(head, "Content-Length", length);
    } else if (!ends) {
      head.writeBytes(CHUNKED);
    } else if (!isBodyless()) {
      head.writeBytes(EMPTY_BODY);
    }
  }

  /** As HTTP/1.1 asks for a WebSocket (RFC 6455 section 4.1). */
  private static void upgrade(ByteBuf head) {
    byte[] key = new byte[KEY_BYTES];
    ThreadLocalRandom.current()
        .nextBytes(key); // no secret: it shows that the answer is no older one
    head.writeBytes(UPGRADE).writeBytes(Base64.getEncoder().encode(key)).writeBytes(LINE_END);
  }

  /** Methods of which nobody expects a body need not say that they have none. */
  private boolean isBodyless() {
    return switch (String.valueOf(method)) {
      case "GET", "HEAD", "DELETE", "OPTIONS", "CONNECT", "TRACE" -> true;
      default -> false;
    };
  }

  private static boolean isTarget(CharSequence path) {
    return !path.isEmpty()
        && Http2Text.isVisible(path)
        && (path.charAt(0) == '/' || (path.length() == 1 && path.charAt(0) == '*'));
  }
}
