package io.steelyard.model;

/** Writes IPv6 addresses in the canonical form of RFC 5952 section 4. */
final class Ipv6Text {
  private static final int GROUPS = 8;

  private Ipv6Text() {}

  /**
   * The 16 bytes in lower-case hexadecimal, the longest run of two or more zero groups as {@code
   * ::}.
   */
  static String of(byte[] address) {
    var groups = new int[GROUPS];
    for (int i = 0; i < GROUPS; i++) {
      groups[i] = ((address[2 * i] & 0xff) << 8) | (address[2 * i + 1] & 0xff);
    }
    int from = 0;
    int length = 0;
    for (int i = 0; i < GROUPS; i++) {
      int run = zeroesAt(groups, i);
      if (run > length) {
        from = i;
        length = run;
      }
    }
    return length < 2
        ? join(groups, 0, GROUPS)
        : join(groups, 0, from) + "::" + join(groups, from + length, GROUPS);
  }

  private static int zeroesAt(int[] groups, int from) {
    int end = from;
    while (end < GROUPS && groups[end] == 0) {
      end++;
    }
    return end - from;
  }

  private static String join(int[] groups, int from, int to) {
    var text = new StringBuilder();
    for (int i = from; i < to; i++) {
      text.append(i == from ? "" : ":").append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }
}
