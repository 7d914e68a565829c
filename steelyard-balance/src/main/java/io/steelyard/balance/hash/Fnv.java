package io.steelyard.balance.hash;

/**
 * The hashes of Glenn Fowler, Landon Curt Noll and Phong Vo (draft-eastlake-fnv).
 *
 * <p>{@code signed}: bytes from 128 on are taken as negative numbers, as C programs do whose {@code
 * char} is signed.
 */
final class Fnv {
  private static final int BASIS = 0x811c9dc5;
  private static final int PRIME = 0x01000193;
  private static final long LONG_BASIS = 0xcbf29ce484222325L;
  private static final long LONG_PRIME = 0x100000001b3L;

  private Fnv() {}

  static int fnv1(byte[] key, int from, int to, boolean signed) {
    int mask = signed ? -1 : 0xff;
    int hash = BASIS;
    for (int i = from; i < to; i++) {
      hash = (hash * PRIME) ^ (key[i] & mask);
    }
    return hash;
  }

  static int fnv1a(byte[] key, int from, int to, boolean signed) {
    int mask = signed ? -1 : 0xff;
    int hash = BASIS;
    for (int i = from; i < to; i++) {
      hash = (hash ^ (key[i] & mask)) * PRIME;
    }
    return hash;
  }

  static long fnv1Long(byte[] key, int from, int to, boolean signed) {
    int mask = signed ? -1 : 0xff;
    long hash = LONG_BASIS;
    for (int i = from; i < to; i++) {
      hash = (hash * LONG_PRIME) ^ (key[i] & mask);
    }
    return hash;
  }

  static long fnv1aLong(byte[] key, int from, int to, boolean signed) {
    int mask = signed ? -1 : 0xff;
    long hash = LONG_BASIS;
    for (int i = from; i < to; i++) {
      hash = (hash ^ (key[i] & mask)) * LONG_PRIME;
    }
    return hash;
  }
}
