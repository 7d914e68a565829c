package io.steelyard.balance.balancer;

import static io.steelyard.balance.Fixtures.endpoints;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.FakeSelection;
import io.steelyard.balance.Lease;
import io.steelyard.balance.Pool;
import io.steelyard.balance.PoolState;
import io.steelyard.balance.Selection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every test runs with all endpoints looked at (64) and with a tournament (1). */
class LeastConnectionsTest {
  private final FakeSelection selection = new FakeSelection(1);

  @ParameterizedTest
  @ValueSource(ints = {64, 1})
  void choosesTheLeastBusy(int scanned) {
    var pool = pool(scanned, endpoints(1, 1, 1));
    var a = lease(pool);
    var b = lease(pool);
    var c = lease(pool);
    assertThat(List.of(a, b, c))
        .extracting(lease -> lease.endpoint().index())
        .containsExactly(0, 1, 2);
    b.close();
    assertThat(lease(pool).endpoint().index()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 1})
  void weightsDivideTheLoad(int scanned) {
    var endpoints = endpoints(4, 2, 1);
    var pool = pool(scanned, endpoints);
    for (int i = 0; i < 70; i++) {
      lease(pool);
    }
    assertThat(endpoints).extracting(e -> e.state().inFlight()).containsExactly(40, 20, 10);
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 1})
  void idleEqualsTakeTurns(int scanned) {
    var pool = pool(scanned, endpoints(1, 1, 1));
    assertThat(oneByOne(pool, 7)).containsExactly(0, 1, 2, 0, 1, 2, 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 1})
  void idleShareByWeight(int scanned) {
    var endpoints = endpoints(5, 3, 2);
    oneByOne(pool(scanned, endpoints), 10_000);
    assertThat(endpoints)
        .extracting(e -> e.state().picks())
        .containsExactly(5_000L, 3_000L, 2_000L);
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 1})
  void whoWasAwayDoesNotMakeUpForIt(int scanned) {
    var endpoints = endpoints(1, 1, 1);
    var pool = pool(scanned, endpoints);
    selection.refuse(endpoints.getFirst());
    oneByOne(pool, 10_000);
    selection.acceptAll();
    // One turn more, not thousands.
    assertThat(oneByOne(pool, 7)).containsExactly(0, 0, 1, 2, 0, 1, 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 1})
  void weightZeroTakesOut(int scanned) {
    assertThat(oneByOne(pool(scanned, endpoints(0, 1, 0, 1)), 4)).containsExactly(1, 3, 1, 3);
    assertThat(pool(scanned, endpoints(0, 0)).lease(selection)).isNull();
    assertThat(pool(scanned, List.of()).lease(selection)).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 1})
  void nothingAcceptedIsNull(int scanned) {
    var endpoints = endpoints(1, 2, 3);
    endpoints.forEach(selection::refuse);
    assertThat(pool(scanned, endpoints).lease(selection)).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 1})
  void theTurnsStartAgainBeforeTheyOverflow(int scanned) {
    var endpoints = endpoints(1, 1, 1, 1);
    var balancer = new LeastConnections(endpoints, scanned);
    balancer.startAt((1L << 62) - 1);
    var pool = new Pool("p", endpoints, balancer, () -> 0);
    assertThat(oneByOne(pool, 12)).containsExactly(0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3);
  }

  /** Small pools look at every endpoint: exact whatever other event loops do. */
  @Test
  void everyChoiceIsTheLeastForSmallPools() {
    for (int seed = 0; seed < 256; seed++) {
      var run = new Run(seed, 2 + seed % 63, LeastConnections.SCANNED, 3);
      for (int step = 0; step < 300; step++) {
        run.step();
        assertThat(run.excess).as("seed %d, step %d", seed, step).isZero();
      }
    }
  }

  /** Large pools with one event loop: exact too, for the loop hears of all that happens. */
  @Test
  void everyChoiceIsTheLeastForLargePoolsOfOneLoop() {
    for (int seed = 0; seed < 64; seed++) {
      var run = new Run(seed, 65 + 10 * seed, LeastConnections.SCANNED, 1);
      for (int step = 0; step < 500; step++) {
        run.step();
        assertThat(run.excess).as("seed %d, step %d", seed, step).isZero();
      }
    }
  }

  @Test
  void scanAndTournamentChooseTheSame() {
    for (int seed = 0; seed < 64; seed++) {
      var scan = new Run(seed, 2 + seed, 1_000, 1);
      var tournament = new Run(seed, 2 + seed, 1, 1);
      for (int step = 0; step < 500; step++) {
        assertThat(tournament.step()).as("seed %d, step %d", seed, step).isEqualTo(scan.step());
      }
    }
  }

  /** Large pools with several loops: hardly ever more than one too many. */
  @Test
  void missesLittleWhenOtherLoopsChangeTheLoad() {
    for (int seed = 0; seed < 16; seed++) {
      var run = new Run(seed, 500, LeastConnections.SCANNED, 4);
      double excess = 0;
      for (int step = 0; step < 5_000; step++) {
        run.step();
        excess += run.excess;
      }
      assertThat(excess / 5_000).as("seed %d", seed).isLessThan(0.5);
    }
  }

  @Test
  void isExactAgainOnceOtherLoopsAreQuiet() {
    int size = 400;
    for (int seed = 0; seed < 16; seed++) {
      var run = new Run(seed, size, LeastConnections.SCANNED, 2);
      for (int step = 0; step < 2_000; step++) {
        run.step();
      }
      run.loops = 1;
      for (int step = 0; step < size; step++) {
        run.step(); // about three in five are choices, each looks at four endpoints
      }
      for (int step = 0; step < 500; step++) {
        run.step();
        assertThat(run.excess).as("seed %d, step %d", seed, step).isZero();
      }
    }
  }

  @Test
  void neverChoosesAnEndpointThatIsBusierThanItWas() {
    int[] weights = new int[100];
    Arrays.fill(weights, 1);
    var state = new PoolState("p");
    var mine = pool(LeastConnections.SCANNED, endpoints(state, weights));
    var other = pool(LeastConnections.SCANNED, endpoints(state, weights));
    for (int i = 0; i < 60; i++) {
      lease(other); // none of which mine has heard of
    }
    for (int i = 60; i < 100; i++) {
      assertThat(lease(mine).endpoint().index()).isEqualTo(i);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 1})
  void takesOverTurns(int scanned) {
    var state = new PoolState("p");
    var old = pool(scanned, endpoints(state, 1, 1, 1, 1));
    assertThat(oneByOne(old, 2)).containsExactly(0, 1);
    var added = endpoints(state, 1, 1, 1, 1, 1);
    var pool = old.successor(added, new LeastConnections(added, scanned));
    assertThat(oneByOne(pool, 5)).containsExactly(2, 3, 4, 0, 1);
  }

  private Lease lease(Pool pool) {
    return requireNonNull(pool.lease(selection));
  }

  /** The endpoints of so many requests, each over before the next. */
  private List<Integer> oneByOne(Pool pool, int requests) {
    var indexes = new ArrayList<Integer>();
    for (int i = 0; i < requests; i++) {
      try (var lease = lease(pool)) {
        indexes.add(lease.endpoint().index());
      }
    }
    return indexes;
  }

  private static Pool pool(int scanned, List<Endpoint> endpoints) {
    return new Pool("p", endpoints, new LeastConnections(endpoints, scanned), () -> 0);
  }

  /**
   * Event loops that open and close leases of the same endpoints at random, some with a refusal.
   */
  private static final class Run {
    private final SplittableRandom random;
    private final List<Endpoint> endpoints;
    private final List<Pool> pools = new ArrayList<>();
    private final List<List<Lease>> open = new ArrayList<>();
    private int loops;

    /** By how much the last choice of the first loop was busier than the least busy, in load. */
    private double excess;

    Run(long seed, int size, int scanned, int loops) {
      this.random = new SplittableRandom(seed);
      this.loops = loops;
      this.endpoints = endpoints(random.ints(size, 0, 5).toArray());
      for (int i = 0; i < loops; i++) {
        pools.add(pool(scanned, endpoints));
        open.add(new ArrayList<>());
      }
    }

    /** The chosen endpoint's index; -1 for none, -2 when a lease was closed. */
    int step() {
      excess = 0;
      int loop = random.nextInt(loops);
      var leases = open.get(loop);
      if (!leases.isEmpty() && random.nextInt(5) < 2) {
        leases.remove(random.nextInt(leases.size())).close();
        return -2;
      }
      var selection = new FakeSelection(0);
      if (random.nextInt(10) == 0) {
        selection.refuse(endpoints.get(random.nextInt(endpoints.size())));
      }
      double least = least(selection);
      var lease = pools.get(loop).lease(selection);
      if (lease == null) {
        assertThat(least).isInfinite();
        return -1;
      }
      leases.add(lease);
      var chosen = lease.endpoint();
      assertThat(selection.accepts(chosen)).isTrue();
      if (loop == 0) {
        excess = (double) (chosen.state().inFlight() - 1) / chosen.weight() - least;
      }
      return chosen.index();
    }

    private double least(Selection selection) {
      return endpoints.stream()
          .filter(endpoint -> endpoint.weight() > 0 && selection.accepts(endpoint))
          .mapToDouble(endpoint -> (double) endpoint.state().inFlight() / endpoint.weight())
          .min()
          .orElse(Double.POSITIVE_INFINITY);
    }
  }
}
