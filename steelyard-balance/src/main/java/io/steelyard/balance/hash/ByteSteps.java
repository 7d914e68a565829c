package io.steelyard.balance.hash;

/** Hash functions of one simple step for each byte. */
final class ByteSteps {
  private ByteSteps() {}

  static int sdbm(byte[] key, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = (key[i] & 0xff) + hash * 65_599;
    }
    return hash;
  }

  static int djb2(byte[] key, int from, int to) {
    int hash = 5_381;
    for (int i = from; i < to; i++) {
      hash = hash * 33 + (key[i] & 0xff);
    }
    return hash;
  }

  static int wt6(byte[] key, int from, int to) {
    int even = 0xa53c965a;
    int odd = 0x5ca6953a;
    int evenTurn = 6;
    int oddTurn = 18;
    for (int i = from; i < to; i++) {
      int octet = key[i] & 0xff;
      int turned = Integer.rotateLeft(~(odd + octet), evenTurn);
      odd = Integer.rotateLeft(~(even ^ octet), oddTurn);
      even = turned;
      int turns = ((even >>> 16) ^ odd) & 0xffff;
      evenTurn = turns & 0x1f;
      oddTurn = turns >>> 11;
    }
    return even ^ odd;
  }
}
