package io.steelyard.codec.http1;

import io.netty.buffer.ByteBuf;

/** Walks a comma-separated list (RFC 9110 section 5.6.1), empty elements skipped. */
final class Options {

  private Options() {}

  /** Where the next element begins at or after {@code from}, or {@code to}. */
  static int next(ByteBuf buf, int from, int to) {
    int p = from;
    while (p < to && (buf.getByte(p) == ',' || Scan.isBlank(buf.getByte(p)))) {
      p++;
    }
    return p;
  }

  /** Where the element at {@code from} ends: at a comma or at {@code to}. */
  static int end(ByteBuf buf, int from, int to) {
    int p = from;
    while (p < to && buf.getByte(p) != ',') {
      p++;
    }
    return p;
  }

  /** Whether nothing but whitespace follows until the element's end. */
  static boolean endsAt(ByteBuf buf, int at, int to) {
    int p = Scan.skipBlank(buf, at, to);
    return p == to || buf.getByte(p) == ',';
  }
}
