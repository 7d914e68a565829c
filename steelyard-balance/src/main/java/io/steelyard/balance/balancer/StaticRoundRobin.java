package io.steelyard.balance.balancer;

import io.steelyard.balance.Endpoint;
import java.util.Arrays;

/**
 * {@code static-round-robin}: the very sequence of HAProxy's {@code balance static-rr}.
 *
 * <p><b>Rule.</b> HAProxy fills a map with as many places as the weights' sum, after dividing them
 * by their greatest common divisor. For each place every server's score grows by its weight; the
 * server with the most whole sums of weights in its score, the first of several, has the place, and
 * its score falls by the sum. The map is then walked round and round. A server that is not accepted
 * loses its turn. Differs from {@link RoundRobin} in the order only: servers early in the
 * configuration come as soon as they may, not as evenly as they could.
 *
 * <p><b>Source.</b> HAProxy 2.6, src/lb_map.c ({@code recalc_server_map}). The tests compare with
 * the program.
 *
 * <p><b>Cost.</b> HAProxy looks at each server for each place, 200 million steps for 10,000 servers
 * of weights to 3. Here it is known when each server's score next reaches a whole sum; a {@link
 * Tournament} finds whose is next, another who has the place: O(log n) per turn, O(1) where the map
 * is short ({@value RoundRobin#LONGEST_CYCLE} places).
 *
 * <p><b>When.</b> To move from HAProxy without a change in who gets which request. Else {@link
 * RoundRobin}, whose turns are spread more evenly. In HAProxy its weights cannot be changed while
 * it runs; here a new configuration goes on at the same share of the round.
 */
final class StaticRoundRobin implements Turns {
  static final BalancerFactory FACTORY =
      BalancerFactory.plain(
          "static-round-robin", ready -> new RoundRobin(ready, StaticRoundRobin::new));

  private final Endpoint[] endpoints;
  private final long[] weight;
  private final long total;

  /** Each score right after the turn in {@link #since}. */
  private final long[] score;

  private final long[] since;

  /** How many whole sums of weights are in each score, and one more; 0 when it is negative. */
  private final int[] level;

  /** At which turn each score reaches its next level. */
  private final long[] due;

  /** Who has the turn: the highest level, the first of several. */
  private final Tournament places;

  /** Whose score reaches its next level next. */
  private final Tournament levels;

  private long turn;

  StaticRoundRobin(Endpoint[] endpoints) {
    this.endpoints = endpoints;
    weight = Weights.reduced(endpoints);
    total = Arrays.stream(weight).sum();
    score = new long[weight.length];
    since = new long[weight.length];
    level = new int[weight.length];
    due = new long[weight.length];
    start();
    places = places();
    levels = levels();
  }

  private StaticRoundRobin(StaticRoundRobin other) {
    endpoints = other.endpoints;
    weight = other.weight;
    total = other.total;
    score = other.score.clone();
    since = other.since.clone();
    level = other.level.clone();
    due = other.due.clone();
    turn = other.turn;
    places = places();
    levels = levels();
  }

  private Tournament places() {
    return new Tournament(endpoints, (a, b) -> level[a] != level[b] ? level[a] > level[b] : a < b);
  }

  private Tournament levels() {
    return new Tournament(endpoints, (a, b) -> due[a] != due[b] ? due[a] < due[b] : a < b);
  }

  @Override
  public Turns copy() {
    return new StaticRoundRobin(this);
  }

  @Override
  public long period() {
    return total;
  }

  /** All scores are 0 before the first turn, numbered 1, and have grown once at it. */
  private void start() {
    turn = 0;
    Arrays.fill(score, 0);
    Arrays.fill(since, 0);
    Arrays.fill(level, 0);
    Arrays.fill(due, 1);
  }

  @Override
  public int next() {
    if (turn == total) {
      start();
      places.playAll();
      levels.playAll();
    }
    turn++;
    for (int grown = levels.winner(); due[grown] <= turn; grown = levels.winner()) {
      level[grown]++;
      due[grown] = whenAt(grown, level[grown]);
      levels.update(grown);
      places.update(grown);
    }
    int chosen = places.winner();
    pay(chosen);
    return chosen;
  }

  private void pay(int chosen) {
    score[chosen] += (turn - since[chosen]) * weight[chosen] - total;
    since[chosen] = turn;
    level[chosen] = 0;
    due[chosen] = whenAt(chosen, 0);
    levels.update(chosen);
    places.update(chosen);
  }

  /** At which turn a score reaches so many sums of weights, if it is not chosen before. */
  private long whenAt(int item, int sums) {
    long missing = sums * total - score[item];
    return since[item] + Math.max(1, Math.ceilDiv(missing, weight[item]));
  }
}
