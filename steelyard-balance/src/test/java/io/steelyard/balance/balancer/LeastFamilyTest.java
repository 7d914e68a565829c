package io.steelyard.balance.balancer;

import static io.steelyard.balance.Fixtures.endpoints;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.EndpointState;
import io.steelyard.balance.FakeSelection;
import io.steelyard.balance.Lease;
import io.steelyard.balance.Pool;
import io.steelyard.balance.PoolState;
import io.steelyard.balance.Selection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The balancers that are LVS's wlc, sed and nq: against the kernel's formulas, in whole numbers.
 */
class LeastFamilyTest {
  private static final int SCAN = 1_000;
  private static final int TOURNAMENT = 1;

  /** An algorithm and the kernel's rule: whether an endpoint goes before another. */
  enum Algorithm {
    WLC(() -> new WeightedLeastConnections(true)) {
      @Override
      boolean isBefore(Endpoint a, Endpoint b) {
        return overhead(a.state()) * b.weight() < overhead(b.state()) * a.weight();
      }

      private static long overhead(EndpointState state) {
        return ((long) state.inFlight() << 8) + state.idle();
      }
    },
    WLC_ACTIVE(() -> new WeightedLeastConnections(false)) {
      @Override
      boolean isBefore(Endpoint a, Endpoint b) {
        return (long) a.state().inFlight() * b.weight() < (long) b.state().inFlight() * a.weight();
      }
    },
    SED(ShortestExpectedDelay::new) {
      @Override
      boolean isBefore(Endpoint a, Endpoint b) {
        return (a.state().inFlight() + 1L) * b.weight() < (b.state().inFlight() + 1L) * a.weight();
      }
    },
    NQ(NeverQueue::new) {
      @Override
      boolean isBefore(Endpoint a, Endpoint b) {
        boolean isIdle = a.state().inFlight() == 0;
        return b.state().inFlight() != 0 && (isIdle || SED.isBefore(a, b));
      }
    };

    @SuppressWarnings("ImmutableEnumChecker") // it only makes
    private final Supplier<Score> score;

    Algorithm(Supplier<Score> score) {
      this.score = score;
    }

    abstract boolean isBefore(Endpoint a, Endpoint b);
  }

