package io.steelyard.balance.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  @Test
  void aShareOfTheRequestsMayBeRepeated() {
    var budget = new RetryBudget(0.2, 0, 0);
    assertThat(budget.isLeft(0)).isFalse();
    for (int i = 0; i < 100; i++) {
      budget.request(0);
    }
    assertThat(spendAll(budget, 0)).isEqualTo(20);
  }

  @Test
  void theFloorIsThereWithoutRequests() {
    assertThat(spendAll(new RetryBudget(0.2, 10, 0), 0)).isEqualTo(100);
    assertThat(spendAll(new RetryBudget(0.2, 0.25, 0), 0)).isEqualTo(2);
  }

  @Test
  void whatIsOlderThanTenSecondsIsForgotten() {
    long start = Long.MAX_VALUE - 3 * SECOND; // clocks may pass their end
    var budget = new RetryBudget(0.5, 0, start);
    for (int i = 0; i < 10; i++) {
      budget.request(start);
    }
    assertThat(spendAll(budget, start)).isEqualTo(5);
    assertThat(budget.isLeft(start + 9 * SECOND)).isFalse();
    budget.request(start + 9 * SECOND);
    budget.request(start + 9 * SECOND);
    assertThat(spendAll(budget, start + 10 * SECOND)).isEqualTo(1);
    assertThat(budget.isLeft(start + 1000 * SECOND)).isFalse();
  }

  /** Under any traffic, no window of nine seconds sees more than the share and the floor permit. */
  @Test
  void noStorms() {
    for (long seed = 0; seed < 64; seed++) {
      var dice = new SplittableRandom(seed);
      double share = dice.nextInt(5) / 10.0;
      int perSecond = dice.nextInt(4);
      var budget = new RetryBudget(share, perSecond, 0);
      var requests = new ArrayDeque<Long>();
      var retries = new ArrayDeque<Long>();
      long now = 0;
      for (int i = 0; i < 3000; i++) {
        now += dice.nextInt(4) == 0 ? dice.nextLong(SECOND) : dice.nextLong(SECOND / 100);
        budget.request(now);
        requests.add(now);
        for (int again = dice.nextInt(4); again > 0 && budget.isLeft(now); again--) {
          budget.spend(now);
          retries.add(now);
          forget(requests, now - 10 * SECOND);
          forget(retries, now - 9 * SECOND);
          assertThat((double) retries.size())
              .as("seed %s", seed)
              .isLessThanOrEqualTo(share * requests.size() + perSecond * 10);
        }
      }
    }
  }

  @Test
  void negativeSettingsAreRefused() {
    assertThatThrownBy(() -> new RetryBudget(-0.1, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RetryBudget(0, Double.NaN, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void forget(ArrayDeque<Long> times, long before) {
    while (!times.isEmpty() && times.peekFirst() < before) {
      times.removeFirst();
    }
  }

  private static int spendAll(RetryBudget budget, long now) {
    int spent = 0;
    while (budget.isLeft(now)) {
      budget.spend(now);
      spent++;
    }
    return spent;
  }
}
