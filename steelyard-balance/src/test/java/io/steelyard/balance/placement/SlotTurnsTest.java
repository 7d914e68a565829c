package io.steelyard.balance.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Fixtures;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SlotTurnsTest {
  /** HAProxy's rule, word for word: every server is looked at for every slot. */
  private static int[] slow(int[] weights) {
    int divisor = Arrays.stream(weights).reduce(0, SlotTurnsTest::gcd);
    int total = Arrays.stream(weights).sum() / divisor;
    int[] score = new int[weights.length];
    int[] map = new int[total];
    for (int slot = 0; slot < total; slot++) {
      int best = -1;
      int most = 0;
      for (int i = 0; i < weights.length; i++) {
        score[i] += weights[i] / divisor;
        int whole = (score[i] + total) / total;
        if (best < 0 || whole > most) {
          most = whole;
          best = i;
        }
      }
      map[slot] = best;
      score[best] -= total;
    }
    return map;
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  @Test
  void dealsAsTheRuleSays() {
    for (int seed = 0; seed < 500; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int most = 1 + random.nextInt(seed < 100 ? 5 : 256);
      int[] weights = random.ints(2 + random.nextInt(60), 1, most + 1).toArray();
      Endpoint[] map = SlotTurns.fill(Fixtures.endpoints(weights).toArray(Endpoint[]::new));
      assertThat(Arrays.stream(map).mapToInt(Endpoint::index).toArray())
          .as("seed %d", seed)
          .isEqualTo(slow(weights));
    }
  }
}
