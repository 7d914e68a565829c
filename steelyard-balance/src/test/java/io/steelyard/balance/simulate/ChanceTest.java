package io.steelyard.balance.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.steelyard.model.SimulatedKeys;
import io.steelyard.model.SimulatedSpeed.Distribution;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChanceTest {
  @ParameterizedTest
  @EnumSource(Distribution.class)
  void theMeanIsOne(Distribution distribution) {
    int steps = 10_000_000;
    double sum = 0;
    for (int i = 0; i < steps; i++) {
      double value = Chance.value(distribution, (i + 0.5) / steps);
      assertThat(value >= 0).isTrue();
      sum += value;
    }
    // The tail of a Pareto distribution beyond the last step: steps ^ (-1/3) of the mean.
    double missing = distribution == Distribution.PARETO ? 0.005 : 0.001;
    assertThat(sum / steps).isEqualTo(1, within(missing));
  }

  @Test
  void quantilesAreThoseOfTheBooks() {
    assertThat(Chance.value(Distribution.EXPONENTIAL, 0.5)).isEqualTo(Math.log(2), within(1e-12));
    assertThat(Chance.value(Distribution.LOG_NORMAL, 0.5)).isEqualTo(Math.exp(-0.5), within(0.001));
    assertThat(Chance.value(Distribution.LOG_NORMAL, 0.975))
        .isEqualTo(Math.exp(1.959964 - 0.5), within(0.005));
    assertThat(Chance.value(Distribution.PARETO, 0.0)).isEqualTo(1 / 3.0, within(1e-12));
  }

  @Test
  void popularityFollowsZipf() {
    var popularity = new Popularity(new SimulatedKeys(1_000, 1.0));
    var random = new SplittableRandom(1);
    int[] drawn = new int[1_000];
    int draws = 1_000_000;
    for (int i = 0; i < draws; i++) {
      drawn[popularity.draw(random)]++;
    }
    double harmonic = 0;
    for (int i = 1; i <= 1_000; i++) {
      harmonic += 1.0 / i;
    }
    for (int i : new int[] {0, 1, 9, 99}) {
      double expected = draws / harmonic / (i + 1);
      assertThat((double) drawn[i]).isEqualTo(expected, within(5 * Math.sqrt(expected)));
    }
  }

  @Test
  void withoutExponentAllAreAlike() {
    var popularity = new Popularity(new SimulatedKeys(4, 0));
    var random = new SplittableRandom(1);
    int[] drawn = new int[4];
    for (int i = 0; i < 40_000; i++) {
      drawn[popularity.draw(random)]++;
    }
    for (int count : drawn) {
      assertThat(count).isBetween(9_500, 10_500);
    }
  }
}
