package io.steelyard.balance.balancer;

import static io.steelyard.balance.Fixtures.endpoints;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.FakeSelection;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoundRobinTest {
  private final FakeSelection selection = new FakeSelection(1);

  @Test
  void spreadsTheTurnsOfTheHeavy() {
    assertThat(picks(new RoundRobin(endpoints(5, 1, 1)), 14))
        .containsExactly(0, 0, 1, 0, 2, 0, 0, 0, 0, 1, 0, 2, 0, 0);
  }

  @Test
  void equalWeightsTakeTurns() {
    assertThat(picks(new RoundRobin(endpoints(2, 2, 2)), 7)).containsExactly(0, 1, 2, 0, 1, 2, 0);
  }

  @Test
  void theSequenceIsNginxsWhetherComputedInAdvanceOrNot() {
    for (int seed = 0; seed < 64; seed++) {
      var random = new SplittableRandom(seed);
      int highest = 1 << random.nextInt(1, 16);
      int[] weights = random.ints(random.nextInt(1, 40), 1, highest + 1).toArray();
      var nginx = new SmoothTurnsTest.Nginx(weights);
      assertThat(picks(new RoundRobin(endpoints(weights)), 5_000))
          .as("seed %d", seed)
          .isEqualTo(IntStream.generate(nginx::next).limit(5_000).toArray());
    }
  }

  @Test
  void weightZeroTakesOut() {
    assertThat(picks(new RoundRobin(endpoints(0, 1, 0, 2)), 6)).containsExactly(3, 1, 3, 3, 1, 3);
    assertThat(new RoundRobin(endpoints(0, 0)).select(selection)).isNull();
    assertThat(new RoundRobin(List.of()).select(selection)).isNull();
  }

  @Test
  void refusedLosesItsTurnToTheNext() {
    var endpoints = endpoints(5, 1, 1);
    var balancer = new RoundRobin(endpoints);
    selection.refuse(endpoints.getFirst());
    assertThat(picks(balancer, 4)).containsExactly(1, 2, 1, 2);
    selection.acceptAll();
    assertThat(picks(balancer, 4)).containsExactly(0, 0, 0, 0);
  }

  @Test
  void retriesDoNotDoubleTheNextEndpointsShare() {
    var endpoints = endpoints(1, 1, 1, 1);
    var balancer = new RoundRobin(endpoints);
    int[] served = new int[4];
    for (int i = 0; i < 3_000; i++) {
      var endpoint = requireNonNull(balancer.select(selection));
      if (endpoint.index() == 0) { // dead: the request is tried elsewhere
        selection.refuse(endpoint);
        endpoint = requireNonNull(balancer.select(selection));
        selection.acceptAll();
      }
      served[endpoint.index()]++;
    }
    assertThat(served).containsExactly(0, 1_000, 1_000, 1_000);
  }

  @Test
  void nothingAcceptedIsNull() {
    for (int[] weights :
        List.of(new int[] {1, 1}, new int[] {4_000, 3_999}, new int[] {65_535, 1})) {
      var endpoints = endpoints(weights);
      endpoints.forEach(selection::refuse);
      assertThat(new RoundRobin(endpoints).select(selection)).isNull();
    }
  }

  @Test
  void keepsTheProportionAmongThoseAccepted() {
    var endpoints = endpoints(700, 20, 10);
    selection.refuse(endpoints.getFirst());
    assertThat(counts(picks(new RoundRobin(endpoints), 3_000), 3)).containsExactly(0, 2_000, 1_000);
  }

  @Test
  void findsTheTinyAmongTheRefusedAndSharesEvenly() {
    var endpoints = endpoints(65_535, 1, 1);
    selection.refuse(endpoints.getFirst());
    int[] counts = counts(picks(new RoundRobin(endpoints), 10_000), 3);
    assertThat(counts[0]).isZero();
    assertThat(counts[1]).isBetween(4_900, 5_100);
  }

  @Test
  void goesOnPastTheEndOfAPeriod() {
    for (int[] weights : List.of(new int[] {5, 1, 1}, new int[] {65_535, 1, 32_000})) {
      var sum = Arrays.stream(weights).sum();
      var balancer = new RoundRobin(endpoints(weights));
      balancer.skipTo(sum - 1);
      assertThat(picks(balancer, 5)).hasSize(5);
    }
    var balancer = new RoundRobin(endpoints(5, 1, 1));
    balancer.skipTo(6);
    assertThat(picks(balancer, 4)).containsExactly(0, 0, 0, 1);
    balancer.skipTo(Long.MAX_VALUE);
    assertThat(picks(balancer, 2)).containsExactly(0, 0);
  }

  @Test
  void manyLoopsStayWithinOnePerEndpointEach() {
    int[] total = new int[7];
    int loops = 64;
    for (int loop = 0; loop < loops; loop++) {
      int[] counts = counts(picks(new RoundRobin(endpoints(1, 1, 1, 1, 1, 1, 1)), 100 + loop), 7);
      assertThat(
              Arrays.stream(counts).max().orElseThrow() - Arrays.stream(counts).min().orElseThrow())
          .isLessThanOrEqualTo(1);
      for (int i = 0; i < total.length; i++) {
        total[i] += counts[i];
      }
    }
    assertThat(Arrays.stream(total).max().orElseThrow() - Arrays.stream(total).min().orElseThrow())
        .isLessThanOrEqualTo(loops);
  }

  @Test
  void tenThousandEndpointsTakeTurns() {
    int[] weights = new int[10_000];
    Arrays.fill(weights, 1);
    var picks = picks(new RoundRobin(endpoints(weights)), 20_000);
    assertThat(picks).isEqualTo(IntStream.range(0, 20_000).map(turn -> turn % 10_000).toArray());
  }

  /** traefik#8787: balancers that were made anew at every change started at the first endpoint. */
  @Test
  void changesDoNotSendTrafficBackToTheFirst() {
    var random = new SplittableRandom(8_787);
    int[] counts = new int[5];
    Balancer balancer = new RoundRobin(endpoints(equal(5)));
    for (int i = 0; i < 10_000; i++) {
      counts[requireNonNull(balancer.select(selection)).index()]++;
      int[] weights = equal(5);
      weights[random.nextInt(5)] = random.nextInt(2); // now and then one is away
      var next = new RoundRobin(endpoints(weights));
      next.takeOver(balancer);
      balancer = next;
    }
    for (int count : counts) {
      assertThat(count).isBetween(1_500, 2_500);
    }
  }

  @Test
  void takesOverExactlyWhereNothingChanged() {
    for (int[] weights :
        List.of(new int[] {5, 1, 1}, new int[] {60_000, 1_001, 7}, equal(10_000))) {
      var before = new RoundRobin(endpoints(weights));
      picks(before, 3_333);
      var after = new RoundRobin(endpoints(weights));
      after.takeOver(before);
      assertThat(picks(after, 500)).isEqualTo(picks(before, 500));
    }
  }

  @Test
  void takesOverFromNothingAndFromOthers() {
    var balancer = new RoundRobin(endpoints(5, 1, 1));
    balancer.takeOver(new RoundRobin(List.of()));
    balancer.takeOver(new WeightedRandom(endpoints(1)));
    assertThat(picks(balancer, 3)).containsExactly(0, 0, 1);
    var empty = new RoundRobin(List.of());
    empty.takeOver(balancer);
    assertThat(empty.select(selection)).isNull();
  }

  private static int[] equal(int count) {
    int[] weights = new int[count];
    Arrays.fill(weights, 1);
    return weights;
  }

  private int[] picks(Balancer balancer, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> requireNonNull(balancer.select(selection)))
        .mapToInt(Endpoint::index)
        .toArray();
  }

  private static int[] counts(int[] picks, int endpoints) {
    int[] counts = new int[endpoints];
    for (int pick : picks) {
      counts[pick]++;
    }
    return counts;
  }
}
