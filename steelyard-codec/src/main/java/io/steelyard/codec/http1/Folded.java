package io.steelyard.codec.http1;

import io.netty.buffer.ByteBuf;

/**
 * A word in small letters that is compared with bytes of any case, a machine word at a time.
 *
 * <p>Setting the bit 0x20 makes small letters of capital ones. It also maps control characters to
 * digits and the hyphen, so the bytes must be known to have none; letters, digits and hyphens are
 * all that such a word may consist of.
 *
 * @param first its first eight bytes; all, padded with zeros, when there are fewer
 * @param second the eight bytes after these, when it has more than 16
 * @param last its last eight bytes, which may overlap the others
 */
record Folded(int length, long first, long second, long last) {

  private static final long FOLD = 0x2020_2020_2020_2020L;
  private static final int LONGEST = 3 * Long.BYTES;

  static Folded of(String lower) {
    int length = lower.length();
    if (length > LONGEST) {
      throw new IllegalArgumentException(lower + " (expected: at most " + LONGEST + " characters)");
    }
    return new Folded(
        length,
        Scan.word(lower),
        length > 2 * Long.BYTES ? Scan.word(lower.substring(Long.BYTES)) : 0,
        length >= Long.BYTES ? Scan.word(lower.substring(length - Long.BYTES)) : 0);
  }

  /**
   * Whether the bytes in [from, to), none of them a control character, are this word, the case of
   * letters aside.
   */
  boolean matches(ByteBuf buf, int from, int to) {
    if (to - from != length) {
      return false;
    }
    if (length < Long.BYTES) {
      return matchesShort(buf, from);
    }
    return folded(buf, from) == first
        && folded(buf, to - Long.BYTES) == last
        && (length <= 2 * Long.BYTES || folded(buf, from + Long.BYTES) == second);
  }

  private boolean matchesShort(ByteBuf buf, int from) {
    if (from + Long.BYTES <= buf.capacity()) {
      return (folded(buf, from) & Scan.lowest(length)) == first;
    }
    for (int i = 0; i < length; i++) {
      if ((buf.getByte(from + i) | 0x20) != ((first >>> (8 * i)) & 0xff)) {
        return false;
      }
    }
    return true;
  }

  private static long folded(ByteBuf buf, int at) {
    return buf.getLongLE(at) | FOLD;
  }
}
