package io.steelyard.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TimeAverageTest {
  private static final long MEMORY = 10_000_000_000L;

  private final TimeAverage average = new TimeAverage();

  @Test
  void isUnknownAtFirst() {
    assertThat(average.isKnown()).isFalse();
    assertThat(average.nanos()).isZero();
    assertThat(average.level(MEMORY)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(average).hasToString("not known");
  }

  /**
   * The rule as Finagle's PeakEwma.Metric writes it: observe() when an answer comes, or is read.
   */
  @Test
  void peaksFollowFinagle() {
    var random = new SplittableRandom(1);
    double cost = 0;
    long stamp = 0;
    long now = 0;
    for (int i = 0; i < 10_000; i++) {
      now += random.nextLong(500_000_000);
      double weight = Math.exp(-(double) (now - stamp) / MEMORY);
      cost *= weight; // what reading the load does: observe(0)
      stamp = now;
      long rtt = random.nextLong(1, 200_000_000);
      cost = rtt > cost ? rtt : cost + rtt * (1 - weight);
      average.addPeak(rtt, now, MEMORY);
      assertThat(average.nanos(now, MEMORY)).isCloseTo(cost, within(cost * 1e-9));
    }
  }

  @Test
  void fallsByEInEachMemory() {
    average.addPeak(1_000_000, 5, MEMORY);
    assertThat(average.nanos(5, MEMORY)).isEqualTo(1_000_000);
    assertThat(average.nanos(5 + MEMORY, MEMORY)).isCloseTo(1_000_000 / Math.E, within(1e-3));
    assertThat(average.nanos(5 + 2 * MEMORY, MEMORY))
        .isCloseTo(1_000_000 / Math.E / Math.E, within(1e-3));
  }

  /** So that levels can be kept in order and looked at again only when something is added. */
  @Test
  void levelsStandToEachOtherAsWhatIsLeft() {
    var random = new SplittableRandom(2);
    for (int i = 0; i < 10_000; i++) {
      var other = new TimeAverage();
      average.replace(random.nextLong(1, 1_000_000_000), random.nextLong(MEMORY));
      other.replace(random.nextLong(1, 1_000_000_000), random.nextLong(MEMORY));
      long now = MEMORY + random.nextLong(MEMORY);
      double difference = Math.log(average.nanos(now, MEMORY)) - Math.log(other.nanos(now, MEMORY));
      assertThat(average.level(MEMORY) - other.level(MEMORY)).isCloseTo(difference, within(1e-9));
    }
  }

  @Test
  void timesAtOnceCountTheLeastAtLeast() {
    average.add(1_000, 7, MEMORY, 0.25);
    average.add(2_000, 7, MEMORY, 0.25);
    assertThat(average.nanos()).isCloseTo(1_250, within(1e-9));
    average.add(0, 7, MEMORY, 1);
    assertThat(average.nanos()).isOne();
  }

  @Test
  void clocksThatAreALittleApartDoNoHarm() {
    average.add(1_000, 100, MEMORY, 0.5);
    average.add(2_000, 90, MEMORY, 0.5);
    assertThat(average.nanos()).isCloseTo(1_500, within(1e-9));
  }

  /** Loops may lose each other's times, but nothing is read that nobody added. */
  @Test
  void racingLoopsNeverCorruptIt() throws Exception {
    try (var loops = Executors.newFixedThreadPool(4)) {
      var runs = IntStream.range(0, 4).mapToObj(loop -> loops.submit(() -> race(loop))).toList();
      for (Future<?> run : runs) {
        run.get();
      }
    }
    assertThat(average.nanos()).isBetween(1_000.0, 2_000.0);
  }

  private void race(int loop) {
    var random = new SplittableRandom(loop);
    for (int i = 0; i < 200_000; i++) {
      long time = random.nextLong(1_000, 2_001);
      switch (random.nextInt(3)) {
        case 0 -> average.add(time, i, MEMORY, 0.1);
        case 1 -> average.addPeak(time, i, MEMORY);
        default -> average.replace(time, i);
      }
      assertThat(average.nanos()).isBetween(999.0, 2_001.0);
      assertThat(average.added()).isBetween(0L, 200_000L);
    }
  }
}
