package io.steelyard.proxy.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.Http2Headers;
import io.steelyard.codec.http1.Method;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the fields of an endpoint's HTTP/2 answer as an HTTP/1.1 head, which then goes the way of
 * all answers. A body of unknown length goes on in chunks, so that trailers have a place.
 */
final class Http2AnswerHead {
  private static final byte[] VERSION = "HTTP/1.1 ".getBytes(US_ASCII);
  private static final byte[] LINE_END = "\r\n".getBytes(US_ASCII);
  private static final byte[] CHUNKED = "Transfer-Encoding: chunked\r\n".getBytes(US_ASCII);
  private static final byte[] SWITCHING =
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
          .getBytes(US_ASCII);
  private static final byte[] EMPTY_BODY = "Content-Length: 0\r\n".getBytes(US_ASCII);

  private Http2AnswerHead() {}

  /**
   * Writes the head of an answer.
   *
   * @param method of the request
   * @param ends no body follows
   * @return null when the answer is malformed, or a 101, which HTTP/2 does not have
   */
  static @Nullable ByteBuf write(
      Http2Headers headers, Method method, boolean ends, ByteBufAllocator allocator) {
    int status = status(headers.status());
    if (status < 0) {
      return null;
    }
    ByteBuf head = allocator.directBuffer(512);
    head.writeBytes(VERSION);
    head.writeCharSequence(HttpResponseStatus.valueOf(status).toString(), US_ASCII);
    head.writeBytes(LINE_END);
    if (!fields(head, headers)) {
      return null;
    }
    boolean hasLength = headers.contains(Http2Text.CONTENT_LENGTH);
    if (!hasLength && mayHaveBody(status, method)) {
      head.writeBytes(ends ? EMPTY_BODY : CHUNKED);
    }
    return head.writeBytes(LINE_END);
  }

  /** Whether it agrees to a tunnel that was asked for (RFC 8441 section 5). */
  static boolean isSuccess(Http2Headers headers) {
    return status(headers.status()) / 100 == 2;
  }

  /**
   * Writes the head of an answer that agrees to a WebSocket, as HTTP/1.1 has it.
   *
   * @param proof that its key was read
   * @return null when the answer is malformed
   */
  static @Nullable ByteBuf switching(
      Http2Headers headers, String proof, ByteBufAllocator allocator) {
    ByteBuf head = allocator.directBuffer(512).writeBytes(SWITCHING);
    Http2Text.line(head, "Sec-WebSocket-Accept", proof);
    return fields(head, headers) ? head.writeBytes(LINE_END) : null;
  }

  /** Writes the lines; false when one must not be, and then the head is released. */
  private static boolean fields(ByteBuf head, Http2Headers headers) {
    for (Map.Entry<CharSequence, CharSequence> field : headers) {
      CharSequence name = field.getKey();
      if (name.length() > 0 && name.charAt(0) == ':') {
        continue; // Netty has looked that it is the status alone
      }
      if (!isField(name, field.getValue())) {
        head.release();
        return false;
      }
      Http2Text.line(head, name, field.getValue());
    }
    return true;
  }

  private static boolean isField(CharSequence name, CharSequence value) {
    return Http2Text.isName(name) && Http2Text.isValue(value) && !Http2Text.isOfConnection(name);
  }

  /** Three digits, 100 to 599; -1 for anything else. */
  private static int status(@Nullable CharSequence text) {
    if (text == null || text.length() != 3 || !Http2Text.isNumber(text)) {
      return -1;
    }
    int status = Integer.parseInt(text, 0, 3, 10);
    return status < 100 || status > 599 || status == 101 ? -1 : status;
  }

  /** RFC 9110 section 6.4.1. */
  private static boolean mayHaveBody(int status, Method method) {
    return status >= 200 && status != 204 && status != 304 && method != Method.HEAD;
  }
}
