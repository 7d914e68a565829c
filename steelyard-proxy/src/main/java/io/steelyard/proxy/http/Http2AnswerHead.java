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
    boolean hasLength = false;
    for (Map.Entry<CharSequence, CharSequence> field : headers) {
      CharSequence name = field.getKey();
      if (name.length() > 0 && name.charAt(0) == ':') {
        continue; // Netty has looked that it is the status alone
      }
      if (!isField(name, field.getValue())) {
        head.release();
        return null;
      }
      hasLength |= Http2Text.CONTENT_LENGTH.contentEquals(name);
      Http2Text.line(head, name, field.getValue());
    }
    if (!hasLength && mayHaveBody(status, method)) {
      head.writeBytes(ends ? EMPTY_BODY : CHUNKED);
    }
    return head.writeBytes(LINE_END);
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
