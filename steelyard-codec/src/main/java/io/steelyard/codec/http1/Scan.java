package io.steelyard.codec.http1;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Finds the first byte that does not belong, eight bytes at a time where eight are left.
 *
 * <p>A word is read little-endian, so the first byte in memory is the lowest. The word tests
 * subtract across all eight lanes; a borrow can only falsify lanes above a true hit, hence the
 * lowest hit is always right.
 */
final class Scan {

  static final byte HTAB = '\t';
  static final byte LF = '\n';
  static final byte CR = '\r';
  static final byte SP = ' ';

  private static final int DEL = 0x7f;
  private static final int WORD = Long.BYTES;
  private static final long EVERY = 0x0101_0101_0101_0101L;
  private static final long HIGH = 0x8080_8080_8080_8080L;

  /**
   * Token characters (RFC 9110 section 5.6.2), capital letters mapped to small ones; 0 for all
   * else.
   */
  private static final byte[] TOKEN = new byte[256];

  static {
    for (byte b :
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz".getBytes(StandardCharsets.US_ASCII)) {
      TOKEN[b] = b;
    }
    for (int c = 'A'; c <= 'Z'; c++) {
      TOKEN[c] = (byte) (c | 0x20);
    }
  }

  private Scan() {}

  /** The index of the first byte that is a control character other than HTAB, or {@code to}. */
  static int value(ByteBuf buf, int from, int to) {
    int p = from;
    while (p <= to - WORD) {
      long word = buf.getLongLE(p);
      long hits = below(word, 0x20) | equal(word, DEL);
      if (hits == 0) {
        p += WORD;
      } else {
        p += lane(hits);
        if (buf.getByte(p) != HTAB) {
          return p;
        }
        p++;
      }
    }
    while (p < to && isValue(buf.getByte(p))) {
      p++;
    }
    return p;
  }

  /** The index of the first byte that is a space or a control character, or {@code to}. */
  static int visible(ByteBuf buf, int from, int to) {
    int p = from;
    while (p <= to - WORD) {
      long word = buf.getLongLE(p);
      long hits = below(word, 0x21) | equal(word, DEL);
      if (hits != 0) {
        return p + lane(hits);
      }
      p += WORD;
    }
    while (p < to && isVisible(buf.getByte(p))) {
      p++;
    }
    return p;
  }

  /** The index of the first byte that is one of two, or {@code to}. */
  static int either(ByteBuf buf, int from, int to, char one, char other) {
    int p = from;
    while (p <= to - WORD) {
      long word = buf.getLongLE(p);
      long hits = equal(word, one) | equal(word, other);
      if (hits != 0) {
        return p + lane(hits);
      }
      p += WORD;
    }
    while (p < to && buf.getByte(p) != one && buf.getByte(p) != other) {
      p++;
    }
    return p;
  }

  /**
   * Reads a token from {@code from} on. Returns where it ends (the first byte that is not of a
   * token, or {@code to}) in the low half, and its {@link #hash} in the high half: see {@link #end}
   * and {@link #hash(long)}.
   */
  static long token(ByteBuf buf, int from, int to) {
    int p = from;
    int hash = 0;
    while (p <= to - WORD) {
      long word = buf.getLongLE(p);
      for (int i = 0; i < WORD; i++) {
        byte folded = TOKEN[(int) word & 0xff];
        if (folded == 0) {
          return pack(hash, p + i);
        }
        hash = mix(hash, folded);
        word >>>= 8;
      }
      p += WORD;
    }
    for (; p < to; p++) {
      byte folded = TOKEN[buf.getByte(p) & 0xff];
      if (folded == 0) {
        break;
      }
      hash = mix(hash, folded);
    }
    return pack(hash, p);
  }

  /** Where a token ends that {@link #token} has read. */
  static int end(long token) {
    return (int) token;
  }

  /** The hash of a token that {@link #token} has read. */
  static int hash(long token) {
    return (int) (token >>> 32);
  }

  /** The hash of a token in small letters. */
  static int hash(String lower) {
    int hash = 0;
    for (int i = 0; i < lower.length(); i++) {
      hash = mix(hash, lower.charAt(i));
    }
    return hash;
  }

  /** Whether the tokens of one length at two places are the same, the case of letters aside. */
  static boolean sameToken(ByteBuf buf, int one, int other, int length) {
    for (int i = 0; i < length; i++) {
      if (TOKEN[buf.getByte(one + i) & 0xff] != TOKEN[buf.getByte(other + i) & 0xff]) {
        return false;
      }
    }
    return true;
  }

  /** The index of the first byte that is neither a space nor a tab, or {@code to}. */
  static int skipBlank(ByteBuf buf, int from, int to) {
    int p = from;
    while (p < to && isBlank(buf.getByte(p))) {
      p++;
    }
    return p;
  }

  /** Where [from, to) ends when spaces and tabs at its end are left out. */
  static int trimBlank(ByteBuf buf, int from, int to) {
    int p = to;
    while (p > from && isBlank(buf.getByte(p - 1))) {
      p--;
    }
    return p;
  }

  static boolean isToken(byte b) {
    return TOKEN[b & 0xff] != 0;
  }

  static boolean isBlank(byte b) {
    return b == SP || b == HTAB;
  }

  static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  /** The value of a hexadecimal digit, or -1. */
  static int hexDigit(byte b) {
    if (isDigit(b)) {
      return b - '0';
    }
    int lower = b | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }

  /**
   * Whether a byte may stand in a field value: visible, space, tab, or one of those above ASCII.
   */
  static boolean isValue(byte b) {
    return (b >= SP && b != DEL) || b == HTAB || b < 0;
  }

  static boolean isVisible(byte b) {
    return (b > SP && b != DEL) || b < 0;
  }

  /** At most eight ASCII characters as a little-endian word. */
  static long word(String ascii) {
    long word = 0;
    for (int i = 0; i < ascii.length() && i < WORD; i++) {
      word |= (long) ascii.charAt(i) << (8 * i);
    }
    return word;
  }

  /** A mask of the lowest bytes of a word, fewer than eight. */
  static long lowest(int bytes) {
    return (1L << (8 * bytes)) - 1;
  }

  /** Cheap rather than strong: it sits on the longest chain of a token's bytes. */
  private static int mix(int hash, int b) {
    return Integer.rotateLeft(hash, 5) ^ b;
  }

  private static long pack(int hash, int end) {
    return ((long) hash << 32) | end;
  }

  private static long below(long word, int bound) {
    return (word - EVERY * bound) & ~word & HIGH;
  }

  private static long equal(long word, int value) {
    long difference = word ^ (EVERY * value);
    return (difference - EVERY) & ~difference & HIGH;
  }

  private static int lane(long hits) {
    return Long.numberOfTrailingZeros(hits) >>> 3;
  }
}