  @ParameterizedTest
  @EnumSource
  void everyChoiceIsTheKernels(Algorithm algorithm) {
    for (int seed = 0; seed < 128; seed++) {
      var run = new Run(algorithm, seed, 2 + seed % 15, Ranking.SCANNED, 3);
      for (int step = 0; step < 300; step++) {
        run.step();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyChoiceIsTheKernelsForLargePoolsOfOneLoop(Algorithm algorithm) {
    for (int seed = 0; seed < 24; seed++) {
      var run = new Run(algorithm, seed, 17 + 8 * seed, Ranking.SCANNED, 1);
      for (int step = 0; step < 500; step++) {
        run.step();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void scanAndTournamentChooseTheSame(Algorithm algorithm) {
    for (int seed = 0; seed < 32; seed++) {
      var scan = new Run(algorithm, seed, 2 + seed, SCAN, 1);
      var tournament = new Run(algorithm, seed, 2 + seed, TOURNAMENT, 1);
      for (int step = 0; step < 500; step++) {
        assertThat(tournament.step()).as("seed %d, step %d", seed, step).isEqualTo(scan.step());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void idleEqualsShareByWeight(Algorithm algorithm) {
    for (int scanned : List.of(SCAN, TOURNAMENT)) {
      var endpoints = endpoints(3, 3, 3, 3);
      var pool = pool(algorithm, endpoints, scanned);
      for (int i = 0; i < 1_000; i++) {
        requireNonNull(pool.lease(new FakeSelection(1))).close();
      }
      assertThat(endpoints).extracting(e -> e.state().picks()).containsOnly(250L);
    }
  }

  @Test
  void shortestExpectedDelayPrefersTheHeavy() {
    var endpoints = endpoints(1, 4);
    var pool = pool(Algorithm.SED, endpoints, SCAN);
    for (int i = 0; i < 3; i++) {
      pool.lease(new FakeSelection(1));
    }
    // 1/1 against 1/4, 2/4, 3/4.
    assertThat(endpoints).extracting(e -> e.state().inFlight()).containsExactly(0, 3);
  }

  @Test
  void neverQueueUsesTheIdleFirst() {
    var endpoints = endpoints(1, 4);
    var pool = pool(Algorithm.NQ, endpoints, SCAN);
    for (int i = 0; i < 4; i++) {
      pool.lease(new FakeSelection(1));
    }
    assertThat(endpoints).extracting(e -> e.state().inFlight()).containsExactly(1, 3);
  }

  @Test
  void inactiveConnectionsCountALittle() {
    var endpoints = endpoints(1, 1);
    var state = endpoints.getFirst().state();
    for (int i = 0; i < 255; i++) {
      state.idleAdded();
    }
    var pool = pool(Algorithm.WLC, endpoints, SCAN);
    var selection = new FakeSelection(1);
    assertThat(requireNonNull(pool.lease(selection)).endpoint().index()).isOne();
    assertThat(requireNonNull(pool.lease(selection)).endpoint().index()).isZero();
    assertThat(pool.explain(selection).candidates())
        .extracting(candidate -> candidate.score())
        .containsExactly(256.0 + 255, 256.0);
    state.idleRemoved();
    assertThat(state.idle()).isEqualTo(254);
  }

  @ParameterizedTest
  @EnumSource
  void theTurnsStartAgainBeforeTheyOverflow(Algorithm algorithm) {
    for (int scanned : List.of(SCAN, TOURNAMENT)) {
      var endpoints = endpoints(1, 1, 1);
      var balancer = new Least(endpoints, algorithm.score.get(), 0, scanned);
      balancer.startAt((1L << 62) - 1);
      var indexes = new ArrayList<Integer>();
      for (int i = 0; i < 9; i++) {
        indexes.add(requireNonNull(balancer.select(new FakeSelection(1))).index());
      }
      assertThat(indexes).containsExactly(0, 1, 2, 0, 1, 2, 0, 1, 2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void takesOverTurns(Algorithm algorithm) {
    for (int scanned : List.of(SCAN, TOURNAMENT)) {
      var state = new PoolState("p");
      var old = new Least(endpoints(state, 1, 1, 1, 1), algorithm.score.get(), 0, scanned);
      old.select(new FakeSelection(1));
      old.select(new FakeSelection(1));
      var next = new Least(endpoints(state, 1, 1, 1, 1, 1), algorithm.score.get(), 0, scanned);
      next.takeOver(old);
      var indexes = new ArrayList<Integer>();
      for (int i = 0; i < 5; i++) {
        indexes.add(requireNonNull(next.select(new FakeSelection(1))).index());
      }
      assertThat(indexes).containsExactly(2, 3, 4, 0, 1);
    }
  }

  /**
   * One of 10,000 endpoints changes its weight: five milliseconds, and much slack for this machine.
   */
  @Test
  void aLargePoolIsMadeAnewInMilliseconds() {
    int[] weights = new int[10_000];
    Arrays.fill(weights, 3);
    var state = new PoolState("p");
    var balancer = new Least(endpoints(state, weights), new ShortestExpectedDelay());
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 30; i++) {
      weights[i] = 2;
      var endpoints = endpoints(state, weights);
      long start = System.nanoTime();
      var next = new Least(endpoints, new ShortestExpectedDelay());
      next.takeOver(balancer);
      best = Math.min(best, System.nanoTime() - start);
      balancer = next;
    }
    assertThat(best).isLessThan(20_000_000);
  }

  private static Pool pool(Algorithm algorithm, List<Endpoint> endpoints, int scanned) {
    return new Pool(
        "p", endpoints, new Least(endpoints, algorithm.score.get(), 0, scanned), () -> 0);
  }

  /**
   * Event loops that open and close leases, and connections that become idle and are used again.
   */
  private static final class Run {
    private final Algorithm algorithm;
    private final SplittableRandom random;
    private final List<Endpoint> endpoints;
    private final List<Pool> pools = new ArrayList<>();
    private final List<List<Lease>> open = new ArrayList<>();
    private final boolean changesIdle;

    Run(Algorithm algorithm, long seed, int size, int scanned, int loops) {
      this.algorithm = algorithm;
      this.random = new SplittableRandom(seed);
      this.endpoints = endpoints(random.ints(size, 0, 5).toArray());
      this.changesIdle = loops > 1; // the balancer is not told of it
      for (int i = 0; i < loops; i++) {
        pools.add(pool(algorithm, endpoints, scanned));
        open.add(new ArrayList<>());
      }
    }

    /** The chosen endpoint's index; -1 for none, -2 when a lease was closed. */
    int step() {
      int loop = random.nextInt(pools.size());
      var leases = open.get(loop);
      if (!leases.isEmpty() && random.nextInt(5) < 2) {
        var lease = leases.remove(random.nextInt(leases.size()));
        if (changesIdle) {
          lease.endpoint().state().idleAdded();
        }
        lease.close();
        return -2;
      }
      var selection = new FakeSelection(0);
      if (random.nextInt(10) == 0) {
        selection.refuse(endpoints.get(random.nextInt(endpoints.size())));
      }
      var best = best(selection);
      var lease = pools.get(loop).lease(selection);
      if (lease == null) {
        assertThat(best).isEmpty();
        return -1;
      }
      leases.add(lease);
      assertThat(best).contains(lease.endpoint());
      return lease.endpoint().index();
    }

    /** All that the kernel's rule puts before the others. */
    private List<Endpoint> best(Selection selection) {
      var best = new ArrayList<Endpoint>();
      for (var endpoint : endpoints) {
        if (endpoint.weight() == 0 || !selection.accepts(endpoint)) {
          continue;
        }
        if (best.isEmpty() || algorithm.isBefore(endpoint, best.getFirst())) {
          best.clear();
          best.add(endpoint);
        } else if (!algorithm.isBefore(best.getFirst(), endpoint)) {
          best.add(endpoint);
        }
      }
      return best;
    }
  }
}
