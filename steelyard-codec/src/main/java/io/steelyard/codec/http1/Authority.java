package io.steelyard.codec.http1;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Checks {@code uri-host [ ":" port ]} (RFC 9110 section 7.2, RFC 3986 section 3.2.2). */
final class Authority {

  static final int INVALID = -1;

  private static final int LARGEST_PORT = 65_535;

  /** What a registered name or an IPv4 address consists of, the percent sign of an escape aside. */
  private static final boolean[] NAME = new boolean[256];

  static {
    String unreserved = "-._~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    String delimiters = "!$&'()*+,;=";
    for (byte b : (unreserved + delimiters).getBytes(StandardCharsets.US_ASCII)) {
      NAME[b] = true;
    }
  }

  private Authority() {}

  /**
   * Where the host within the authority [from, to) ends: at the colon before the port or at {@code
   * to}; or INVALID.
   */
  static int hostEnd(ByteBuf buf, int from, int to) {
    int end =
        from < to && buf.getByte(from) == '[' ? literalEnd(buf, from, to) : nameEnd(buf, from, to);
    if (end <= from) {
      return INVALID;
    }
    return end == to || isPort(buf, end, to) ? end : INVALID;
  }

  private static int nameEnd(ByteBuf buf, int from, int to) {
    int p = from;
    while (p < to) {
      byte b = buf.getByte(p);
      if (NAME[b & 0xff]) {
        p++;
      } else if (b == '%' && isEscape(buf, p, to)) {
        p += 3;
      } else {
        break;
      }
    }
    return p;
  }

  /** The end of an IPv6 address in brackets; what is between them is left to who connects to it. */
  private static int literalEnd(ByteBuf buf, int from, int to) {
    int p = from + 1;
    while (p < to
        && (Scan.hexDigit(buf.getByte(p)) >= 0 || buf.getByte(p) == ':' || buf.getByte(p) == '.')) {
      p++;
    }
    return p < to && p > from + 1 && buf.getByte(p) == ']' ? p + 1 : INVALID;
  }

  /** Whether [at, to) is a colon and a port, which may be empty. */
  private static boolean isPort(ByteBuf buf, int at, int to) {
    if (buf.getByte(at) != ':') {
      return false;
    }
    int port = 0;
    for (int p = at + 1; p < to; p++) {
      byte b = buf.getByte(p);
      if (!Scan.isDigit(b)) {
        return false;
      }
      port = 10 * port + (b - '0');
      if (port > LARGEST_PORT) {
        return false;
      }
    }
    return true;
  }

  private static boolean isEscape(ByteBuf buf, int at, int to) {
    return to - at > 2
        && Scan.hexDigit(buf.getByte(at + 1)) >= 0
        && Scan.hexDigit(buf.getByte(at + 2)) >= 0;
  }
}
