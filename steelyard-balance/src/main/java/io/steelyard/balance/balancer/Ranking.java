package io.steelyard.balance.balancer;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.EndpointState;
import io.steelyard.balance.Selection;
import java.util.Arrays;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Endpoints by a {@link Score}, the least first; of equals the one whose turn is next, then the
 * first in the configuration. Belongs to one event loop.
 *
 * <p><b>Turns.</b> Each choice sets an endpoint's next turn 1 ÷ {@linkplain Score#share share}
 * after the later of its last turn and the present, so that equals share in this proportion, and
 * one that was away does not make up for what it missed. These are the start tags of start-time
 * fair queueing (P. Goyal, H. M. Vin, H. Cheng, SIGCOMM 1996).
 *
 * <p><b>Cost.</b> Up to {@value #SCANNED} endpoints are looked at one by one: exact, whatever other
 * event loops did. More play a {@link Tournament}, O(log n): it hears at once what this event loop
 * does, and of others' doings when it looks again, at the winner before it is chosen and at {@value
 * #REFRESHED} more endpoints per choice in turn. 32 bytes per endpoint.
 */
final class Ranking {
  static final int SCANNED = 16;
  private static final int REFRESHED = 4;

  /** How many winners may turn out to be worse than they were thought before one is chosen. */
  private static final int SURPRISES = 64;

  /** A turn at share 1. All weights to 22 divide it, so that equals share exactly. */
  private static final long TURN = 232_792_560L << 8;

  /** When the turns start from 0 again, far from overflow and after tens of millions of choices. */
  private static final long LATE = 1L << 62;

  /** Smaller shares count as this: turns are to stay far from {@link #LATE}. */
  private static final double LEAST_SHARE = 1e-3;

  private final Endpoint[] endpoints;
  private final Score score;

  /** The scores as last seen. */
  private final double[] scores;

  /** When each endpoint's next turn is. */
  private final long[] turn;

  /** When the latest choice's turn was. */
  private long now;

  /** Null where all are looked at one by one. */
  private final @Nullable Tournament tournament;

  private int refreshed;

  /** The endpoint chosen last while its new turn is not yet in the tournament, or -1. */
  private int pending = -1;

  Ranking(Endpoint[] endpoints, Score score, int scanned) {
    this.endpoints = endpoints;
    this.score = score;
    this.turn = new long[endpoints.length];
    this.scores = new double[endpoints.length];
    Arrays.setAll(scores, position -> score.of(endpoints[position]));
    this.tournament = endpoints.length > scanned ? new Tournament(endpoints, this::isBefore) : null;
  }

  private Ranking(Ranking other) {
    endpoints = other.endpoints;
    score = other.score;
    scores = other.scores.clone();
    turn = other.turn.clone();
    now = other.now;
    refreshed = other.refreshed;
    tournament = other.tournament == null ? null : new Tournament(endpoints, this::isBefore);
  }

  /** Stands where this does, and goes on apart from it. */
  Ranking copy() {
    return new Ranking(this);
  }

  /** The position of the first endpoint that the selection accepts, or -1. */
  int best(Selection selection) {
    return tournament == null ? scan(selection) : play(tournament, selection);
  }

  /** The score of an endpoint as last seen. */
  double score(int position) {
    return scores[position];
  }

  private int scan(Selection selection) {
    int best = -1;
    for (int i = 0; i < endpoints.length; i++) {
      scores[i] = score.of(endpoints[i]);
      if ((best < 0 || isBefore(i, best)) && selection.accepts(endpoints[i])) {
        best = i;
      }
    }
    return best;
  }

  private int play(Tournament among, Selection selection) {
    if (pending >= 0) {
      among.update(pending);
      pending = -1;
    }
    for (int i = 0; i < REFRESHED; i++) {
      refresh(refreshed);
      refreshed = refreshed + 1 == endpoints.length ? 0 : refreshed + 1;
    }
    int best = among.first(selection);
    for (int i = 0; best >= 0 && refresh(best) && i < SURPRISES; i++) {
      best = among.first(selection);
    }
    return best;
  }

  /** Looks at an endpoint again; whether its score has changed. */
  boolean refresh(int position) {
    if (tournament == null) {
      return false; // all are looked at anyway
    }
    double seen = score.of(endpoints[position]);
    if (seen == scores[position]) {
      return false;
    }
    scores[position] = seen;
    tournament.update(position);
    return true;
  }

  /** Looks at all endpoints again: O(n). */
  void refreshAll() {
    Arrays.setAll(scores, position -> score.of(endpoints[position]));
    replayAll();
  }

  private boolean isBefore(int position, int other) {
    if (scores[position] != scores[other]) {
      return scores[position] < scores[other];
    }
    return turn[position] != turn[other] ? turn[position] < turn[other] : position < other;
  }

  /** The endpoint at this position is chosen: its next turn comes later. */
  void takeTurn(int position) {
    if (pending >= 0 && pending != position && tournament != null) {
      tournament.update(pending);
    }
    now = Math.max(turn[position], now);
    double share = Math.max(score.share(endpoints[position]), LEAST_SHARE);
    turn[position] = now + (long) (TURN / share);
    pending = position;
    if (now > LATE) {
      restartTurns();
    }
  }

  private void restartTurns() {
    for (int i = 0; i < turn.length; i++) {
      turn[i] = Math.max(turn[i] - now, 0);
    }
    now = 0;
    replayAll();
  }

  private void replayAll() {
    if (tournament != null) {
      tournament.playAll();
    }
  }

  /** Endpoints keep their turns; new ones have theirs at once. */
  void takeOver(Ranking other) {
    var turns = new IdentityHashMap<EndpointState, Long>();
    for (int i = 0; i < other.endpoints.length; i++) {
      turns.put(other.endpoints[i].state(), other.turn[i]);
    }
    now = other.now;
    for (int i = 0; i < endpoints.length; i++) {
      turn[i] = turns.getOrDefault(endpoints[i].state(), now);
    }
    replayAll();
  }

  /** Lets the turns begin late, to see them start again. */
  void startAt(long time) {
    now = time;
    Arrays.fill(turn, time);
  }
}
