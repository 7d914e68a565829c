package io.steelyard.proxy.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What names and values of HTTP/2 may consist of, and how they are written as HTTP/1.1 has them:
 * what that would misunderstand is refused (RFC 9113 sections 8.2 and 10.3).
 */
final class Http2Text {
  static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
  static final AsciiString HOST = AsciiString.cached("host");
  private static final AsciiString[] OF_CONNECTIONS = {
    AsciiString.cached("connection"),
    AsciiString.cached("keep-alive"),
    AsciiString.cached("proxy-connection"),
    AsciiString.cached("transfer-encoding"),
    AsciiString.cached("upgrade")
  };
  private static final byte[] LINE_END = "\r\n".getBytes(US_ASCII);
  private static final byte[] COLON = ": ".getBytes(US_ASCII);

  private Http2Text() {}

  // ---- characters ----

  /** A token (RFC 9110 section 5.6.2) in lower case. */
  static boolean isName(CharSequence name) {
    return isName(name, false);
  }

  /** A token, in lower case unless it is a method. */
  static boolean isName(CharSequence name, boolean capitals) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean capital = c >= 'A' && c <= 'Z';
      if (c <= ' '
          || c >= 0x7f
          || (capital && !capitals)
          || "\"(),/:;<=>?@[\\]{}".indexOf(c) >= 0) {
        return false;
      }
    }
    return !name.isEmpty();
  }

  /** No control characters but tabs, and no white space at either end. */
  static boolean isValue(CharSequence value) {
    int length = value.length();
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7f) {
        return false;
      }
    }
    return length == 0 || (!isBlank(value.charAt(0)) && !isBlank(value.charAt(length - 1)));
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  static boolean isVisible(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '#') {
        return false;
      }
    }
    return true;
  }

  static boolean isNumber(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return !text.isEmpty() && text.length() < 19;
  }

  /** Fields that speak of one connection, which HTTP/2 forbids (RFC 9113 section 8.2.2). */
  static boolean isOfConnection(CharSequence name) {
    for (AsciiString one : OF_CONNECTIONS) {
      if (one.contentEquals(name)) {
        return true;
      }
    }
    return false;
  }

  // ---- writing ----

  static void write(ByteBuf head, @Nullable CharSequence text) {
    switch (text) {
      case null -> {}
      case AsciiString ascii -> head.writeBytes(ascii.array(), ascii.arrayOffset(), ascii.length());
      default -> ByteBufUtil.writeAscii(head, text);
    }
  }

  /** A field on a line of its own. */
  static void line(ByteBuf head, CharSequence name, CharSequence value) {
    write(head, name);
    head.writeBytes(COLON);
    write(head, value);
    head.writeBytes(LINE_END);
  }

  /**
   * The end of a body in chunks, with its trailers.
   *
   * @return null when these are malformed
   */
  static @Nullable ByteBuf trailers(Http2Headers trailers, ByteBufAllocator allocator) {
    for (Map.Entry<CharSequence, CharSequence> field : trailers) {
      if (!isName(field.getKey()) || !isValue(field.getValue()) || isFraming(field.getKey())) {
        return null;
      }
    }
    ByteBuf end = allocator.directBuffer(256).writeBytes(new byte[] {'0', '\r', '\n'});
    for (Map.Entry<CharSequence, CharSequence> field : trailers) {
      line(end, field.getKey(), field.getValue());
    }
    return end.writeBytes(LINE_END);
  }

  private static boolean isFraming(CharSequence name) {
    return isOfConnection(name) || CONTENT_LENGTH.contentEquals(name) || HOST.contentEquals(name);
  }
}
