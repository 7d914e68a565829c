package io.steelyard.balance.balancer;

import static io.steelyard.balance.Fixtures.endpoints;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.FakeSelection;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightedRandomTest {
  private static final int PICKS = 100_000;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 42, -7})
  void equalWeightsShareEvenly(long seed) {
    int[] weights = new int[10];
    Arrays.fill(weights, 3);
    assertFits(weights, endpoints(weights), new FakeSelection(seed));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 42, -7})
  void sharesFollowTheWeights(long seed) {
    int[] weights = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100, 1_000};
    assertFits(weights, endpoints(weights), new FakeSelection(seed));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void sharesFollowTheWeightsAmongThoseAccepted(long seed) {
    int[] weights = {1_000, 1, 2, 3, 500};
    var endpoints = endpoints(weights);
    var selection = new FakeSelection(seed);
    selection.refuse(endpoints.getFirst());
    selection.refuse(endpoints.getLast());
    assertFits(new int[] {0, 1, 2, 3, 0}, endpoints, selection);
  }

  @Test
  void weightZeroTakesOut() {
    assertFits(new int[] {0, 7, 0, 3}, endpoints(0, 7, 0, 3), new FakeSelection(5));
    assertThat(new WeightedRandom(endpoints(0, 0)).select(new FakeSelection(1))).isNull();
    assertThat(new WeightedRandom(List.of()).select(new FakeSelection(1))).isNull();
  }

  @Test
  void nothingAcceptedIsNull() {
    var endpoints = endpoints(1, 2, 3);
    var selection = new FakeSelection(1);
    endpoints.forEach(selection::refuse);
    assertThat(new WeightedRandom(endpoints).select(selection)).isNull();
  }

  @Test
  void oneAloneIsAlwaysChosen() {
    var endpoints = endpoints(65_535);
    var balancer = new WeightedRandom(endpoints);
    var selection = new FakeSelection(9);
    for (int i = 0; i < 100; i++) {
      assertThat(balancer.select(selection)).isSameAs(endpoints.getFirst());
    }
  }

  @Test
  void findsTheOnlyAcceptedOfTenThousand() {
    int[] weights = IntStream.rangeClosed(1, 10_000).toArray();
    var endpoints = endpoints(weights);
    var selection = new FakeSelection(1);
    endpoints.stream().skip(1).forEach(selection::refuse);
    assertThat(new WeightedRandom(endpoints).select(selection)).isSameAs(endpoints.getFirst());
  }

  @Test
  void everyoneOfManyIsReached() {
    int[] weights = new int[1_000];
    Arrays.fill(weights, Integer.MAX_VALUE);
    var balancer = new WeightedRandom(endpoints(weights));
    var selection = new FakeSelection(3);
    Set<Endpoint> seen = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      seen.add(requireNonNull(balancer.select(selection)));
    }
    assertThat(seen).hasSize(1_000);
  }

  /** Pearson's test: so unlikely a result, one in a hundred, would be no accident. */
  private static void assertFits(int[] weights, List<Endpoint> endpoints, FakeSelection selection) {
    var balancer = new WeightedRandom(endpoints);
    long[] counts = new long[weights.length];
    for (int i = 0; i < PICKS; i++) {
      counts[requireNonNull(balancer.select(selection)).index()]++;
    }
    double total = Arrays.stream(weights).sum();
    double chiSquare = 0;
    int degrees = -1;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] == 0) {
        assertThat(counts[i]).isZero();
      } else {
        double expected = PICKS * weights[i] / total;
        chiSquare += (counts[i] - expected) * (counts[i] - expected) / expected;
        degrees++;
      }
    }
    assertThat(chiSquare).isLessThan(criticalValue(degrees));
  }

  /** The 99th percentile of the distribution, after Wilson and Hilferty (1931). */
  private static double criticalValue(int degrees) {
    double spread = 2.0 / (9 * degrees);
    return degrees * Math.pow(1 - spread + 2.326 * Math.sqrt(spread), 3);
  }
}
