package io.steelyard.proxy.log;

/** Reads UTF-8 that may be anything (Unicode 16, table 3-7). */
final class Utf8 {
  private Utf8() {}

  /**
   * The length of the well-formed character of two or more bytes at {@code at}, or 0 when there is
   * none.
   */
  static int length(byte[] bytes, int at, int to) {
    int lead = bytes[at] & 0xFF;
    int length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    if (length == 0 || at + length > to || !secondFits(lead, bytes[at + 1] & 0xFF)) {
      return 0;
    }
    for (int i = at + 2; i < at + length; i++) {
      if ((bytes[i] & 0xC0) != 0x80) {
        return 0;
      }
    }
    return length;
  }

  /** Overlong forms, surrogates and what is beyond U+10FFFF show in the second byte. */
  private static boolean secondFits(int lead, int second) {
    int least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    int most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    return second >= least && second <= most;
  }

  /** The character of two or three bytes at {@code at}. */
  static int decode(byte[] bytes, int at, int length) {
    int second = bytes[at + 1] & 0x3F;
    return length == 2
        ? ((bytes[at] & 0x1F) << 6) | second
        : ((bytes[at] & 0x0F) << 12) | (second << 6) | (bytes[at + 2] & 0x3F);
  }
}
