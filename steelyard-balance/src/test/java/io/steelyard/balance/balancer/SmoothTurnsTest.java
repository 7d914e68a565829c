package io.steelyard.balance.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmoothTurnsTest {
  @Test
  void givesNginxsExample() {
    assertThat(take(new SmoothTurns(new int[] {5, 1, 1}), 14))
        .containsExactly(0, 0, 1, 0, 2, 0, 0, 0, 0, 1, 0, 2, 0, 0);
  }

  @Test
  void commonFactorsDoNotLengthenThePeriod() {
    var turns = new SmoothTurns(new int[] {50, 10, 10});
    assertThat(turns.period()).isEqualTo(7);
    assertThat(take(turns, 7)).containsExactly(0, 0, 1, 0, 2, 0, 0);
  }

  @Test
  void equalWeightsAreAPlainCycle() {
    var turns = new SmoothTurns(new int[] {9, 9, 9, 9});
    assertThat(turns.period()).isEqualTo(4);
    assertThat(take(turns, 9)).containsExactly(0, 1, 2, 3, 0, 1, 2, 3, 0);
  }

  @Test
  void givesNginxsSequenceForAnyWeights() {
    for (int seed = 0; seed < 256; seed++) {
      var random = new SplittableRandom(seed);
      int highest = 1 << random.nextInt(1, 16);
      int[] weights = random.ints(random.nextInt(1, 40), 1, highest + 1).toArray();
      assertThat(take(new SmoothTurns(weights), 3_000))
          .as("seed %d, weights %s", seed, Arrays.toString(weights))
          .isEqualTo(take(new Nginx(weights)::next, 3_000));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {65_535, Integer.MAX_VALUE})
  void hugeWeightsDoNotOverflow(int huge) {
    int[] weights = {huge, huge - 1, 1, huge, huge - 2};
    assertThat(take(new SmoothTurns(weights), 100_000))
        .isEqualTo(take(new Nginx(weights)::next, 100_000));
  }

  @Test
  void startsAgainAfterItsPeriodWithEveryShareExact() {
    int[] weights = {3, 1, 4, 1, 5, 9, 2, 6};
    var turns = new SmoothTurns(weights);
    int period = Arrays.stream(weights).sum();
    assertThat(turns.period()).isEqualTo(period);

    int[] first = take(turns, period);
    assertThat(take(turns, period)).isEqualTo(first);
    for (int item = 0; item < weights.length; item++) {
      int wanted = item;
      assertThat(Arrays.stream(first).filter(i -> i == wanted)).hasSize(weights[item]);
    }
  }

  private static int[] take(SmoothTurns turns, int count) {
    return take(turns::next, count);
  }

  private static int[] take(IntSupplier turns, int count) {
    return IntStream.generate(turns).limit(count).toArray();
  }

  /** The oracle: the loop of nginx's ngx_http_upstream_get_peer, without failures. */
  static final class Nginx {
    private final int[] weight;
    private final long[] current;

    Nginx(int[] weight) {
      this.weight = weight;
      this.current = new long[weight.length];
    }

    int next() {
      int best = -1;
      long total = 0;
      for (int i = 0; i < weight.length; i++) {
        current[i] += weight[i];
        total += weight[i];
        if (best < 0 || current[i] > current[best]) {
          best = i;
        }
      }
      current[best] -= total;
      return best;
    }
  }
}
