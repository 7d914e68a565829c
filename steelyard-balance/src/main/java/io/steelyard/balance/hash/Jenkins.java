package io.steelyard.balance.hash;

/** Bob Jenkins's: burtleburtle.net/bob/hash. */
final class Jenkins {
  private static final int INITIAL = 13;

  private Jenkins() {}

  static int oneAtATime(byte[] key, int from, int to, boolean signed) {
    int mask = signed ? -1 : 0xff;
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash += key[i] & mask;
      hash += hash << 10;
      hash ^= hash >>> 6;
    }
    hash += hash << 3;
    hash ^= hash >>> 11;
    return hash + (hash << 15);
  }

  /** {@code hashlittle} of lookup3.c. */
  static int lookup3(byte[] key, int from, int to) {
    int a = 0xdeadbeef + (to - from) + INITIAL;
    int b = a;
    int c = a;
    int at = from;
    for (; to - at > 12; at += 12) {
      a += LittleEndian.of4(key, at);
      b += LittleEndian.of4(key, at + 4);
      c += LittleEndian.of4(key, at + 8);
      a = (a - c) ^ Integer.rotateLeft(c, 4);
      c += b;
      b = (b - a) ^ Integer.rotateLeft(a, 6);
      a += c;
      c = (c - b) ^ Integer.rotateLeft(b, 8);
      b += a;
      a = (a - c) ^ Integer.rotateLeft(c, 16);
      c += b;
      b = (b - a) ^ Integer.rotateLeft(a, 19);
      a += c;
      c = (c - b) ^ Integer.rotateLeft(b, 4);
      b += a;
    }
    if (at == to) {
      return c;
    }
    a += LittleEndian.rest(key, at, Math.min(to, at + 4));
    b += LittleEndian.rest(key, at + 4, Math.min(to, at + 8));
    c += LittleEndian.rest(key, at + 8, to);
    return finish(a, b, c);
  }

  private static int finish(int first, int second, int third) {
    int a = first;
    int b = second;
    int c = (third ^ second) - Integer.rotateLeft(second, 14);
    a = (a ^ c) - Integer.rotateLeft(c, 11);
    b = (b ^ a) - Integer.rotateLeft(a, 25);
    c = (c ^ b) - Integer.rotateLeft(b, 16);
    a = (a ^ c) - Integer.rotateLeft(c, 4);
    b = (b ^ a) - Integer.rotateLeft(a, 14);
    return (c ^ b) - Integer.rotateLeft(b, 24);
  }
}
