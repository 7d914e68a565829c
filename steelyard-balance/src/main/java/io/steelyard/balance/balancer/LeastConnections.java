package io.steelyard.balance.balancer;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.EndpointState;
import io.steelyard.balance.Explanation;
import io.steelyard.balance.Outcome;
import io.steelyard.balance.Selection;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code least-connections}: the endpoint with the fewest requests or connections in flight for its
 * weight.
 *
 * <p><b>Rule.</b> The least {@link EndpointState#inFlight inFlight} ÷ weight. Of several, the one
 * whose turn is next: each choice sets an endpoint's next turn 1 ÷ weight after the later of its
 * last turn and the present, so that idle endpoints share by weight, and one that was away does not
 * make up for what it missed. Then the first in the configuration.
 *
 * <p><b>Source.</b> LVS's weighted least-connection scheduling (Linux,
 * net/netfilter/ipvs/ip_vs_wlc.c), without inactive connections; nginx {@code least_conn} (commit
 * 4cb4e8d17934), which breaks ties by round robin, too. The turns are the start tags of start-time
 * fair queueing (P. Goyal, H. M. Vin, H. Cheng, SIGCOMM 1996).
 *
 * <p><b>Cost.</b> Up to {@value #SCANNED} endpoints are looked at one by one: the choice is exact,
 * whatever other event loops did. More play a {@link Tournament}: O(log n). It hears at once what
 * this event loop does; of what others do it learns when it looks again, at the winner before it is
 * chosen and at {@value #REFRESHED} more endpoints per choice in turn. A winner that turns out to
 * be busier than it was thought makes way, up to {@value #SURPRISES} times per choice; one that
 * became less busy unseen is missed for n ÷ {@value #REFRESHED} choices at most. About 40 bytes per
 * endpoint and event loop.
 *
 * <p><b>When.</b> Requests that differ widely in cost, long connections, endpoints whose speed
 * differs or varies. Not where endpoints fail fast: the one that refuses everything is never busy.
 */
final class LeastConnections implements Balancer {
  static final BalancerFactory FACTORY =
      BalancerFactory.plain("least-connections", LeastConnections::new);

  static final int SCANNED = 64;
  private static final int REFRESHED = 4;

  /** How many winners may turn out to be busier than they were thought before one is chosen. */
  private static final int SURPRISES = SCANNED;

  /** A turn at weight 1. All weights to 22 divide it, so that idle endpoints share exactly. */
  private static final long TURN = 232_792_560L << 8;

  /** When the turns start from 0 again, far from overflow and after tens of millions of choices. */
  private static final long LATE = 1L << 62;

  private final List<Endpoint> ready;
  private final Endpoint[] endpoints;
  private final EndpointState[] states;
  private final int[] weight;

  /** In flight, as last seen. */
  private final int[] load;

  /** When each endpoint's next turn is. */
  private final long[] turn;

  /** When the latest choice's turn was. */
  private long now;

  /** Null where all are looked at one by one. */
  private final @Nullable Tournament tournament;

  /** Where in {@link #endpoints} the endpoint of each {@link Endpoint#index} is; or -1. */
  private final int[] positions;

  private int refreshed;

  /**
   * The endpoint chosen last, when its new turn is not yet in the tournament: most often it is
   * leased next, and one replay does for both. Else -1.
   */
  private int pending = -1;

  LeastConnections(List<Endpoint> ready) {
    this(ready, SCANNED);
  }

  /** With another number of endpoints that are looked at one by one. */
  LeastConnections(List<Endpoint> ready, int scanned) {
    this.ready = ready;
    endpoints = Weights.chosen(ready);
    weight = Weights.of(endpoints);
    turn = new long[endpoints.length];
    load = new int[endpoints.length];
    states = new EndpointState[endpoints.length];
    for (int i = 0; i < states.length; i++) {
      states[i] = endpoints[i].state();
      load[i] = states[i].inFlight();
    }
    positions = positions(endpoints);
    tournament = endpoints.length > scanned ? new Tournament(endpoints, this::isBefore) : null;
  }

  /** Stands where the other does, and goes on apart from it. */
  private LeastConnections(LeastConnections other) {
    ready = other.ready;
    endpoints = other.endpoints;
    weight = other.weight;
    states = other.states;
    positions = other.positions;
    turn = other.turn.clone();
    load = other.load.clone();
    now = other.now;
    refreshed = other.refreshed;
    tournament = other.tournament == null ? null : new Tournament(endpoints, this::isBefore);
  }

  private static int[] positions(Endpoint[] endpoints) {
    int highest = Arrays.stream(endpoints).mapToInt(Endpoint::index).max().orElse(-1);
    int[] positions = new int[highest + 1];
    Arrays.fill(positions, -1);
    for (int i = 0; i < endpoints.length; i++) {
      positions[endpoints[i].index()] = i;
    }
    return positions;
  }

  @Override
  public @Nullable Endpoint select(Selection selection) {
    int best = tournament == null ? scan(selection) : play(tournament, selection);
    if (best < 0) {
      return null;
    }
    takeTurn(best);
    return endpoints[best];
  }

  private int scan(Selection selection) {
    int best = -1;
    for (int i = 0; i < endpoints.length; i++) {
      load[i] = states[i].inFlight();
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

  /** Looks at an endpoint again; whether its load has changed. */
  private boolean refresh(int position) {
    int inFlight = states[position].inFlight();
    if (inFlight == load[position]) {
      return false;
    }
    load[position] = inFlight;
    if (tournament != null) {
      tournament.update(position);
    }
    return true;
  }

  /** A strict order. Fractions are compared without division: exact. */
  private boolean isBefore(int position, int other) {
    long mine = (long) load[position] * weight[other];
    long theirs = (long) load[other] * weight[position];
    if (mine != theirs) {
      return mine < theirs;
    }
    return turn[position] != turn[other] ? turn[position] < turn[other] : position < other;
  }

  private void takeTurn(int position) {
    now = Math.max(turn[position], now);
    turn[position] = now + TURN / weight[position];
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

  @Override
  public void opened(Endpoint endpoint) {
    changed(endpoint);
  }

  @Override
  public void closed(Endpoint endpoint, Outcome outcome, long nanos, long clock) {
    changed(endpoint);
  }

  private void changed(Endpoint endpoint) {
    if (tournament == null || endpoint.index() >= positions.length) {
      return;
    }
    int position = positions[endpoint.index()];
    if (position >= 0 && endpoints[position] == endpoint) {
      refresh(position);
    }
  }

  @Override
  public Explanation explain(Selection selection) {
    var copy = new LeastConnections(this);
    var chosen = copy.select(selection);
    return Explanation.of(
        ready,
        selection,
        chosen,
        "the fewest in flight for its weight; among equals the one whose turn is next, then the first",
        endpoint -> (double) copy.load[positions[endpoint.index()]] / endpoint.weight(),
        endpoint ->
            "in flight %d, weight %d, turn %d"
                .formatted(
                    copy.load[positions[endpoint.index()]],
                    endpoint.weight(),
                    turn[positions[endpoint.index()]]));
  }

  /** Endpoints keep their turns; new ones have theirs at once. */
  @Override
  public void takeOver(Balancer previous) {
    if (previous instanceof LeastConnections other) {
      var turns = new IdentityHashMap<EndpointState, Long>();
      for (int i = 0; i < other.states.length; i++) {
        turns.put(other.states[i], other.turn[i]);
      }
      now = other.now;
      for (int i = 0; i < endpoints.length; i++) {
        turn[i] = turns.getOrDefault(states[i], now);
      }
      replayAll();
    }
  }

  /** Lets the turns begin late, to see them start again. */
  void startAt(long time) {
    now = time;
    Arrays.fill(turn, time);
  }
}
