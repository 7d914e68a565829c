package io.steelyard.balance.placement;

/** Keys that are numbers. */
public final class KeyNumber {
  private static final int MOST_DIGITS = 19;

  private KeyNumber() {}

  /**
   * Reads decimal digits.
   *
   * @return the number, or -1 when the key is anything but the digits of a number below 2^63
   */
  public static long of(byte[] key, int from, int to) {
    if (from == to || to - from > MOST_DIGITS) {
      return -1;
    }
    long number = 0;
    for (int i = from; i < to; i++) {
      int digit = key[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    // Nineteen digits reach beyond 2^63, but not beyond 2^64: what does is negative.
    return number < 0 ? -1 : number;
  }
}
