package io.steelyard.balance.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunningQuantileTest {
  /** The share of the times that lies above the estimate is what was asked for. */
  @ParameterizedTest
  @ValueSource(doubles = {0.5, 0.9, 0.95, 0.99})
  void holdsItsShareOfTimesAbove(double p) {
    for (long seed = 0; seed < 32; seed++) {
      var dice = new SplittableRandom(seed);
      var quantile = new RunningQuantile(p);
      feed(quantile, dice, 5_000, 10e6);
      int above = feed(quantile, dice, 50_000, 10e6);
      assertThat(above / 50_000.0).as("seed %s", seed).isBetween((1 - p) * 0.8, (1 - p) * 1.2);
    }
  }

  @Test
  void followsWhenTimesChange() {
    var dice = new SplittableRandom(7);
    var quantile = new RunningQuantile(0.95);
    feed(quantile, dice, 5_000, 1e6);
    long before = quantile.nanos();
    feed(quantile, dice, 5_000, 100e6);
    assertThat(quantile.nanos() / (double) before).isBetween(50.0, 200.0);
    feed(quantile, dice, 20_000, 1e6);
    assertThat(quantile.nanos() / (double) before).isBetween(0.5, 2.0);
  }

  @Test
  void isKnownOnceEnoughTimesCame() {
    var quantile = new RunningQuantile(0.5);
    assertThat(quantile.nanos()).isZero();
    feed(quantile, new SplittableRandom(1), 199, 1e6);
    assertThat(quantile.isKnown()).isFalse();
    quantile.add(0);
    assertThat(quantile.isKnown()).isTrue();
  }

  @Test
  void sameTimesStay() {
    var quantile = new RunningQuantile(0.99);
    for (int i = 0; i < 1000; i++) {
      quantile.add(5_000_000);
    }
    assertThat(quantile.nanos()).isEqualTo(5_000_000);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, Double.NaN})
  void anythingElseIsRefused(double p) {
    assertThatThrownBy(() -> new RunningQuantile(p)).isInstanceOf(IllegalArgumentException.class);
  }

  /** Exponential times; returns how many were above the estimate as it was. */
  private static int feed(RunningQuantile quantile, SplittableRandom dice, int count, double mean) {
    int above = 0;
    for (int i = 0; i < count; i++) {
      long time = (long) (-Math.log1p(-dice.nextDouble()) * mean);
      above += time > quantile.nanos() ? 1 : 0;
      quantile.add(time);
    }
    return above;
  }
}
