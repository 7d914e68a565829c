package io.steelyard.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.net.TimerWheel.Timeout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TimerWheelTest {
  /** Somewhere within a tick, and negative as System.nanoTime may be. */
  private static final long ORIGIN = -1_234_567_890_123L;

  private final TestWheel world = new TestWheel(ORIGIN);
  private final TimerWheel timers = world.timers;

  @Test
  void expiresOnceWithinATickAfterItsDeadline() {
    Recorder timeout = new Recorder();
    world.advanceMillis(17);
    arm(timeout, 120);

    world.advanceMillis(119);
    assertThat(timeout.expiries).isEmpty();
    assertThat(timeout.isArmed()).isTrue();

    world.advanceMillis(1 + TimerWheel.TICK_MILLIS);
    assertThat(timeout.expiries).hasSize(1);
    assertThat(timeout.isArmed()).isFalse();

    world.advanceMillis(100_000);
    assertThat(timeout.expiries).hasSize(1);
  }

  @Test
  void aLaterDeadlineCountsInPlaceOfTheFirst() {
    Recorder timeout = new Recorder();
    arm(timeout, 100);
    arm(timeout, 5_000);

    world.advanceMillis(4_999);
    assertThat(timeout.expiries).isEmpty();

    world.advanceMillis(1 + TimerWheel.TICK_MILLIS);
    assertThat(timeout.expiries).hasSize(1);
  }

  @Test
  void anEarlierDeadlineCountsInPlaceOfTheFirst() {
    Recorder timeout = new Recorder();
    arm(timeout, 5_000);
    arm(timeout, 100);

    world.advanceMillis(100 + TimerWheel.TICK_MILLIS);
    assertThat(timeout.expiries).hasSize(1);

    world.advanceMillis(10_000);
    assertThat(timeout.expiries).hasSize(1);
  }

  @Test
  void aDeadlineThatHasPassedIsMetWithTheNextTick() {
    Recorder timeout = new Recorder();
    arm(timeout, -3_600_000);
    assertThat(timeout.expiries).isEmpty();

    world.advanceMillis(TimerWheel.TICK_MILLIS);
    assertThat(timeout.expiries).hasSize(1);
  }

  @Test
  void deadlinesFarBeyondOneRoundAreMet() {
    Recorder timeout = new Recorder();
    long day = TimeUnit.DAYS.toMillis(1);
    arm(timeout, day);

    for (long passed = 0; passed < day - 10_000; passed += 10_000) {
      world.advanceMillis(10_000);
    }
    world.advanceMillis(9_999);
    assertThat(timeout.expiries).isEmpty();

    world.advanceMillis(1 + TimerWheel.TICK_MILLIS);
    assertThat(timeout.expiries).hasSize(1);
  }

  /** Regression: the first timeout after a pause was hung where the wheel had stood still. */
  @Test
  void aWheelThatStoodStillMeetsItsNextDeadlineInTime() {
    for (int pause = 1; pause < 60_000; pause += 7_777) {
      world.advanceMillis(pause);
      assertThat(world.isTurning()).isFalse();

      Recorder timeout = new Recorder();
      arm(timeout, 10_000);
      world.advanceMillis(9_999);
      assertThat(timeout.expiries).isEmpty();
      world.advanceMillis(1 + TimerWheel.TICK_MILLIS);
      assertThat(timeout.expiries).as("after a pause of %d ms", pause).hasSize(1);
    }
  }

  @Test
  void oneRoundAtMostCatchesUpWithALongJumpOfTime() {
    Recorder near = new Recorder();
    Recorder far = new Recorder();
    Recorder later = new Recorder();
    long year = TimeUnit.DAYS.toMillis(365);
    arm(near, 100);
    arm(far, year - 1);
    arm(later, year + 5_000);

    world.advanceMillis(year);
    assertThat(near.expiries).hasSize(1);
    assertThat(far.expiries).hasSize(1);
    assertThat(later.expiries).isEmpty();

    world.advanceMillis(5_000 + TimerWheel.TICK_MILLIS);
    assertThat(later.expiries).hasSize(1);
  }

  @Test
  void worksWhereTheClockOverflows() {
    TestWheel edge = new TestWheel(Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(1));
    Recorder timeout = new Recorder(edge);
    edge.timers.arm(timeout, edge.now() + TimeUnit.SECONDS.toNanos(2));

    edge.advanceMillis(1_999);
    assertThat(timeout.expiries).isEmpty();
    edge.advanceMillis(1 + TimerWheel.TICK_MILLIS);
    assertThat(timeout.expiries).hasSize(1);
  }

  @Test
  void aDisarmedTimeoutDoesNotExpireAndIsLetGoOfInItsTime() {
    Recorder timeout = new Recorder();
    arm(timeout, 1_000);
    timers.disarm(timeout);
    assertThat(timeout.isArmed()).isFalse();
    assertThat(timers.size()).isEqualTo(1);

    world.advanceMillis(1_000 + TimerWheel.TICK_MILLIS);
    assertThat(timeout.expiries).isEmpty();
    assertThat(timers.size()).isZero();
  }

  @Test
  void aDisarmedTimeoutMayBeArmedAgain() {
    Recorder timeout = new Recorder();
    arm(timeout, 1_000);
    timers.disarm(timeout);
    arm(timeout, 300);

    world.advanceMillis(300 + TimerWheel.TICK_MILLIS);
    assertThat(timeout.expiries).hasSize(1);
  }

  @Test
  void cancelledTimeoutsAreLetGoOfAtOnce() {
    List<Recorder> timeouts = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      Recorder timeout = new Recorder();
      timeouts.add(timeout);
      arm(timeout, 1 + i * 97);
    }
    assertThat(timers.size()).isEqualTo(1_000);

    timeouts.forEach(timers::cancel);
    timeouts.forEach(timers::cancel); // once more does no harm
    assertThat(timers.size()).isZero();

    world.advanceMillis(200_000);
    assertThat(timeouts).allSatisfy(timeout -> assertThat(timeout.expiries).isEmpty());
  }

  @Test
  void turnsOnlyWhileSomethingHangsOnIt() {
    assertThat(world.isTurning()).isFalse();

    Recorder timeout = new Recorder();
    arm(timeout, 1_000);
    assertThat(world.isTurning()).isTrue();
    world.advanceMillis(500);
    assertThat(world.isTurning()).isTrue();

    timers.cancel(timeout);
    world.advanceMillis(TimerWheel.TICK_MILLIS);
    assertThat(world.isTurning()).isFalse();

    arm(timeout, 1_000);
    assertThat(world.isTurning()).isTrue();
    world.advanceMillis(1_000 + TimerWheel.TICK_MILLIS);
    assertThat(timeout.expiries).hasSize(1);
    assertThat(world.isTurning()).isFalse();
  }

  @Test
  void mayBeArmedAgainWhileItExpires() {
    Recorder timeout = new Recorder();
    timeout.then = () -> arm(timeout, 1_000);
    arm(timeout, 1_000);

    for (int i = 0; i < 1_050; i++) {
      world.advanceMillis(10);
    }
    assertThat(timeout.expiries).hasSize(10);
    assertThat(timeout.isArmed()).isTrue();
  }

  @Test
  void mayCancelOthersOfTheSameTickWhileItExpires() {
    Recorder first = new Recorder();
    Recorder second = new Recorder();
    first.then = () -> timers.cancel(second);
    second.then = () -> timers.cancel(first);
    arm(first, 100);
    arm(second, 100);

    world.advanceMillis(100 + TimerWheel.TICK_MILLIS);
    assertThat(first.expiries.size() + second.expiries.size()).isEqualTo(1);
    assertThat(timers.size()).isZero();
  }

  @Test
  void oneThatIsDueAtOnceWhileAnotherExpiresWaitsForTheNextTick() {
    Recorder endless = new Recorder();
    endless.then = () -> arm(endless, 0);
    arm(endless, 0);

    for (int i = 0; i < 10; i++) {
      world.advanceMillis(TimerWheel.TICK_MILLIS);
    }
    assertThat(endless.expiries).hasSize(10);
  }

  @Test
  void oneThatFailsDoesNotStopTheOthers() {
    Recorder failing = new Recorder();
    Recorder after = new Recorder();
    Recorder beside = new Recorder();
    failing.then =
        () -> {
          throw new IllegalStateException("on purpose");
        };
    arm(beside, 100);
    arm(failing, 100);
    arm(after, 500);

    world.advanceMillis(100 + TimerWheel.TICK_MILLIS);
    world.advanceMillis(400);
    assertThat(failing.expiries).hasSize(1);
    assertThat(beside.expiries).hasSize(1);
    assertThat(after.expiries).hasSize(1);
  }

  private void arm(Timeout timeout, long millis) {
    timers.arm(timeout, world.now() + TimeUnit.MILLISECONDS.toNanos(millis));
  }

  /** Notes when it expires, and does one thing more. */
  private final class Recorder extends Timeout {
    private final TestWheel wheel;
    private final List<Long> expiries = new ArrayList<>();
    private Runnable then = () -> {};

    Recorder() {
      this(world);
    }

    Recorder(TestWheel wheel) {
      this.wheel = wheel;
    }

    @Override
    protected void expired() {
      expiries.add(wheel.now());
      then.run();
    }
  }
}
