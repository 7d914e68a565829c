package io.steelyard.balance.hash;

/** Spreads the differences of numbers over all their bits. Pure: any thread. */
public final class Mix {
  private Mix() {}

  /**
   * HAProxy's {@code full_hash}, its modifier {@code avalanche}: an integer hash of Bob Jenkins's,
   * times a large prime.
   */
  public static int avalanche(int number) {
    int a = number;
    a = (a + 0x7ed55d16) + (a << 12);
    a = (a ^ 0xc761c23c) ^ (a >>> 19);
    a = (a + 0x165667b1) + (a << 5);
    a = (a + 0xd3a2646c) ^ (a << 9);
    a = (a + 0xfd7046c5) + (a << 3);
    a = (a ^ 0xb55a4f09) ^ (a >>> 16);
    return a * 0xc0000001;
  }

  /** MurmurHash3's finalizer for 64 bits: a permutation. */
  public static long bits(long number) {
    long mixed = (number ^ (number >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }
}
