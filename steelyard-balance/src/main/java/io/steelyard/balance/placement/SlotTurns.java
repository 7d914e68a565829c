package io.steelyard.balance.placement;

import io.steelyard.balance.Endpoint;
import java.util.Arrays;

/**
 * The order in which HAProxy (src/lb_map.c, {@code recalc_server_map}) deals the slots of its map.
 *
 * <p>HAProxy's rule: at every slot each server's score grows by its weight; the first server of
 * those with the most whole maps' worth of score has the slot and pays a map's worth. That is a
 * look at every server for every slot. Here a server's standing (its whole maps' worth) is kept,
 * which changes only when the server takes a slot or its score passes a multiple of the map's size:
 * O(slots · log servers) in all.
 */
final class SlotTurns {
  /** More would be no better: weights are cut down beyond that. */
  private static final int MOST_SLOTS = 1 << 22;

  /** Standings from -1 to 2: see the bounds in HAProxy's own comment. */
  private static final int STANDINGS = 4;

  private final Endpoint[] endpoints;
  private final int[] weights;
  private final int slots;
  private final BitTree[] standing = new BitTree[STANDINGS];
  private final byte[] at;

  /** Which servers' scores pass a multiple at each slot: lists, linked by the arrays. */
  private final int[] due;

  private final int[] nextDue;

  /** How many multiples each has passed. */
  private final long[] passed;

  private SlotTurns(Endpoint[] endpoints) {
    this.endpoints = endpoints;
    weights = shares(endpoints);
    slots = Arrays.stream(weights).sum();
    at = new byte[weights.length];
    due = new int[slots + 1];
    nextDue = new int[weights.length];
    passed = new long[weights.length];
    Arrays.fill(due, -1);
    for (int i = 0; i < STANDINGS; i++) {
      standing[i] = new BitTree(weights.length);
    }
    for (int i = 0; i < weights.length; i++) {
      at[i] = 1;
      standing[1].add(i);
      plan(i);
    }
  }

  static Endpoint[] fill(Endpoint[] endpoints) {
    return new SlotTurns(endpoints).deal();
  }

  private Endpoint[] deal() {
    var map = new Endpoint[slots];
    for (int slot = 1; slot <= slots; slot++) {
      for (int i = due[slot]; i >= 0; ) {
        int following = nextDue[i];
        move(i, 1);
        plan(i);
        i = following;
      }
      int best = first();
      map[slot - 1] = endpoints[best];
      move(best, -1);
    }
    return map;
  }

  /** Files when the score next passes a multiple: at slot o when weight · o reaches k · slots. */
  private void plan(int server) {
    passed[server]++;
    long slot = Math.ceilDiv(passed[server] * slots, weights[server]);
    if (slot <= slots) {
      nextDue[server] = due[(int) slot];
      due[(int) slot] = server;
    }
  }

  private void move(int server, int by) {
    standing[at[server]].remove(server);
    at[server] += (byte) by;
    standing[at[server]].add(server);
  }

  private int first() {
    for (int i = STANDINGS - 1; i >= 0; i--) {
      int server = standing[i].first();
      if (server >= 0) {
        return server;
      }
    }
    throw new IllegalStateException("no endpoint stands anywhere");
  }

  private static int[] shares(Endpoint[] endpoints) {
    int divisor = 0;
    long total = 0;
    for (var endpoint : endpoints) {
      divisor = gcd(divisor, endpoint.weight());
      total += endpoint.weight();
    }
    int cut = 0;
    while ((total / divisor) >> cut > MOST_SLOTS) {
      cut++;
    }
    int[] shares = new int[endpoints.length];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = Math.max(1, endpoints[i].weight() / divisor >> cut);
    }
    return shares;
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
