package io.steelyard.proxy.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Writes what a client sent so that it cannot end a string or a line, whatever it is. */
final class Escapes {
  private static final byte[] LOWER = "0123456789abcdef".getBytes(US_ASCII);
  private static final byte[] UPPER = "0123456789ABCDEF".getBytes(US_ASCII);

  private Escapes() {}

  /**
   * Inside a JSON string: well-formed UTF-8 as it is, except for control characters (C0, DEL, C1)
   * and the two Unicode line separators, which some readers take for the end of a line. A byte that
   * is not UTF-8 becomes {@code \}{@code u00XX}.
   */
  static void json(LineBuffer out, byte[] bytes, int from, int to) {
    int plain = from;
    for (int at = from; at < to; ) {
      int length = jsonPlain(bytes, at, to);
      if (length > 0) {
        at += length;
        continue;
      }
      out.put(bytes, plain, at);
      at = jsonEscape(out, bytes, at, to);
      plain = at;
    }
    out.put(bytes, plain, to);
  }

  /** How many bytes there stand for themselves, 0 when the next must be escaped. */
  private static int jsonPlain(byte[] bytes, int at, int to) {
    byte b = bytes[at];
    if (b >= 0) {
      return b >= ' ' && b != '"' && b != '\\' && b != 0x7F ? 1 : 0;
    }
    int length = Utf8.length(bytes, at, to);
    return length < 4 && length > 0 && breaksLines(Utf8.decode(bytes, at, length)) ? 0 : length;
  }

  private static boolean breaksLines(int character) {
    return character < 0xA0 || character == 0x2028 || character == 0x2029;
  }

  private static int jsonEscape(LineBuffer out, byte[] bytes, int at, int to) {
    byte b = bytes[at];
    int length = b < 0 ? Utf8.length(bytes, at, to) : 0;
    out.put((byte) '\\');
    if (b == '"' || b == '\\') {
      out.put(b);
    } else {
      out.put((byte) 'u');
      hex(out, length == 0 ? b & 0xFF : Utf8.decode(bytes, at, length), 4, LOWER);
    }
    return at + Math.max(length, 1);
  }

  /**
   * As nginx's default: quotes, backslashes, control characters and all beyond ASCII become {@code
   * \xHH}.
   */
  static void combined(LineBuffer out, byte[] bytes, int from, int to) {
    int plain = from;
    for (int at = from; at < to; at++) {
      byte b = bytes[at];
      if (b < ' ' || b == 0x7F || b == '"' || b == '\\') {
        out.put(bytes, plain, at);
        out.put((byte) '\\');
        out.put((byte) 'x');
        hex(out, b & 0xFF, 2, UPPER);
        plain = at + 1;
      }
    }
    out.put(bytes, plain, to);
  }

  private static void hex(LineBuffer out, int value, int digits, byte[] alphabet) {
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
      out.put(alphabet[(value >> shift) & 0xF]);
    }
  }
}
