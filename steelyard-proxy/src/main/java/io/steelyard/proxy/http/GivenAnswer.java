package io.steelyard.proxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.steelyard.model.FixedAnswer;

/** The answers that a configuration gives in an endpoint's place. */
final class GivenAnswer {
  private GivenAnswer() {}

  /**
   * A whole HTTP/1.1 message.
   *
   * @param bodyless the request was a HEAD
   * @param connection the value of the Connection field; empty for none
   */
  static ByteBuf write(
      ByteBufAllocator allocator, FixedAnswer answer, boolean bodyless, String connection) {
    byte[] body = body(answer);
    byte[] head = head(answer, body.length, connection).getBytes(ISO_8859_1);
    ByteBuf message = allocator.directBuffer(head.length + (bodyless ? 0 : body.length));
    message.writeBytes(head);
    return bodyless ? message : message.writeBytes(body);
  }

  private static String head(FixedAnswer answer, int length, String connection) {
    var head = new StringBuilder(256);
    head.append("HTTP/1.1 ").append(ErrorAnswer.line(answer.status()));
    head.append("\r\nDate: ").append(ErrorAnswer.date());
    if (mayHaveBody(answer.status())) {
      head.append("\r\nContent-Type: ").append(answer.contentType());
      head.append("\r\nContent-Length: ").append(length);
    }
    if (answer.retryAfter() != null) {
      head.append("\r\nRetry-After: ").append(answer.retryAfter().toSeconds());
    }
    if (!connection.isEmpty()) {
      head.append("\r\nConnection: ").append(connection);
    }
    return head.append("\r\n\r\n").toString();
  }

  /** RFC 9110 section 6.4.1. */
  private static boolean mayHaveBody(int status) {
    return status != 204 && status != 304;
  }

  /** The fields of an HTTP/2 message; {@link #body} follows unless the request was a HEAD. */
  static Http2Headers headers(FixedAnswer answer) {
    Http2Headers headers = new DefaultHttp2Headers();
    headers.status(Http2Fields.status(answer.status()));
    headers.set(HttpHeaderNames.DATE, ErrorAnswer.date());
    if (mayHaveBody(answer.status())) {
      headers.set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
      headers.setInt(HttpHeaderNames.CONTENT_LENGTH, body(answer).length);
    }
    if (answer.retryAfter() != null) {
      headers.setLong(HttpHeaderNames.RETRY_AFTER, answer.retryAfter().toSeconds());
    }
    return headers;
  }

  /** The bytes of the body; none where the status allows none. */
  static byte[] body(FixedAnswer answer) {
    return mayHaveBody(answer.status()) ? answer.body().getBytes(UTF_8) : new byte[0];
  }

  /** The bytes of the body that {@link #write} appends. */
  static int bodyLength(FixedAnswer answer) {
    return body(answer).length;
  }
}
