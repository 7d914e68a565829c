package io.steelyard.balance.placement;

import io.steelyard.balance.Endpoint;
import java.util.Arrays;
import java.util.PriorityQueue;

/**
 * The turns of endpoints by weight, as Envoy's Maglev table takes them: in round t, from 1, those
 * have a turn, in the configuration's order, for whom t · weight has reached the next multiple of
 * the greatest weight. Envoy looks at all in every round; here endpoints of equal weight have their
 * turns in the same rounds, and only those classes are looked at that are due.
 */
final class Rounds {
  private final long greatest;

  /** Positions by class, and in ascending order within one. */
  private final int[][] classes;

  private final int[] weights;

  /** How many turns each class has had. */
  private final long[] had;

  /** Classes by the round that they are due in: the round in the high half, the class below. */
  private final PriorityQueue<Long> due = new PriorityQueue<>();

  /** The turns of this round, and how many there are. */
  private final int[] turns;

  private int count;
  private int turn;

  /**
   * Starts with round 1.
   *
   * @param endpoints at least one, each of weight 1 or more
   */
  Rounds(Endpoint[] endpoints) {
    weights = Arrays.stream(endpoints).mapToInt(Endpoint::weight).sorted().distinct().toArray();
    greatest = weights[weights.length - 1];
    classes = new int[weights.length][];
    had = new long[weights.length];
    turns = new int[endpoints.length];
    int[] sizes = new int[weights.length];
    for (var endpoint : endpoints) {
      sizes[Arrays.binarySearch(weights, endpoint.weight())]++;
    }
    for (int i = 0; i < classes.length; i++) {
      classes[i] = new int[sizes[i]];
      sizes[i] = 0;
      plan(i);
    }
    for (int i = 0; i < endpoints.length; i++) {
      int of = Arrays.binarySearch(weights, endpoints[i].weight());
      classes[of][sizes[of]++] = i;
    }
  }

  private void plan(int which) {
    had[which]++;
    due.add(Math.ceilDiv(had[which] * greatest, (long) weights[which]) << 32 | which);
  }

  /** The position of the endpoint whose turn it is. */
  int next() {
    if (turn == count) {
      startRound();
    }
    return turns[turn++];
  }

  private void startRound() {
    turn = 0;
    count = 0;
    int classesDue = 0;
    long round = due.element() >>> 32;
    for (Long next = due.peek(); next != null && next >>> 32 == round; next = due.peek()) {
      due.remove();
      int[] more = classes[next.intValue()];
      System.arraycopy(more, 0, turns, count, more.length);
      count += more.length;
      classesDue++;
      plan(next.intValue());
    }
    if (classesDue > 1) {
      Arrays.sort(turns, 0, count);
    }
  }
}
