package io.steelyard.balance.balancer;

import static io.steelyard.balance.Fixtures.endpoints;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.FakeSelection;
import io.steelyard.balance.Lease;
import io.steelyard.balance.Outcome;
import io.steelyard.balance.Pool;
import io.steelyard.balance.PoolState;
import io.steelyard.model.BalancerSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code observed} and {@code predictive}. */
class RatioStepsTest {
  private static final long SECOND = 1_000_000_000L;

  private final FakeSelection selection = new FakeSelection(1);
  private final PoolState state = new PoolState("p");
  private final List<List<Lease>> held = new ArrayList<>();
  private long now = -5 * SECOND; // as System.nanoTime may be

  /** Two endpoints, of which one has more than the average: 3 to 2, 4 to 1. */
  @ParameterizedTest
  @CsvSource({"observed, 300, 200", "predictive, 400, 100"})
  void dividesByRatio(String balancer, int few, int many) {
    var endpoints = endpoints(state, 1, 1);
    hold(endpoints, 2, 10);
    var pool = pool(balancer, endpoints, Map.of());
    tick(pool);
    assertThat(shares(pool, 500)).containsExactly(few, many);
  }

  @ParameterizedTest
  @ValueSource(strings = {"observed", "predictive"})
  void endpointsThatCarryTheSameShareByWeight(String balancer) {
    var endpoints = endpoints(state, 3, 2, 0, 1);
    hold(endpoints, 6, 4, 0, 2);
    var pool = pool(balancer, endpoints, Map.of());
    tick(pool);
    assertThat(shares(pool, 600)).containsExactly(300, 200, 0, 100);
  }

  /** Both have six; one had ten before and the other two. */
  @Test
  void whoIsGettingBetterBeatsWhoIsGettingWorse() {
    var endpoints = endpoints(state, 1, 1);
    hold(endpoints, 10, 2);
    var pool = pool("predictive", endpoints, Map.of());
    tick(pool);
    hold(endpoints, 6, 6);
    tick(pool);
    assertThat(shares(pool, 500)).containsExactly(400, 100);

    var observed = pool("observed", endpoints, Map.of());
    tick(observed);
    assertThat(shares(observed, 500)).containsExactly(250, 250);
  }

  @Test
  void responseTimesCountWhenAskedFor() {
    var endpoints = endpoints(state, 1, 1);
    hold(endpoints, 4, 4);
    var pool = pool("observed", endpoints, Map.of("response-time", true));
    selection.now(now);
    for (int i = 0; i < 10; i++) {
      var lease = requireNonNull(pool.lease(selection));
      lease.close(Outcome.SUCCESS, lease.endpoint().index() == 0 ? 50_000_000 : 5_000_000);
    }
    now += SECOND;
    tick(pool);
    assertThat(shares(pool, 500)).containsExactly(200, 300);
  }

  /** Against the rule as F5's users describe it, for random loads; nobody is starved. */
  @ParameterizedTest
  @CsvSource({"observed, 3, 2", "predictive, 4, 1"})
  void agreesWithTheRule(String balancer, int high, int low) {
    for (int seed = 0; seed < 64; seed++) {
      var random = new SplittableRandom(seed);
      int[] weights = random.ints(2 + random.nextInt(40), 1, 4).toArray();
      var endpoints = endpoints(new PoolState("p"), weights);
      held.clear();
      int[] before = random.ints(weights.length, 0, 20).toArray();
      int[] after = random.ints(weights.length, 0, 20).toArray();
      hold(endpoints, before);
      var pool = pool(balancer, endpoints, Map.of());
      tick(pool);
      hold(endpoints, after);
      tick(pool);
      double[] expected = new double[weights.length];
      Arrays.setAll(
          expected,
          i ->
              "observed".equals(balancer)
                  ? (double) after[i] / weights[i]
                  : Math.max(
                      2 * ((double) after[i] / weights[i]) - (double) before[i] / weights[i], 0));
      double average = Arrays.stream(expected).sum() / expected.length;
      int[] ratio = new int[weights.length];
      Arrays.setAll(ratio, i -> (expected[i] <= average ? high : low) * weights[i]);
      int sum = Arrays.stream(ratio).sum();
      int[] shares = shares(pool, 20 * sum);
      for (int i = 0; i < ratio.length; i++) {
        assertThat(shares[i]).as("seed %d", seed).isBetween(20 * ratio[i] - 4, 20 * ratio[i] + 4);
      }
    }
  }

  @Test
  void ratiosOutliveAConfiguration() {
    var old = endpoints(state, 1, 1);
    hold(old, 0, 9);
    var pool = pool("observed", old, Map.of());
    tick(pool);
    var added = endpoints(state, 1, 1, 1);
    var balancer = Balancers.standard().create(BalancerSpec.of("observed"), added);
    var successor = pool.successor(added, balancer);
    assertThat(successor.explain(selection).candidates().get(1).detail()).contains("ratio 2");
    assertThat(successor.explain(selection).candidates().get(0).detail()).contains("ratio 3");
  }

  /** Leases outside of the pool, so many for each endpoint. */
  private void hold(List<Endpoint> endpoints, int... counts) {
    for (int i = 0; i < counts.length; i++) {
      if (held.size() == i) {
        held.add(new ArrayList<>());
      }
      var endpoint = endpoints.get(i);
      var other = new Pool("p", endpoints, any -> endpoint, () -> now);
      while (held.get(i).size() < counts[i]) {
        held.get(i).add(requireNonNull(other.lease(selection)));
      }
      while (held.get(i).size() > counts[i]) {
        held.get(i).removeLast().close();
      }
    }
  }

  /** A second passes, and a choice after which all are observed. */
  private void tick(Pool pool) {
    now += SECOND;
    selection.now(now);
    requireNonNull(pool.lease(selection)).close();
  }

  private int[] shares(Pool pool, int count) {
    int[] shares = new int[pool.endpoints().size()];
    for (int i = 0; i < count; i++) {
      var lease = requireNonNull(pool.lease(selection));
      shares[lease.endpoint().index()]++;
      lease.close(Outcome.CANCELLED, 0);
    }
    return shares;
  }

  private Pool pool(String balancer, List<Endpoint> endpoints, Map<String, Object> options) {
    var made = Balancers.standard().create(new BalancerSpec(balancer, options), endpoints);
    return new Pool("p", endpoints, made, () -> now);
  }
}
