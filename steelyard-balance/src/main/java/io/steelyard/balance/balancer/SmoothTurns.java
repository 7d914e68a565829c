package io.steelyard.balance.balancer;

import java.util.Arrays;

/**
 * The endless sequence of turns that nginx's smooth weighted round robin gives items by weight.
 *
 * <p>nginx's rule: at each turn every item's credit grows by its weight; the item of most credit,
 * the first of them, has the turn and pays the sum of all weights. That looks at every item at
 * every turn. Here items of equal weight form a class: they are a turn apart from each other at
 * most, so they take their turns one after the other, and one credit per class, that of the next in
 * line, is enough. The sequence is nginx's exactly; a turn costs as many steps as there are
 * different weights, one when all are equal.
 *
 * <p>Credits stay between minus and plus the sum of all weights: there is no counter that grows.
 */
final class SmoothTurns implements Turns {
  /** Items, class by class; within a class in ascending order. */
  private final int[] items;

  /** Class k is items[first[k]] to items[first[k + 1] - 1]. */
  private final int[] first;

  /** Where in {@link #items} the next in line of each class is. */
  private final int[] next;

  private final long[] weight;
  private final long[] credit;
  private final long total;

  /**
   * Starts the sequence.
   *
   * @param weights each 1 or more; at least one
   */
  SmoothTurns(int[] weights) {
    int divisor = Weights.greatestCommonDivisor(weights);
    long[] distinct = distinct(weights);
    int classes = distinct.length;
    items = new int[weights.length];
    first = new int[classes + 1];
    for (int w : weights) {
      first[Arrays.binarySearch(distinct, w) + 1]++;
    }
    for (int k = 0; k < classes; k++) {
      first[k + 1] += first[k];
    }
    next = Arrays.copyOf(first, classes);
    for (int item = 0; item < weights.length; item++) {
      items[next[Arrays.binarySearch(distinct, weights[item])]++] = item;
    }
    System.arraycopy(first, 0, next, 0, classes);
    credit = new long[classes];
    weight = distinct;
    long sum = 0;
    for (int k = 0; k < classes; k++) {
      weight[k] /= divisor;
      sum += weight[k] * (first[k + 1] - first[k]);
    }
    total = sum;
  }

  /** Goes on from where the other is, apart from it. */
  SmoothTurns(SmoothTurns other) {
    items = other.items;
    first = other.first;
    next = other.next.clone();
    weight = other.weight;
    credit = other.credit.clone();
    total = other.total;
  }

  @Override
  public long period() {
    return total;
  }

  @Override
  public Turns copy() {
    return new SmoothTurns(this);
  }

  @Override
  public int next() {
    int best = 0;
    credit[0] += weight[0];
    for (int k = 1; k < credit.length; k++) {
      credit[k] += weight[k];
      if (isBefore(k, best)) {
        best = k;
      }
    }
    return take(best);
  }

  private boolean isBefore(int k, int other) {
    return credit[k] != credit[other]
        ? credit[k] > credit[other]
        : items[next[k]] < items[next[other]];
  }

  /** Only once all of the class have had a turn has the next in line paid for one. */
  private int take(int k) {
    int item = items[next[k]++];
    if (next[k] == first[k + 1]) {
      next[k] = first[k];
      credit[k] -= total;
    }
    return item;
  }

  private static long[] distinct(int[] weights) {
    int[] sorted = weights.clone();
    Arrays.sort(sorted);
    long[] distinct = new long[sorted.length];
    int count = 0;
    for (int w : sorted) {
      if (count == 0 || w != distinct[count - 1]) {
        distinct[count++] = w;
      }
    }
    return Arrays.copyOf(distinct, count);
  }
}
