package io.steelyard.balance.hash;

/**
 * The message digest of RFC 1321, without the state and the allocation that the JDK's brings: the
 * message is read where it is. To place keys, not to protect them. Pure: any thread.
 */
public final class Md5 {
  private static final int A = 0x67452301;
  private static final int B = 0xefcdab89;
  private static final int C = 0x98badcfe;
  private static final int D = 0x10325476;

  /** RFC 1321 section 3.4: the whole part of 2^32 times the sine's absolute value. */
  private static final int[] SINES = sines();

  private static final int[] TURNS = {7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21};

  private Md5() {}

  /**
   * Four bytes of the digest as a little-endian number: 0 for the first four, to 3 for the last.
   */
  public static int word(byte[] key, int from, int to, int which) {
    int a = A;
    int b = B;
    int c = C;
    int d = D;
    int length = to - from;
    int blocks = (length + 8) / 64 + 1;
    for (int block = 0; block < blocks; block++) {
      int oldA = a;
      int oldB = b;
      int oldC = c;
      int oldD = d;
      for (int i = 0; i < 64; i++) {
        int word = padded(key, from, to, block, place(i), block == blocks - 1);
        int sum = a + mixed(i, b, c, d) + word + SINES[i];
        a = d;
        d = c;
        c = b;
        b += Integer.rotateLeft(sum, TURNS[(i >>> 4) * 4 + (i & 3)]);
      }
      a += oldA;
      b += oldB;
      c += oldC;
      d += oldD;
    }
    return switch (which) {
      case 0 -> a;
      case 1 -> b;
      case 2 -> c;
      case 3 -> d;
      default -> throw new IllegalArgumentException("word " + which + ", expected 0 to 3");
    };
  }

  private static int mixed(int step, int b, int c, int d) {
    if (step < 16) {
      return (b & c) | (~b & d);
    }
    if (step < 32) {
      return (d & b) | (~d & c);
    }
    return step < 48 ? b ^ c ^ d : c ^ (b | ~d);
  }

  /** Which word of the block a step takes. */
  private static int place(int step) {
    if (step < 16) {
      return step;
    }
    if (step < 32) {
      return (5 * step + 1) & 15;
    }
    return (step < 48 ? 3 * step + 5 : 7 * step) & 15;
  }

  /** A word of the message as section 3.1 and 3.2 pad it: a bit 1, zeros, the length in bits. */
  private static int padded(byte[] key, int from, int to, int block, int place, boolean isLast) {
    int at = from + block * 64 + place * 4;
    if (at + 4 <= to) {
      return LittleEndian.of4(key, at);
    }
    if (isLast && place >= 14) {
      long bits = (long) (to - from) << 3;
      return (int) (place == 14 ? bits : bits >>> 32);
    }
    if (at > to) {
      return 0;
    }
    return LittleEndian.rest(key, at, to) | 0x80 << 8 * (to - at);
  }

  private static int[] sines() {
    int[] sines = new int[64];
    for (int i = 0; i < sines.length; i++) {
      sines[i] = (int) (long) (Math.abs(StrictMath.sin(i + 1.0)) * 0x1p32);
    }
    return sines;
  }
}
