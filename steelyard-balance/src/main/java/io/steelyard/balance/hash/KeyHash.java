package io.steelyard.balance.hash;

/** Turns a key into a number. Pure: no state, no allocation, any thread. */
@FunctionalInterface
public interface KeyHash {
  /**
   * The hash of {@code key[from]} to {@code key[to - 1]}.
   *
   * @return 32 bits, the upper half zero, or 64 bits: {@link HashFunction#bits}
   */
  long of(byte[] key, int from, int to);
}
