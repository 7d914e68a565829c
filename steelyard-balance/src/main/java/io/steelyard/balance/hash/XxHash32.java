package io.steelyard.balance.hash;

/** Yann Collet's xxHash in 32 bits: github.com/Cyan4973/xxHash, doc/xxhash_spec.md. */
final class XxHash32 {
  private static final int P1 = 0x9e3779b1;
  private static final int P2 = 0x85ebca77;
  private static final int P3 = 0xc2b2ae3d;
  private static final int P4 = 0x27d4eb2f;
  private static final int P5 = 0x165667b1;

  private XxHash32() {}

  static int hash(byte[] key, int from, int to, int seed) {
    int at = to - from < 16 ? from : to - (to - from) % 16;
    int hash = (at == from ? seed + P5 : stripes(key, from, at, seed)) + (to - from);
    for (; to - at >= 4; at += 4) {
      hash = Integer.rotateLeft(hash + LittleEndian.of4(key, at) * P3, 17) * P4;
    }
    for (; at < to; at++) {
      hash = Integer.rotateLeft(hash + (key[at] & 0xff) * P5, 11) * P1;
    }
    hash = (hash ^ (hash >>> 15)) * P2;
    hash = (hash ^ (hash >>> 13)) * P3;
    return hash ^ (hash >>> 16);
  }

  private static int stripes(byte[] key, int from, int to, int seed) {
    int a = seed + P1 + P2;
    int b = seed + P2;
    int c = seed;
    int d = seed - P1;
    for (int at = from; at < to; at += 16) {
      a = round(a, LittleEndian.of4(key, at));
      b = round(b, LittleEndian.of4(key, at + 4));
      c = round(c, LittleEndian.of4(key, at + 8));
      d = round(d, LittleEndian.of4(key, at + 12));
    }
    return Integer.rotateLeft(a, 1)
        + Integer.rotateLeft(b, 7)
        + Integer.rotateLeft(c, 12)
        + Integer.rotateLeft(d, 18);
  }

  private static int round(int sum, int word) {
    return Integer.rotateLeft(sum + word * P2, 13) * P1;
  }
}
