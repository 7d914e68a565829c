package io.steelyard.balance.hash;

/** Paul Hsieh's SuperFastHash (2004), begun at 0 as libmemcached does, not at the length. */
final class Hsieh {
  private Hsieh() {}

  static int hash(byte[] key, int from, int to, boolean signed) {
    int hash = 0;
    int at = from;
    for (; to - at >= 4; at += 4) {
      hash += LittleEndian.of2(key, at);
      hash = (hash << 16) ^ ((LittleEndian.of2(key, at + 2) << 11) ^ hash);
      hash += hash >>> 11;
    }
    return avalanche(tail(hash, key, at, to, signed));
  }

  private static int tail(int begun, byte[] key, int at, int to, boolean signed) {
    int hash = begun;
    if (to - at == 3) {
      hash += LittleEndian.of2(key, at);
      hash ^= hash << 16;
      hash ^= (key[at + 2] & (signed ? -1 : 0xff)) << 18;
      return hash + (hash >>> 11);
    }
    if (to - at == 2) {
      hash += LittleEndian.of2(key, at);
      hash ^= hash << 11;
      return hash + (hash >>> 17);
    }
    if (to - at == 1) {
      hash += key[at] & 0xff;
      hash ^= hash << 10;
      return hash + (hash >>> 1);
    }
    return hash;
  }

  private static int avalanche(int hashed) {
    int hash = hashed;
    hash ^= hash << 3;
    hash += hash >>> 5;
    hash ^= hash << 4;
    hash += hash >>> 17;
    hash ^= hash << 25;
    return hash + (hash >>> 6);
  }
}
