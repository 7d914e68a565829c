package io.steelyard.balance.decorate;

import io.steelyard.balance.Selection;

/**
 * Draws lots by a request's key, so that the same key draws the same. Source: FNV-1a (G. Fowler, L.
 * C. Noll, K.-P. Vo, 64 bits), finished by the mixer of SplittableRandom (D. Stafford's variant
 * 13).
 */
final class KeyHash {
  private static final long OFFSET = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private KeyHash() {}

  static boolean isKeyed(Selection selection) {
    return selection.keyLength() >= 0;
  }

  /** A number from 0 to below 1. Different salts draw independently. */
  static double unit(Selection selection, long salt) {
    long hash = OFFSET ^ mix(salt);
    byte[] key = selection.key();
    for (int i = 0; i < selection.keyLength(); i++) {
      hash = (hash ^ (key[i] & 0xff)) * PRIME;
    }
    return (mix(hash) >>> 11) * 0x1p-53;
  }

  /** A hash of a text that says the same everywhere and always. */
  static long of(String text, long salt) {
    long hash = OFFSET ^ mix(salt);
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * PRIME;
    }
    return mix(hash);
  }

  private static long mix(long bits) {
    long mixed = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
