package io.steelyard.balance.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SharedCountTest {
  @Test
  void countsUpToTheLimit() {
    var count = new SharedCount();
    assertThat(count.enterBelow(2)).isTrue();
    assertThat(count.enterBelow(2)).isTrue();
    assertThat(count.enterBelow(2)).isFalse();
    assertThat(count.value()).isEqualTo(2);
    count.leave();
    assertThat(count.enterBelow(2)).isTrue();
    count.enter();
    assertThat(count).hasToString("3");
  }

  /** Threads that come and go never see more than the limit. */
  @Test
  void holdsWhateverOthersDo() throws InterruptedException {
    var count = new SharedCount();
    var most = new AtomicInteger();
    var entered = new AtomicInteger();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int turn = 0; turn < 20_000; turn++) {
                  if (count.enterBelow(3)) {
                    most.accumulateAndGet(count.value(), Math::max);
                    entered.incrementAndGet();
                    count.leave();
                  }
                }
              }));
    }
    for (var thread : threads) {
      thread.join();
    }
    assertThat(most.get()).isBetween(1, 3);
    assertThat(entered.get()).isPositive();
    assertThat(count.value()).isZero();
  }
}
