package io.steelyard.balance.balancer;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Explanation;
import io.steelyard.balance.Selection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code round-robin}: endpoints in turn, in proportion to their weights, and the turns of each
 * spread as evenly as they can be: 5, 1, 1 gives a a b a c a a and not a a a a a b c.
 *
 * <p><b>Rule.</b> nginx's smooth weighted round robin ({@link SmoothTurns}). An endpoint that is
 * not accepted loses its turn to the next one that is.
 *
 * <p><b>Source.</b> nginx, commit 52327e0627f4 (2012), "Upstream: smooth weighted round-robin
 * balancing": the sequence is the same.
 *
 * <p><b>Cost.</b> O(1) where the sequence repeats within {@value #LONGEST_CYCLE} turns, for it is
 * computed in advance, two bytes per turn; else O(different weights), so O(1) again for equal
 * weights. When endpoints are refused, one step for each turn passed over, {@value #PATIENCE} at
 * most, and O(endpoints) when all are.
 *
 * <p><b>When.</b> Requests of much the same cost, endpoints whose capacity is known: the default.
 * Not for requests that differ widely, or long connections: see {@link LeastConnections}. Each
 * event loop takes its own turns: the shares hold for each loop, and so for all together.
 */
final class RoundRobin implements Balancer {
  static final BalancerFactory FACTORY = BalancerFactory.plain("round-robin", RoundRobin::new);

  static final int LONGEST_CYCLE = 16_384;
  private static final int PATIENCE = 4_096;

  private final List<Endpoint> ready;
  private final Endpoint[] endpoints;

  /** The turns of a whole period; empty when that is too long. */
  private final char[] cycle;

  /** Where {@link #cycle} would be too long; else null. */
  private final @Nullable Turns walk;

  /** Which way it goes round. */
  private final Class<? extends Turns> way;

  private final long period;

  /** Turns taken in this period. */
  private long turn;

  /** Where to look first for an endpoint whose turn is too far away. */
  private int spare;

  RoundRobin(List<Endpoint> ready) {
    this(ready, endpoints -> new SmoothTurns(Weights.of(endpoints)));
  }

  /**
   * Goes round in another way.
   *
   * @param way of at least one endpoint
   */
  RoundRobin(List<Endpoint> ready, Function<Endpoint[], Turns> way) {
    this.ready = ready;
    endpoints = Weights.chosen(ready);
    if (endpoints.length == 0) {
      cycle = new char[0];
      walk = null;
      this.way = Turns.class;
      period = 0;
      return;
    }
    var turns = way.apply(endpoints);
    this.way = turns.getClass();
    period = turns.period();
    boolean isShort = period <= LONGEST_CYCLE;
    cycle = new char[isShort ? (int) period : 0];
    walk = isShort ? null : turns;
    for (int i = 0; i < cycle.length; i++) {
      cycle[i] = (char) turns.next();
    }
  }

  /** Stands where the other does, and goes on apart from it. */
  private RoundRobin(RoundRobin other) {
    ready = other.ready;
    endpoints = other.endpoints;
    cycle = other.cycle;
    walk = other.walk == null ? null : other.walk.copy();
    way = other.way;
    period = other.period;
    turn = other.turn;
    spare = other.spare;
  }

  @Override
  public @Nullable Endpoint select(Selection selection) {
    if (endpoints.length == 0) {
      return null;
    }
    var endpoint = next();
    return selection.accepts(endpoint) ? endpoint : passOver(selection);
  }

  private Endpoint next() {
    int position = walk == null ? cycle[(int) turn] : walk.next();
    turn = turn + 1 == period ? 0 : turn + 1;
    return endpoints[position];
  }

  private @Nullable Endpoint passOver(Selection selection) {
    int some = firstAccepted(selection);
    if (some < 0) {
      return null;
    }
    for (int i = 0; i < PATIENCE; i++) {
      var endpoint = next();
      if (selection.accepts(endpoint)) {
        return endpoint;
      }
    }
    // Those accepted have tiny weights among those refused. They share what they would have had to
    // wait for: evenly, which is better than to search for the exact proportion.
    spare = some + 1 == endpoints.length ? 0 : some + 1;
    return endpoints[some];
  }

  private int firstAccepted(Selection selection) {
    for (int i = 0; i < endpoints.length; i++) {
      int position = spare + i < endpoints.length ? spare + i : spare + i - endpoints.length;
      if (selection.accepts(endpoints[position])) {
        return position;
      }
    }
    return -1;
  }

  @Override
  public Explanation explain(Selection selection) {
    var chosen = new RoundRobin(this).select(selection);
    return Explanation.of(
        ready,
        selection,
        chosen,
        "turn " + turn + " of " + period + ", or the next turn of one that is accepted",
        endpoint -> Double.NaN,
        endpoint -> endpoint.weight() + " turns of " + period + " by weight");
  }

  /**
   * Starts as far into its period as the other is in its own: exact when nothing changed, else the
   * nearest thing to it.
   */
  @Override
  public void takeOver(Balancer previous) {
    if (previous instanceof RoundRobin other && other.way == way && period > 0) {
      skipTo(
          period == other.period
              ? other.turn
              : (long) ((double) other.turn / other.period * period));
    }
  }

  /**
   * Continues as if so many turns had been taken, less than a period. Where all turns are not at
   * hand and there were very many, another start is as good: it differs from the first, and is
   * reached in bounded time.
   */
  void skipTo(long target) {
    turn = Math.min(target, period - 1);
    if (walk != null) {
      long steps = turn % Math.max(PATIENCE, endpoints.length);
      for (long i = 0; i < steps; i++) {
        walk.next();
      }
    }
  }
}
