package io.steelyard.balance.placement;

/** A set of small numbers that knows its least: a bit each, and a bit for each word of bits. */
final class BitTree {
  private final long[] words;
  private final long[] summary;

  BitTree(int size) {
    words = new long[(size >>> 6) + 1];
    summary = new long[(words.length >>> 6) + 1];
  }

  void add(int number) {
    words[number >>> 6] |= 1L << number;
    summary[number >>> 12] |= 1L << (number >>> 6);
  }

  void remove(int number) {
    words[number >>> 6] &= ~(1L << number);
    if (words[number >>> 6] == 0) {
      summary[number >>> 12] &= ~(1L << (number >>> 6));
    }
  }

  /** The least, or -1 when there is none. */
  int first() {
    for (int i = 0; i < summary.length; i++) {
      if (summary[i] != 0) {
        int word = (i << 6) + Long.numberOfTrailingZeros(summary[i]);
        return (word << 6) + Long.numberOfTrailingZeros(words[word]);
      }
    }
    return -1;
  }
}
