package io.steelyard.balance.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.steelyard.balance.limit.AdaptiveLimit.Counters;
import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The limit in front of a simulated endpoint that works on some requests at a time. */
class AdaptiveLimitTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long TICK = SECOND / 20;

  /** An endpoint with so many workers; others wait inside of it. Poisson arrivals. */
  private static final class World {
    final SplittableRandom dice;
    final AdaptiveLimit limit;
    final boolean limited;
    final int workers;
    double meanNanos = 10e6;
    double perSecond;
    long now;
    long nextArrival;
    long nextLook;
    long answers;
    long nanos;
    long refused;
    long arrived;
    final PriorityQueue<long[]> working = new PriorityQueue<>((a, b) -> Long.compare(a[0], b[0]));
    final ArrayDeque<Long> waiting = new ArrayDeque<>();

    World(long seed, int workers, double load, boolean limited) {
      this.dice = new SplittableRandom(seed);
      this.workers = workers;
      this.limited = limited;
      this.limit = new AdaptiveLimit(3, 1000, 0.25, 60 * SECOND, dice.split());
      load(load);
    }

    void load(double share) {
      perSecond = share * workers / meanNanos * 1e9;
    }

    int inFlight() {
      return working.size() + waiting.size();
    }

    void run(double seconds) {
      long end = now + (long) (seconds * SECOND);
      while (true) {
        long done = working.isEmpty() ? Long.MAX_VALUE : working.peek()[0];
        now = Math.min(Math.min(nextArrival, nextLook), done);
        if (now >= end) {
          now = end;
          return;
        }
        if (now == done) {
          answer();
        } else if (now == nextArrival) {
          arrive();
        } else {
          limit.look(new Counters(answers, nanos, 0, inFlight()), now);
          nextLook = now + TICK;
        }
      }
    }

    private void arrive() {
      arrived++;
      nextArrival = now + (long) (-Math.log1p(-dice.nextDouble()) / perSecond * 1e9) + 1;
      if (limited && inFlight() >= limit.limit()) {
        refused++;
      } else if (working.size() < workers) {
        work(now);
      } else {
        waiting.add(now);
      }
    }

    private void work(long since) {
      working.add(new long[] {now + (long) (-Math.log1p(-dice.nextDouble()) * meanNanos), since});
    }

    private void answer() {
      long[] done = working.remove();
      answers++;
      nanos += now - done[1];
      var next = waiting.poll();
      if (next != null) {
        work(next);
      }
    }

    /** Runs on; returns answers per second, mean time in milliseconds and share refused. */
    double[] measure(double seconds) {
      long a = answers;
      long n = nanos;
      long r = refused;
      long all = arrived;
      run(seconds);
      return new double[] {
        (answers - a) / seconds,
        (double) (nanos - n) / (answers - a) / 1e6,
        (double) (refused - r) / (arrived - all)
      };
    }
  }

  /** Half as much again as the endpoint can do: it does all that it can, and soon. */
  @ParameterizedTest
  @ValueSource(ints = {4, 8, 32})
  void underOverloadTheEndpointIsBusyAndFast(int workers) {
    for (long seed = 0; seed < 64; seed++) {
      var world = new World(seed, workers, 1.5, true);
      world.run(5);
      double[] found = world.measure(50);
      assertThat(found[0]).as("answers/s, seed %s", seed).isGreaterThan(workers * 100 * 0.88);
      assertThat(found[1]).as("ms, seed %s", seed).isLessThan(30);
      assertThat(world.limit.limit()).as("seed %s", seed).isBetween(3, workers * 4 + 10);
    }
  }

  /** The same without the limit: requests wait longer and longer. */
  @Test
  void withoutItTheyWaitEverLonger() {
    var world = new World(1, 8, 1.5, false);
    world.run(5);
    assertThat(world.measure(50)[1]).isGreaterThan(5_000);
  }

  /** With enough room nobody is refused, but for the moments of measuring. */
  @Test
  void underLittleLoadItIsNotFelt() {
    for (long seed = 0; seed < 64; seed++) {
      var world = new World(seed, 8, 0.5, true);
      world.run(5);
      assertThat(world.measure(50)[2]).as("refused, seed %s", seed).isLessThan(0.02);
    }
  }

  /** An endpoint that becomes slower for good is found to be so when it is measured again. */
  @Test
  void followsAnEndpointThatChanges() {
    for (long seed = 0; seed < 16; seed++) {
      var world = new World(seed, 8, 1.5, true);
      world.run(20);
      world.meanNanos = 40e6;
      world.load(1.5);
      world.run(70);
      double[] found = world.measure(40);
      assertThat(found[0]).as("answers/s, seed %s", seed).isGreaterThan(8 * 25 * 0.85);
      assertThat(found[1]).as("ms, seed %s", seed).isLessThan(120);
    }
  }

  @Test
  void sameSeedSameLimits() {
    var one = new World(5, 8, 1.2, true);
    var two = new World(5, 8, 1.2, true);
    for (int i = 0; i < 100; i++) {
      one.run(0.5);
      two.run(0.5);
      assertThat(one.limit.limit()).isEqualTo(two.limit.limit());
    }
  }

  @Test
  void measuresBeforeItFollows() {
    var limit = new AdaptiveLimit(3, 100, 0.25, 60 * SECOND, new SplittableRandom(1));
    assertThat(limit.limit()).isEqualTo(3);
    limit.look(new Counters(0, 0, 0, 20), 0); // 20 from before
    limit.look(new Counters(100, 100 * SECOND, 0, 3), TICK);
    limit.look(new Counters(199, 100 * SECOND + 99L * 2_000_000, 0, 3), 2 * TICK);
    assertThat(limit.isMeasuring()).isTrue();
    limit.look(new Counters(200, 100 * SECOND + 100L * 2_000_000, 0, 3), 3 * TICK);
    assertThat(limit.isMeasuring()).isFalse();
    assertThat(limit.unloadedNanos()).isEqualTo(2_000_000);
  }

  @Test
  void whatFailsIsNotMeasured() {
    var limit = new AdaptiveLimit(3, 100, 0.25, 60 * SECOND, new SplittableRandom(1));
    limit.look(new Counters(0, 0, 0, 0), 0);
    limit.look(new Counters(60, 60, 5, 0), TICK);
    assertThat(limit.isMeasuring()).isTrue();
    limit.look(new Counters(160, 60 + 100L * 1_000_000, 5, 0), 2 * TICK);
    assertThat(limit.isMeasuring()).isFalse();
    assertThat(limit.unloadedNanos()).isEqualTo(1_000_000);
  }

  @Test
  void aLimitThatIsNotUsedDoesNotGrow() {
    var limit = new AdaptiveLimit(3, 100, 0.25, 600 * SECOND, new SplittableRandom(1));
    limit.look(new Counters(0, 0, 0, 1), 0);
    limit.look(new Counters(100, 100_000_000, 0, 1), TICK);
    for (int i = 1; i < 50; i++) {
      limit.look(
          new Counters(100L + i * 20L, (100L + i * 20L) * 1_000_000, 0, 1), TICK + 2L * i * TICK);
    }
    assertThat(limit.limit()).isEqualTo(3);
  }

  @Test
  void boundsAreChecked() {
    assertThatThrownBy(() -> new AdaptiveLimit(5, 4, 0.25, SECOND, new SplittableRandom(1)))
        .hasMessage("least is 5, most 4, expected 1 or more, and no less than that");
  }
}
