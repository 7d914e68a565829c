package io.steelyard.balance.hash;

/**
 * Yann Collet's xxHash in 64 bits: github.com/Cyan4973/xxHash, doc/xxhash_spec.md. Pure: no state,
 * no allocation, any thread.
 */
public final class XxHash64 {
  private static final long P1 = 0x9e3779b185ebca87L;
  private static final long P2 = 0xc2b2ae3d27d4eb4fL;
  private static final long P3 = 0x165667b19e3779f9L;
  private static final long P4 = 0x85ebca77c2b2ae63L;
  private static final long P5 = 0x27d4eb2f165667c5L;

  private XxHash64() {}

  /** The hash of {@code key[from]} to {@code key[to - 1]}. */
  public static long hash(byte[] key, int from, int to, long seed) {
    int at = to - from < 32 ? from : to - (to - from) % 32;
    long hash = (at == from ? seed + P5 : stripes(key, from, at, seed)) + (to - from);
    for (; to - at >= 8; at += 8) {
      hash = Long.rotateLeft(hash ^ round(0, LittleEndian.of8(key, at)), 27) * P1 + P4;
    }
    if (to - at >= 4) {
      long word = LittleEndian.of4(key, at) & 0xffff_ffffL;
      hash = Long.rotateLeft(hash ^ (word * P1), 23) * P2 + P3;
      at += 4;
    }
    for (; at < to; at++) {
      hash = Long.rotateLeft(hash ^ ((key[at] & 0xff) * P5), 11) * P1;
    }
    hash = (hash ^ (hash >>> 33)) * P2;
    hash = (hash ^ (hash >>> 29)) * P3;
    return hash ^ (hash >>> 32);
  }

  private static long stripes(byte[] key, int from, int to, long seed) {
    long a = seed + P1 + P2;
    long b = seed + P2;
    long c = seed;
    long d = seed - P1;
    for (int at = from; at < to; at += 32) {
      a = round(a, LittleEndian.of8(key, at));
      b = round(b, LittleEndian.of8(key, at + 8));
      c = round(c, LittleEndian.of8(key, at + 16));
      d = round(d, LittleEndian.of8(key, at + 24));
    }
    long hash =
        Long.rotateLeft(a, 1)
            + Long.rotateLeft(b, 7)
            + Long.rotateLeft(c, 12)
            + Long.rotateLeft(d, 18);
    return merged(merged(merged(merged(hash, a), b), c), d);
  }

  private static long merged(long hash, long sum) {
    return (hash ^ round(0, sum)) * P1 + P4;
  }

  private static long round(long sum, long word) {
    return Long.rotateLeft(sum + word * P2, 31) * P1;
  }
}
