package io.steelyard.packet;

import java.util.BitSet;

/** Hands out numbers from 1 on, the lowest that is free. For one thread. */
final class Numbers {
  private final String what;
  private final int max;
  private final BitSet used = new BitSet();

  Numbers(String what, int max) {
    this.what = what;
    this.max = max;
    used.set(0); // nobody's
  }

  int take() {
    int number = used.nextClearBit(1);
    if (number > max) {
      throw new IllegalStateException("there is room for " + max + " " + what + ", and no more");
    }
    used.set(number);
    return number;
  }

  void take(int number) {
    used.set(number);
  }

  void give(int number) {
    used.clear(number);
  }
}
