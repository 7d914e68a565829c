package io.steelyard.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The answers that the proxy gives in an endpoint's place: the status, in words, as a line of plain
 * text.
 */
final class ErrorAnswer {
  /** RFC 9110 section 5.6.7. */
  private static final DateTimeFormatter IMF_FIXDATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US);

  /** What a 405 has to say (RFC 9110 section 15.5.6): all but CONNECT goes to endpoints. */
  static final String ALLOWED = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE";

  private ErrorAnswer() {}

  /**
   * A whole HTTP/1.1 message.
   *
   * @param bodyless the request was a HEAD
   * @param connection the value of the Connection field; empty for none
   * @param retryAfter when to ask again, in seconds (RFC 9110 section 10.2.3); 0 to say nothing
   */
  static ByteBuf write(
      ByteBufAllocator allocator, int status, boolean bodyless, String connection, int retryAfter) {
    String line = line(status);
    StringBuilder text = new StringBuilder(256);
    text.append("HTTP/1.1 ").append(line).append("\r\nDate: ").append(date());
    text.append("\r\nContent-Type: text/plain\r\nContent-Length: ").append(bodyLength(status));
    if (!connection.isEmpty()) {
      text.append("\r\nConnection: ").append(connection);
    }
    if (status == 405) {
      text.append("\r\nAllow: ").append(ALLOWED);
    }
    if (retryAfter > 0) {
      text.append("\r\nRetry-After: ").append(retryAfter);
    }
    text.append("\r\n\r\n");
    if (!bodyless) {
      text.append(line).append('\n');
    }
    ByteBuf message = allocator.directBuffer(text.length());
    message.writeCharSequence(text, StandardCharsets.US_ASCII);
    return message;
  }

  /** A whole HTTP/1.1 message that sends the client elsewhere. It has no body. */
  static ByteBuf redirect(
      ByteBufAllocator allocator, int status, String location, String connection) {
    StringBuilder text = new StringBuilder(256);
    text.append("HTTP/1.1 ").append(line(status)).append("\r\nDate: ").append(date());
    text.append("\r\nLocation: ").append(location).append("\r\nContent-Length: 0");
    if (!connection.isEmpty()) {
      text.append("\r\nConnection: ").append(connection);
    }
    text.append("\r\n\r\n");
    ByteBuf message = allocator.directBuffer(text.length());
    message.writeCharSequence(text, StandardCharsets.ISO_8859_1);
    return message;
  }

  /** The length of the body that says so. */
  static int bodyLength(int status) {
    return line(status).length() + 1;
  }

  /** The body that says so. */
  static String text(int status) {
    return line(status) + '\n';
  }

  static String line(int status) {
    return status + " " + phrase(status);
  }

  static String date() {
    return IMF_FIXDATE.format(ZonedDateTime.now(ZoneOffset.UTC));
  }

  /** The reason phrases of RFC 9110 section 15 for the statuses that the proxy itself gives. */
  private static String phrase(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 204 -> "No Content";
      case 301 -> "Moved Permanently";
      case 302 -> "Found";
      case 303 -> "See Other";
      case 307 -> "Temporary Redirect";
      case 308 -> "Permanent Redirect";
      case 400 -> "Bad Request";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 408 -> "Request Timeout";
      case 413 -> "Content Too Large";
      case 414 -> "URI Too Long";
      case 417 -> "Expectation Failed";
      case 429 -> "Too Many Requests";
      case 431 -> "Request Header Fields Too Large";
      case 500 -> "Internal Server Error";
      case 501 -> "Not Implemented";
      case 502 -> "Bad Gateway";
      case 503 -> "Service Unavailable";
      case 504 -> "Gateway Timeout";
      case 505 -> "HTTP Version Not Supported";
      default -> status >= 500 ? "Server Error" : status >= 400 ? "Error" : "Answer";
    };
  }
}
