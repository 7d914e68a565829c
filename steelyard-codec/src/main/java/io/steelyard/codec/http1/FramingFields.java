package io.steelyard.codec.http1;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Reads the values of the two fields that say where a body ends (RFC 9112 section 6). */
final class FramingFields {

  private static final Folded CHUNKED = Folded.of("chunked");

  private FramingFields() {}

  /**
   * The number that is the value in [from, to), or -1 when it is anything but one decimal number.
   */
  static long contentLength(ByteBuf buf, int from, int to) {
    if (from == to) {
      return -1;
    }
    long value = 0;
    for (int p = from; p < to; p++) {
      byte b = buf.getByte(p);
      if (!Scan.isDigit(b) || value > (Long.MAX_VALUE - 9) / 10) {
        return -1;
      }
      value = 10 * value + (b - '0');
    }
    return value;
  }

  /**
   * What is wrong with the codings in [from, to), or null when that is {@code chunked}, the only
   * one that we know. Where it is not alone, the list still tells which error it is.
   */
  static @Nullable HeadError codingError(ByteBuf buf, int from, int to) {
    boolean chunked = false;
    boolean unknown = false;
    int p = from;
    while (true) {
      int end = Scan.end(Scan.token(buf, p, to));
      if (end == p || chunked) {
        return HeadError.INVALID_CODING;
      }
      chunked = CHUNKED.matches(buf, p, end);
      unknown |= !chunked;
      p = Scan.skipBlank(buf, end, to);
      if (p == to) {
        return unknown ? HeadError.UNKNOWN_CODING : null;
      }
      if (buf.getByte(p) != ',') {
        boolean parameter = !chunked && buf.getByte(p) == ';';
        return parameter ? HeadError.UNKNOWN_CODING : HeadError.INVALID_CODING;
      }
      p = Scan.skipBlank(buf, p + 1, to);
    }
  }
}
