package io.steelyard.balance.balancer;

import static io.steelyard.balance.Fixtures.endpoints;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.FakeSelection;
import io.steelyard.balance.Lease;
import io.steelyard.balance.Outcome;
import io.steelyard.balance.Pool;
import io.steelyard.balance.PoolState;
import io.steelyard.model.BalancerSpec;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every balancer, whatever happens in whatever order. */
class SimulationTest {
  private static final int SEEDS = 256;
  private static final int STEPS = 400;
  private static final List<Outcome> OUTCOMES = List.of(Outcome.values());

  /** Those that make large tables whenever something changes are seen through fewer lives. */
  private static final Set<String> SLOW = Set.of("ketama", "maglev", "ring-hash");

  private static int seeds(String balancer) {
    return SLOW.contains(balancer) ? SEEDS / 16 : SEEDS;
  }

  static Set<String> balancers() {
    return Balancers.standard().names();
  }

  @ParameterizedTest
  @MethodSource("balancers")
  void countsAreExactWhateverHappens(String balancer) {
    for (int seed = 0; seed < seeds(balancer); seed++) {
      var world = new World(balancer, seed);
      for (int step = 0; step < STEPS; step++) {
        world.step();
        world.checkInvariants();
      }
      world.closeAll();
      world.checkInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource("balancers")
  void sameInputsSameDecisions(String balancer) {
    for (int seed = 0; seed < seeds(balancer); seed++) {
      assertThat(decisions(balancer, seed))
          .as("seed %d", seed)
          .isEqualTo(decisions(balancer, seed));
    }
  }

  private static int[] decisions(String balancer, int seed) {
    var world = new World(balancer, seed);
    int[] decisions = new int[STEPS];
    Arrays.setAll(decisions, step -> world.step());
    return decisions;
  }

  @ParameterizedTest
  @MethodSource("balancers")
  void choosingAllocatesNothing(String balancer) {
    for (int size : List.of(3, 1_000)) {
      int[] weights = new SplittableRandom(size).ints(size, 1, 200).toArray();
      var endpoints = endpoints(weights);
      var selection = new FakeSelection(1);
      var chooser = Balancers.standard().create(BalancerSpec.of(balancer), endpoints);
      byte[] key = {'1', '2', '3', '4', '5', '6'};
      selection.key(key);
      for (int i = 0; i < 1_000; i++) {
        chooser.select(selection);
      }

      var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 10_000; i++) {
        key[i % 6] = (byte) ('0' + i % 10);
        chooser.select(selection);
      }
      // The measuring itself may allocate a little; one byte per choice would be 10,000.
      assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(5_000);
    }
  }

  /** Event loops that share endpoints, lease, refuse, fail, and are configured anew. */
  private static final class World {
    private static final int LOOPS = 3;

    private final SplittableRandom random;
    private final BalancerSpec spec;
    private final PoolState state = new PoolState("p");
    private final Pool[] loops = new Pool[LOOPS];
    private final FakeSelection[] selections = new FakeSelection[LOOPS];
    private final List<Lease> open = new ArrayList<>();
    private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    private List<Endpoint> endpoints;
    private long leased;

    World(String balancer, long seed) {
      this.random = new SplittableRandom(seed);
      this.spec = BalancerSpec.of(balancer);
      this.endpoints = endpoints(state, weights());
      for (int i = 0; i < LOOPS; i++) {
        selections[i] = new FakeSelection(seed + i);
        loops[i] = new Pool("p", endpoints, Balancers.standard().create(spec, endpoints), () -> 0);
      }
    }

    /** Always so many endpoints that none is ever forgotten; some of them with weight 0. */
    private int[] weights() {
      return random.ints(80, 0, 6).toArray();
    }

    /** The chosen endpoint's index, or what else happened. */
    int step() {
      int dice = random.nextInt(100);
      if (dice == 0) {
        return reconfigure();
      }
      return dice < 45 && !open.isEmpty() ? close() : lease();
    }

    private int reconfigure() {
      endpoints = endpoints(state, weights());
      for (int i = 0; i < LOOPS; i++) {
        loops[i] = loops[i].successor(endpoints, Balancers.standard().create(spec, endpoints));
      }
      return -2;
    }

    private int close() {
      var lease = open.remove(random.nextInt(open.size()));
      var outcome = OUTCOMES.get(random.nextInt(OUTCOMES.size()));
      int index = lease.endpoint().index();
      lease.close(outcome, random.nextLong(1_000));
      outcomes.merge(outcome, 1L, Long::sum);
      return index;
    }

    private int lease() {
      int loop = random.nextInt(LOOPS);
      var selection = selections[loop];
      selection.acceptAll();
      giveKey(selection);
      for (int refusals = random.nextInt(4); refusals > 0; refusals--) {
        selection.refuse(endpoints.get(random.nextInt(endpoints.size())));
      }
      var lease = loops[loop].lease(selection);
      if (lease == null) {
        return -1;
      }
      assertThat(selection.accepts(lease.endpoint())).isTrue();
      assertThat(lease.endpoint().weight()).isPositive();
      open.add(lease);
      leased++;
      return lease.endpoint().index();
    }

    /** One request in five has none. */
    private void giveKey(FakeSelection selection) {
      if (random.nextInt(5) == 0) {
        selection.noKey();
      } else {
        selection.key(Integer.toString(random.nextInt(1_000_000)));
      }
    }

    void closeAll() {
      while (!open.isEmpty()) {
        close();
      }
    }

    void checkInvariants() {
      long inFlight = 0;
      long picks = 0;
      var ended = new EnumMap<Outcome, Long>(Outcome.class);
      for (var endpoint : endpoints) {
        var counts = endpoint.state();
        assertThat(counts.inFlight()).isNotNegative();
        inFlight += counts.inFlight();
        picks += counts.picks();
        for (var outcome : OUTCOMES) {
          if (counts.outcomes(outcome) > 0) {
            ended.merge(outcome, counts.outcomes(outcome), Long::sum);
          }
        }
      }
      assertThat(inFlight).isEqualTo(open.size());
      assertThat(picks).isEqualTo(leased);
      assertThat(ended).isEqualTo(outcomes);
    }
  }
}
