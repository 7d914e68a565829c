package io.steelyard.balance.placement;

import java.util.Arrays;

/** Bytes that begin with a text and end with a number that changes. */
final class Text {
  private static final int MOST_DIGITS = 10;

  private final byte[] bytes;
  private final int prefix;
  private final byte[] digits = new byte[MOST_DIGITS];
  private int length;

  /**
   * Begins with this text.
   *
   * @param prefix of characters below 128
   */
  Text(String prefix) {
    var latin = latin(prefix);
    this.prefix = latin.length;
    this.bytes = Arrays.copyOf(latin, latin.length + MOST_DIGITS);
    this.length = this.prefix;
  }

  /** A text's characters as bytes. */
  static byte[] latin(String text) {
    byte[] bytes = new byte[text.length()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) text.charAt(i);
    }
    return bytes;
  }

  /** Ends with this number from now on, in decimal digits. */
  void number(int number) {
    int at = MOST_DIGITS;
    int rest = number;
    do {
      digits[--at] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
    System.arraycopy(digits, at, bytes, prefix, MOST_DIGITS - at);
    length = prefix + MOST_DIGITS - at;
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }
}
