package io.steelyard.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.net.TimerWheel.Timeout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The wheel beside a list of deadlines that is gone through from end to end, whatever happens. */
class TimerWheelSimulationTest {
  private static final int SEEDS = 256;
  private static final int STEPS = 1_000;
  private static final int ALARMS = 30;
  private static final long TICK = TimeUnit.MILLISECONDS.toNanos(TimerWheel.TICK_MILLIS);

  @Test
  void neverEarlyAndAtMostOneTickLate() {
    for (int seed = 0; seed < SEEDS; seed++) {
      World world = new World(seed);
      for (int step = 0; step < STEPS; step++) {
        world.step();
      }
      world.end();
    }
  }

  private static final class World {
    private final long seed;
    private final SplittableRandom random;
    private final TestWheel wheel;
    private final List<Alarm> alarms = new ArrayList<>();
    private int wrongExpiries;

    World(long seed) {
      this.seed = seed;
      this.random = new SplittableRandom(seed);
      this.wheel = new TestWheel(random.nextLong());
      for (int i = 0; i < ALARMS; i++) {
        alarms.add(new Alarm());
      }
    }

    void step() {
      int dice = random.nextInt(100);
      if (dice < 50) {
        touchOne();
      } else {
        pass(dice == 99 ? nanos(200_000) : dice > 90 ? nanos(1_000) : nanos(30));
      }
      check();
    }

    /** Arms, disarms or cancels any alarm. */
    void touchOne() {
      Alarm alarm = alarms.get(random.nextInt(ALARMS));
      switch (random.nextInt(8)) {
        case 0 -> alarm.disarm();
        case 1 -> alarm.cancel();
        case 2 -> alarm.arm(-nanos(100));
        case 3, 4 -> alarm.arm(nanos(200));
        case 5, 6 -> alarm.arm(nanos(20_000));
        case 7 -> alarm.arm(nanos(300_000)); // the wheel goes round in 51 s
        default -> throw new AssertionError();
      }
    }

    void pass(long nanos) {
      wheel.advance(nanos);
      assertThat(wrongExpiries).as("seed %d: early or unwanted", seed).isZero();
      int overdue = 0;
      for (Alarm alarm : alarms) {
        overdue += alarm.armed && alarm.lateness() >= TICK ? 1 : 0;
      }
      assertThat(overdue).as("seed %d: overdue", seed).isZero();
      if (nanos >= TICK && wheel.timers.size() == 0) {
        assertThat(wheel.isTurning()).as("seed %d: turns for nothing", seed).isFalse();
      }
    }

    void check() {
      int armed = 0;
      int wrong = 0;
      for (Alarm alarm : alarms) {
        armed += alarm.armed ? 1 : 0;
        wrong += alarm.isArmed() == alarm.armed ? 0 : 1;
      }
      assertThat(wrong).as("seed %d: armed", seed).isZero();
      assertThat(wheel.timers.size()).as("seed %d: size", seed).isBetween(armed, ALARMS);
      if (armed > 0) {
        assertThat(wheel.isTurning()).as("seed %d: turning", seed).isTrue();
      }
    }

    void end() {
      alarms.forEach(Alarm::cancel);
      assertThat(wheel.timers.size()).as("seed %d: all let go of", seed).isZero();
      pass(TICK);
    }

    private long nanos(int maxMillis) {
      return random.nextLong(TimeUnit.MILLISECONDS.toNanos(maxMillis));
    }

    /** A timeout that knows by itself when it is to expire. */
    private final class Alarm extends Timeout {
      private boolean armed;
      private long due;

      void arm(long after) {
        armed = true;
        due = wheel.now() + Math.max(after, 0);
        wheel.timers.arm(this, wheel.now() + after);
      }

      void disarm() {
        armed = false;
        wheel.timers.disarm(this);
      }

      void cancel() {
        armed = false;
        wheel.timers.cancel(this);
      }

      long lateness() {
        return wheel.now() - due;
      }

      @Override
      protected void expired() {
        // Not asserted here: the wheel survives whatever is thrown at it.
        wrongExpiries += armed && lateness() >= 0 ? 0 : 1;
        armed = false;
        if (random.nextBoolean()) {
          touchOne();
        }
      }
    }
  }
}
