package io.steelyard.balance.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WaitsTest {
  @Test
  void quantilesAreAsNearAsTheyPromise() {
    for (int seed = 0; seed < 64; seed++) {
      var random = new SplittableRandom(seed);
      var waits = new Waits();
      long[] all = new long[1_000];
      for (int i = 0; i < all.length; i++) {
        all[i] = random.nextLong() >>> (1 + random.nextInt(63));
        waits.add(all[i]);
      }
      Arrays.sort(all);
      for (double share : new double[] {0, 0.001, 0.25, 0.5, 0.99, 0.999, 1}) {
        long exact = all[(int) Math.max(0, Math.ceil(share * all.length) - 1)];
        assertThat(waits.quantile(share))
            .as("seed %d, %f", seed, share)
            .isEqualTo((double) exact, within(exact * 0.008));
      }
      assertThat(waits.most()).isEqualTo(all[all.length - 1]);
    }
  }

  @Test
  void nothingHasNoQuantiles() {
    assertThat(new Waits().quantile(0.5)).isNaN();
    assertThat(new Waits().mean()).isNaN();
  }
}
