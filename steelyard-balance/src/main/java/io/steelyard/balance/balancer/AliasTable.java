package io.steelyard.balance.balancer;

import java.util.random.RandomGenerator;

/**
 * Draws items with probabilities in proportion to their weights, each draw O(1). Immutable.
 *
 * <p>Source: A. J. Walker, "An efficient method for generating discrete random variables with
 * general distributions", ACM TOMS 3(3), 1977: one draw of 64 bits gives a column (its high part
 * times the number of items) and a level in it (the rest); a column holds at most two items, one
 * below a mark and one above. The table as M. D. Vose builds it, "A linear algorithm for generating
 * random numbers with a given distribution", IEEE TSE 17(9), 1991. 12 bytes per item.
 */
final class AliasTable {
  private static final double TOP = 0x1p63;

  /** Below which level of its column each item is drawn, of 2^63. */
  private final long[] mark;

  /** Which is drawn above that level. */
  private final int[] alias;

  /**
   * Builds the table.
   *
   * @param weights each 1 or more
   */
  AliasTable(int[] weights) {
    mark = new long[weights.length];
    alias = new int[weights.length];
    new Columns(weights).fill();
  }

  /** Draws an item of at least one. */
  int draw(RandomGenerator random) {
    long bits = random.nextLong();
    int column = (int) Math.unsignedMultiplyHigh(bits, mark.length);
    long level = (bits * mark.length) >>> 1;
    return level < mark[column] ? column : alias[column];
  }

  /** Vose's construction, in whole numbers: a column's height is the sum of all weights. */
  private final class Columns {
    private final int size = mark.length;
    private final long[] rest = new long[size];
    private final long height;

    /** Items that do not fill their column, from the start; the others, from the end. */
    private final int[] stacks = new int[size];

    private int low;
    private int high = size;

    Columns(int[] weights) {
      long sum = 0;
      for (int weight : weights) {
        sum += weight;
      }
      height = sum;
      for (int i = 0; i < size; i++) {
        rest[i] = (long) weights[i] * size;
        push(i);
      }
    }

    private void push(int item) {
      if (rest[item] < height) {
        stacks[low++] = item;
      } else {
        stacks[--high] = item;
      }
    }

    /** Each column that is not full takes what it lacks from an item that has too much. */
    void fill() {
      while (low > 0) {
        int poor = stacks[--low];
        int rich = stacks[high++];
        mark[poor] = (long) ((double) rest[poor] / height * TOP);
        alias[poor] = rich;
        rest[rich] -= height - rest[poor];
        push(rich);
      }
      while (high < size) {
        int full = stacks[high++];
        mark[full] = Long.MAX_VALUE;
        alias[full] = full;
      }
    }
  }
}
