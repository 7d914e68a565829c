package io.steelyard.balance.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Fixtures;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PoolHealthTest {
  private static final long SECOND = 1_000_000_000L;
  private static final ProbeResult PASSED = ProbeResult.passed(Layer.L7, "200", 1);
  private static final ProbeResult FAILED = ProbeResult.failed(Layer.L4, "refused", 1);
  private static final ProbeRules PROBES = new ProbeRules(2, 3, 2 * SECOND, SECOND / 2);
  private static final PassiveRules PASSIVE =
      new PassiveRules(5, 50, 3, SECOND / 100, 10, 10 * SECOND, 30 * SECOND, 70 * SECOND, 50);

  private final List<String> events = new ArrayList<>();
  private List<Endpoint> endpoints = List.of();

  private PoolHealth pool(
      @Nullable ProbeRules probes, @Nullable PassiveRules passive, int panic, int... weights) {
    endpoints = Fixtures.endpoints(weights);
    return new PoolHealth("p", endpoints, probes, passive, panic, this::heard, 0);
  }

  private void heard(HealthEvent e) {
    events.add(
        "%d %s %s>%s %s".formatted(e.nanos() / SECOND, e.endpoint(), e.from(), e.to(), e.reason()));
  }

  private static List<Integer> usable(PoolHealth pool) {
    return pool.usable().stream().map(Endpoint::index).toList();
  }

  @Test
  void takesNoTrafficBeforeTheFirstProbePassed() {
    var pool = pool(PROBES, null, 0, 1, 1);
    assertThat(pool.health()).isEqualTo(Health.STARTING);
    assertThat(usable(pool)).isEmpty();

    pool.probed(0, FAILED, SECOND);
    assertThat(pool.health()).isEqualTo(Health.STARTING);
    pool.probed(1, PASSED, 2 * SECOND);

    assertThat(usable(pool)).containsExactly(1);
    assertThat(pool.health()).isEqualTo(Health.UP);
    assertThat(events)
        .containsExactly(
            "1 10.0.0.1:1 STARTING>DOWN L4: refused", "2 10.0.0.1:2 STARTING>UP L7: 200");
  }

  @Test
  void fallsAfterThreeFailuresAndRisesAfterTwoPasses() {
    var pool = pool(PROBES, null, 0, 1, 1);
    pool.probed(0, PASSED, 1);
    pool.probed(1, PASSED, 1);
    for (var result : List.of(FAILED, FAILED, PASSED, FAILED, FAILED)) {
      pool.probed(0, result, 2);
    }
    assertThat(usable(pool)).containsExactly(0, 1);
    pool.probed(0, FAILED, 3);
    assertThat(usable(pool)).containsExactly(1);

    for (var result : List.of(PASSED, FAILED, PASSED)) {
      pool.probed(0, result, 4);
    }
    assertThat(usable(pool)).containsExactly(1);
    pool.probed(0, PASSED, 5);
    assertThat(usable(pool)).containsExactly(0, 1);
  }

  @Test
  void probesFasterWhileUncertain() {
    var pool = pool(PROBES, null, 0, 1);
    assertThat(pool.probeIntervalNanos(0)).isEqualTo(SECOND / 2);
    pool.probed(0, PASSED, 1);
    assertThat(pool.probeIntervalNanos(0)).isEqualTo(2 * SECOND);
    pool.probed(0, FAILED, 2);
    assertThat(pool.probeIntervalNanos(0)).isEqualTo(SECOND / 2);
    pool.probed(0, FAILED, 3);
    pool.probed(0, FAILED, 4);
    assertThat(pool.probeIntervalNanos(0)).isEqualTo(2 * SECOND);
    pool.probed(0, PASSED, 5);
    assertThat(pool.probeIntervalNanos(0)).isEqualTo(SECOND / 2);
  }

  @Test
  void keepsTheLastTenResults() {
    var pool = pool(PROBES, null, 0, 1);
    for (int i = 0; i < 12; i++) {
      pool.probed(0, ProbeResult.passed(Layer.L7, "n" + i, i), i);
    }
    pool.probed(0, FAILED, 12);

    var report = pool.report(0, 13);
    assertThat(report.results()).hasSize(10).endsWith(FAILED);
    assertThat(report.results().getFirst().detail()).isEqualTo("n3");
    assertThat(report.passed()).isEqualTo(12);
    assertThat(report.failed()).isEqualTo(1);
    assertThat(report.changes()).isEqualTo(1);
  }

  @Test
  void ejectsForATimeThatGrows() {
    var pool = pool(null, PASSIVE, 0, 1, 1);
    pool.erring(0, 5, 0);
    assertThat(usable(pool)).containsExactly(1);
    assertThat(pool.nanosToTick(10 * SECOND)).isEqualTo(20 * SECOND);
    pool.tick(30 * SECOND - 1);
    assertThat(usable(pool)).containsExactly(1);
    pool.tick(30 * SECOND);
    assertThat(usable(pool)).containsExactly(0, 1);
    assertThat(pool.nanosToTick(31 * SECOND)).isEqualTo(Long.MAX_VALUE);

    pool.erring(0, 5, 31 * SECOND);
    assertThat(pool.nanosToTick(31 * SECOND)).isEqualTo(60 * SECOND);
    pool.tick(91 * SECOND);
    pool.erring(0, 5, 92 * SECOND);
    assertThat(pool.nanosToTick(92 * SECOND)).isEqualTo(70 * SECOND);
    pool.tick(162 * SECOND);

    // 60 s of good service forgive two of three
    pool.erring(0, 5, 222 * SECOND);
    assertThat(pool.nanosToTick(222 * SECOND)).isEqualTo(60 * SECOND);
    assertThat(pool.report(0, 222 * SECOND).ejections()).isEqualTo(4);
    assertThat(events)
        .startsWith(
            "0 10.0.0.1:1 UP>DOWN ejected for 30.0 s: 5 errors in a row",
            "30 10.0.0.1:1 DOWN>UP the ejection is over");
  }

  @Test
  void ejectsNoMoreThanItsShareAndNeverTheLast() {
    var pool = pool(null, PASSIVE, 0, 1, 1, 1, 0);
    for (int i = 0; i < 4; i++) {
      pool.erring(i, 5, 0);
    }
    assertThat(usable(pool)).containsExactly(1, 2, 3);

    var single = pool(null, PASSIVE, 0, 1);
    single.erring(0, 5, 0);
    assertThat(usable(single)).containsExactly(0);
  }

  @Test
  void theEjectedComeBackWhenNobodyElseIsLeft() {
    var pool = pool(PROBES, PASSIVE, 0, 1, 1);
    pool.probed(0, PASSED, 0);
    pool.probed(1, PASSED, 0);
    pool.erring(0, 5, 0);
    for (int i = 0; i < 3; i++) {
      pool.probed(1, FAILED, SECOND);
    }

    assertThat(usable(pool)).containsExactly(0);
    assertThat(pool.health()).isEqualTo(Health.UP);
    assertThat(events)
        .endsWith(
            "1 10.0.0.1:2 UP>DOWN L4: refused",
            "1 10.0.0.1:1 DOWN>UP the ejection ends because no other endpoint is left");
  }

  @Test
  void anEjectionEndsInWhatProbesFound() {
    var pool = pool(PROBES, PASSIVE, 0, 1, 1);
    pool.probed(0, PASSED, 0);
    pool.probed(1, PASSED, 0);
    pool.erring(0, 5, 0);
    for (int i = 0; i < 3; i++) {
      pool.probed(0, FAILED, SECOND);
    }
    pool.tick(30 * SECOND);

    assertThat(pool.ejected()).isZero();
    assertThat(pool.report(0, 30 * SECOND).health()).isEqualTo(Health.DOWN);
    assertThat(events).hasSize(3);
  }

  @Test
  void ejectsByTheRateOfErrors() {
    var pool = pool(null, PASSIVE, 0, 1, 1, 1);
    pool.window(
        List.of(new Traffic(9, 9, 9), new Traffic(100, 49, 100), new Traffic(10, 5, 10)), SECOND);
    assertThat(usable(pool)).containsExactly(0, 1);
    assertThat(events)
        .containsExactly("1 10.0.0.1:3 UP>DOWN ejected for 30.0 s: 5 of 10 requests were errors");
  }

  @Test
  void aWindowHasOnlyWhatCameWithinIt() {
    var pool = pool(null, PASSIVE, 0, 1, 1, 1);
    pool.window(
        List.of(new Traffic(100, 40, 0), new Traffic(100, 0, 0), new Traffic(100, 0, 0)), 1);
    pool.window(
        List.of(new Traffic(120, 50, 0), new Traffic(200, 0, 0), new Traffic(200, 0, 0)), 2);
    assertThat(usable(pool)).containsExactly(1, 2);
  }

  @Test
  void ejectsWhoIsSlowAmongTheOthers() {
    var pool = pool(null, PASSIVE, 0, 1, 1, 1);
    long fast = 100 * SECOND / 200;
    pool.window(
        List.of(
            new Traffic(100, 0, fast),
            new Traffic(100, 0, 5 * fast),
            new Traffic(100, 0, fast + fast / 2)),
        SECOND);
    assertThat(usable(pool)).containsExactly(0, 2);
    assertThat(events)
        .containsExactly(
            "1 10.0.0.1:2 UP>DOWN ejected for 30.0 s: requests took 25.0 ms, the pool's median is 7.5 ms");
  }

  @Test
  void smallDifferencesAndTwoEndpointsMakeNoOutlier() {
    var small = pool(null, PASSIVE, 0, 1, 1, 1);
    small.window(
        List.of(new Traffic(100, 0, 100), new Traffic(100, 0, 100), new Traffic(100, 0, 900)), 1);
    assertThat(usable(small)).containsExactly(0, 1, 2);

    var two = pool(null, PASSIVE, 0, 1, 1);
    two.window(List.of(new Traffic(100, 0, 100), new Traffic(100, 0, 100 * SECOND)), 1);
    assertThat(usable(two)).containsExactly(0, 1);
  }

  @Test
  void usesAllInPanicButNotWhatWasNeverProbed() {
    var pool = pool(PROBES, null, 40, 1, 1, 1, 1);
    assertThat(pool.isPanicking()).isFalse();
    pool.probed(0, PASSED, 0);
    pool.probed(1, PASSED, 0);
    pool.probed(2, PASSED, 0);
    for (int i = 0; i < 3; i++) {
      pool.probed(0, FAILED, 1);
    }
    assertThat(usable(pool)).containsExactly(1, 2);
    for (int i = 0; i < 3; i++) {
      pool.probed(1, FAILED, 1);
    }
    assertThat(pool.isPanicking()).isTrue();
    assertThat(usable(pool)).containsExactly(0, 1, 2);
    assertThat(pool.health()).isEqualTo(Health.UP);
  }

  @Test
  void addsUpAvailability() {
    var pool = pool(PROBES, null, 0, 1);
    pool.probed(0, PASSED, 10 * SECOND);
    for (int i = 0; i < 3; i++) {
      pool.probed(0, FAILED, 100 * SECOND);
    }
    pool.probed(0, PASSED, 110 * SECOND);
    pool.probed(0, PASSED, 110 * SECOND);

    var availability = pool.report(0, 120 * SECOND).availability();
    assertThat(availability).isEqualTo(new Availability(100 * SECOND, 10 * SECOND, 1));
    assertThat(pool.availability(120 * SECOND)).isEqualTo(availability);
    assertThat(availability.ratio()).isCloseTo(100 / 110.0, within(1e-12));
  }
}
