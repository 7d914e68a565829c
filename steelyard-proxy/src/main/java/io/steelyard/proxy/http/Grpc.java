package io.steelyard.proxy.http;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import java.util.concurrent.TimeUnit;

/**
 * What gRPC adds to HTTP/2 ("gRPC over HTTP2", PROTOCOL-HTTP2.md of grpc/grpc): its statuses and
 * its deadlines.
 */
final class Grpc {
  /** {@link #status} when there is none. */
  static final int NO_STATUS = -1;

  private static final int UNKNOWN = 2;
  private static final int DEADLINE_EXCEEDED = 4;
  private static final int PERMISSION_DENIED = 7;
  private static final int RESOURCE_EXHAUSTED = 8;
  private static final int UNIMPLEMENTED = 12;
  private static final int INTERNAL = 13;
  private static final int UNAVAILABLE = 14;
  private static final int DATA_LOSS = 15;
  private static final int UNAUTHENTICATED = 16;

  private static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
  private static final AsciiString TYPE = AsciiString.cached("application/grpc");
  private static final AsciiString STATUS = AsciiString.cached("grpc-status");
  private static final AsciiString MESSAGE = AsciiString.cached("grpc-message");
  private static final int MOST_DIGITS = 8;

  private Grpc() {}

  /** Whether a content type is one of gRPC's, {@code application/grpc+proto} for example. */
  static boolean isType(CharSequence value) {
    int length = TYPE.length();
    return value.length() >= length
        && AsciiString.regionMatchesAscii(value, false, 0, TYPE, 0, length)
        && (value.length() == length || value.charAt(length) == '+' || value.charAt(length) == ';');
  }

  /**
   * How long a client waits for the end of its call, in nanoseconds.
   *
   * @param value of {@code grpc-timeout}: up to eight digits and a unit
   * @return -1 when it is malformed, which servers ignore
   */
  static long timeoutNanos(CharSequence value) {
    int digits = value.length() - 1;
    if (digits < 1 || digits > MOST_DIGITS) {
      return -1;
    }
    long amount = 0;
    for (int i = 0; i < digits; i++) {
      int digit = value.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      amount = 10 * amount + digit;
    }
    return switch (value.charAt(digits)) {
      case 'H' -> TimeUnit.HOURS.toNanos(amount);
      case 'M' -> TimeUnit.MINUTES.toNanos(amount);
      case 'S' -> TimeUnit.SECONDS.toNanos(amount);
      case 'm' -> TimeUnit.MILLISECONDS.toNanos(amount);
      case 'u' -> TimeUnit.MICROSECONDS.toNanos(amount);
      case 'n' -> amount;
      default -> -1;
    };
  }

  /** The status that an answer's head or its trailers hold; {@link #NO_STATUS} for none. */
  static int status(Http2Headers headers) {
    CharSequence value = headers.get(STATUS);
    if (value == null || value.isEmpty() || value.length() > 2 || !Http2Text.isNumber(value)) {
      return NO_STATUS;
    }
    return Integer.parseInt(value, 0, value.length(), 10);
  }

  /**
   * Whether a status speaks against the endpoint. DEADLINE_EXCEEDED does not: deadlines are the
   * clients' choice; nor does RESOURCE_EXHAUSTED, by which quotas are told.
   */
  static boolean isEndpointsFault(int status) {
    return status == UNKNOWN || status == INTERNAL || status == UNAVAILABLE || status == DATA_LOSS;
  }

  /** What a call is told in place of an answer with this status of HTTP. */
  static int statusOf(int http) {
    return switch (http) {
      case 401 -> UNAUTHENTICATED;
      case 403 -> PERMISSION_DENIED;
      case 404, 405, 501 -> UNIMPLEMENTED;
      case 408, 504 -> DEADLINE_EXCEEDED;
      case 413, 414, 429, 431 -> RESOURCE_EXHAUSTED;
      case 502, 503 -> UNAVAILABLE;
      case 400, 500 -> INTERNAL;
      default -> UNKNOWN;
    };
  }

  /** An answer without a body that says so ("trailers-only"). */
  static Http2Headers error(int http) {
    return ReadOnlyHttp2Headers.serverHeaders(
        false,
        Http2Fields.status(200),
        CONTENT_TYPE,
        TYPE,
        STATUS,
        AsciiString.cached(Integer.toString(statusOf(http))),
        MESSAGE,
        AsciiString.cached(ErrorAnswer.line(http)));
  }
}
