package io.steelyard.balance.balancer;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Selection;

/**
 * Finds the first of many endpoints under an order that changes for one endpoint at a time: a
 * tournament in which only the matches of that one are played again, O(log n).
 *
 * <p>Source: D. E. Knuth, The Art of Computer Programming 3, section 5.4.1 (tree of winners).
 */
final class Tournament {
  private static final int NONE = -1;

  /** Who comes before whom: a strict order of positions. */
  interface Order {
    boolean isBefore(int position, int other);
  }

  private final Endpoint[] endpoints;
  private final Order order;

  /**
   * Endpoint i plays at node n + i; at node k below n, the winners of the nodes 2k and 2k + 1. The
   * winner of all is at node 1.
   */
  private final int[] winners;

  /**
   * Plays all matches.
   *
   * @param endpoints at least one
   * @param order over their positions
   */
  Tournament(Endpoint[] endpoints, Order order) {
    this.endpoints = endpoints;
    this.order = order;
    int n = endpoints.length;
    winners = new int[2 * n];
    for (int i = 0; i < n; i++) {
      winners[n + i] = i;
    }
    playAll();
  }

  /** The whole order may have changed. */
  void playAll() {
    for (int node = endpoints.length - 1; node > 0; node--) {
      winners[node] = play(node);
    }
  }

  /** The place of the endpoint in the order may have changed. */
  void update(int position) {
    for (int node = (endpoints.length + position) >>> 1; node > 0; node >>>= 1) {
      int before = winners[node];
      int winner = play(node);
      if (winner == before && winner != position) {
        return; // lost here as it did before: nobody above has met it
      }
      winners[node] = winner;
    }
  }

  private int play(int node) {
    int left = winners[2 * node];
    int right = winners[2 * node + 1];
    return order.isBefore(right, left) ? right : left;
  }

  /** The position of the first endpoint. */
  int winner() {
    return winners[1];
  }

  /**
   * The position of the first endpoint that the selection accepts, or -1. O(log n) for each that it
   * refuses on the way.
   */
  int first(Selection selection) {
    int winner = winners[1];
    return selection.accepts(endpoints[winner])
        ? winner
        : search(2, winner, search(3, winner, NONE, selection), selection);
  }

  /**
   * The first of those below the node and the best so far.
   *
   * @param refused who won above and was not accepted
   */
  private int search(int node, int refused, int best, Selection selection) {
    if (node >= winners.length) {
      return best; // there is but one endpoint
    }
    int winner = winners[node];
    if (best != NONE && !order.isBefore(winner, best)) {
      return best;
    }
    if (winner != refused && selection.accepts(endpoints[winner])) {
      return winner;
    }
    if (node >= endpoints.length) {
      return best;
    }
    int left = 2 * node;
    return search(left, winner, search(left + 1, winner, best, selection), selection);
  }
}
