package io.steelyard.balance.balancer;

import static io.steelyard.balance.Fixtures.endpoints;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.FakeSelection;
import io.steelyard.balance.Pool;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class TwoChoicesTest {
  /** The oracle draws from the same table with the same randomness. */
  @Test
  void takesTheLessBusyOfTheTwoDrawn() {
    for (int seed = 0; seed < 64; seed++) {
      var random = new SplittableRandom(seed);
      var endpoints = endpoints(random.ints(2 + seed, 1, 6).toArray());
      var pool = pool(endpoints);
      var table = new AliasTable(Weights.of(endpoints.toArray(Endpoint[]::new)));
      var selection = new FakeSelection(seed);
      var same = new SplittableRandom(seed);
      for (int i = 0; i < 300; i++) {
        var first = endpoints.get(table.draw(same));
        var second = other(first, endpoints, table, same);
        var expected = load(second) < load(first) ? second : first;
        assertThat(requireNonNull(pool.lease(selection)).endpoint()).isSameAs(expected);
      }
    }
  }

  private static Endpoint other(
      Endpoint first, List<Endpoint> endpoints, AliasTable table, RandomGenerator random) {
    for (int i = 0; i < 8; i++) {
      var drawn = endpoints.get(table.draw(random));
      if (drawn != first) {
        return drawn;
      }
    }
    return first;
  }

  private static double load(Endpoint endpoint) {
    return (double) endpoint.state().inFlight() / endpoint.weight();
  }

  @Test
  void idleEndpointsShareByWeight() {
    var endpoints = endpoints(5, 3, 2);
    var pool = pool(endpoints);
    var selection = new FakeSelection(7);
    for (int i = 0; i < 100_000; i++) {
      requireNonNull(pool.lease(selection)).close();
    }
    double chiSquare = 0;
    for (var endpoint : endpoints) {
      double expected = 100_000 * endpoint.weight() / 10.0;
      chiSquare += Math.pow(endpoint.state().picks() - expected, 2) / expected;
    }
    assertThat(chiSquare).isLessThan(9.21); // p = 0.01 for two degrees of freedom
  }

  /**
   * Balls into bins: n into n; one choice fills a bin with log n ÷ log log n, two with log log n.
   */
  @Test
  void theBusiestIsHardlyBusierThanTheMean() {
    int[] weights = new int[10_000];
    Arrays.fill(weights, 1);
    var endpoints = endpoints(weights);
    var pool = pool(endpoints);
    var selection = new FakeSelection(1);
    for (int i = 0; i < 10_000; i++) {
      pool.lease(selection);
    }
    assertThat(endpoints.stream().mapToInt(e -> e.state().inFlight()).max().orElseThrow())
        .isLessThanOrEqualTo(4); // ln ln 10,000 ÷ ln 2 = 3.2; random gives 7 or so
  }

  @Test
  void weightsDivideTheLoad() {
    var endpoints = endpoints(8, 4, 4);
    var pool = pool(endpoints);
    var selection = new FakeSelection(1);
    var open = new ArrayDeque<>(List.of(requireNonNull(pool.lease(selection))));
    for (int i = 0; i < 20_000; i++) {
      open.add(requireNonNull(pool.lease(selection)));
      if (open.size() > 160) {
        open.remove().close();
      }
    }
    assertThat(endpoints.get(0).state().inFlight()).isBetween(74, 86);
    assertThat(endpoints.get(1).state().inFlight()).isBetween(34, 46);
  }

  @Test
  void refusalsAndZeroWeights() {
    var selection = new FakeSelection(1);
    assertThat(new TwoChoices(List.of()).select(selection)).isNull();
    assertThat(new TwoChoices(endpoints(0, 0)).select(selection)).isNull();
    assertThat(requireNonNull(new TwoChoices(endpoints(0, 1)).select(selection)).index()).isOne();
    // Hardly ever drawn: found by looking at all.
    var endpoints = endpoints(60_000, 1, 60_000);
    selection.refuse(endpoints.get(0));
    selection.refuse(endpoints.get(2));
    var balancer = new TwoChoices(endpoints);
    for (int i = 0; i < 100; i++) {
      assertThat(balancer.select(selection)).isSameAs(endpoints.get(1));
    }
    selection.refuse(endpoints.get(1));
    assertThat(balancer.select(selection)).isNull();
  }

  private static Pool pool(List<Endpoint> endpoints) {
    return new Pool("p", endpoints, new TwoChoices(endpoints), () -> 0);
  }
}
