package io.steelyard.balance.hash;

/** Austin Appleby's MurmurHash 1, 2 and 3 (github.com/aappleby/smhasher). */
final class Murmur {
  private static final int M1 = 0xc6a4a793;
  private static final int M2 = 0x5bd1e995;
  private static final int C1 = 0xcc9e2d51;
  private static final int C2 = 0x1b873593;

  private Murmur() {}

  static int murmur1(byte[] key, int from, int to, int seed) {
    int hash = seed ^ ((to - from) * M1);
    int at = from;
    for (; to - at >= 4; at += 4) {
      hash = (hash + LittleEndian.of4(key, at)) * M1;
      hash ^= hash >>> 16;
    }
    if (at < to) {
      hash = (hash + LittleEndian.rest(key, at, to)) * M1;
      hash ^= hash >>> 16;
    }
    hash *= M1;
    hash ^= hash >>> 10;
    hash *= M1;
    return hash ^ (hash >>> 17);
  }

  static int murmur2(byte[] key, int from, int to, int seed) {
    int hash = seed ^ (to - from);
    int at = from;
    for (; to - at >= 4; at += 4) {
      int word = LittleEndian.of4(key, at) * M2;
      hash = (hash * M2) ^ ((word ^ (word >>> 24)) * M2);
    }
    if (at < to) {
      hash = (hash ^ LittleEndian.rest(key, at, to)) * M2;
    }
    hash = (hash ^ (hash >>> 13)) * M2;
    return hash ^ (hash >>> 15);
  }

  /** With the seed that libmemcached gives it. */
  static int memcached(byte[] key, int from, int to) {
    return murmur2(key, from, to, 0xdeadbeef * (to - from));
  }

  static int murmur3(byte[] key, int from, int to, int seed) {
    int hash = seed;
    int at = from;
    for (; to - at >= 4; at += 4) {
      hash ^= mixed(LittleEndian.of4(key, at));
      hash = Integer.rotateLeft(hash, 13) * 5 + 0xe6546b64;
    }
    if (at < to) {
      hash ^= mixed(LittleEndian.rest(key, at, to));
    }
    hash ^= to - from;
    hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
    hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
    return hash ^ (hash >>> 16);
  }

  private static int mixed(int word) {
    return Integer.rotateLeft(word * C1, 15) * C2;
  }
}
