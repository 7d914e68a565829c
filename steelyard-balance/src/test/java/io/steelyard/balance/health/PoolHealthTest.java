package io.steelyard.balance.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Fixtures;
import io.steelyard.model.Quorum;
import io.steelyard.model.Wish;
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
  private final List<String> pools = new ArrayList<>();
  private List<Endpoint> endpoints = List.of();

  private PoolHealth pool(
      @Nullable ProbeRules probes, @Nullable PassiveRules passive, int panic, int... weights) {
    endpoints = Fixtures.endpoints(weights);
    return new PoolHealth("p", endpoints, probes, passive, panic, null, this::heard, 0);
  }

  private void heard(Event event) {
    switch (event) {
      case HealthEvent e -> events.add(text(event, e.endpoint(), e.from(), e.to()));
      case WishEvent e -> events.add(text(event, e.endpoint(), e.from(), e.to()));
      case MemberEvent e ->
          events.add(
              "%d %s %s %s"
                  .formatted(
                      e.nanos() / SECOND, e.endpoint(), e.present() ? "came" : "left", e.reason()));
      case PoolEvent e -> pools.add(text(event, e.pool(), e.from(), e.to()));
    }
  }

  private static String text(Event event, String what, Enum<?> from, Enum<?> to) {
    return "%d %s %s>%s %s".formatted(event.nanos() / SECOND, what, from, to, event.reason());
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

  @Test
  void anEndpointThatIsDrainedIsProbedAndNotUsed() {
    var pool = pool(PROBES, null, 0, 1, 1);
    pool.probed(0, PASSED, 1);
    pool.probed(1, PASSED, 1);
    assertThat(pool.wish(0, Wish.DRAIN, "somebody", SECOND)).isEqualTo(Wish.READY);
    assertThat(usable(pool)).containsExactly(1);
    assertThat(pool.report(0, SECOND).health()).isEqualTo(Health.UP);
    assertThat(pool.report(0, SECOND).wish()).isEqualTo(Wish.DRAIN);
    for (int i = 0; i < 3; i++) {
      pool.probed(0, FAILED, 2 * SECOND);
    }
    assertThat(pool.report(0, SECOND).health()).isEqualTo(Health.DOWN);
    assertThat(pool.wish(0, Wish.READY, "somebody", 3 * SECOND)).isEqualTo(Wish.DRAIN);
    assertThat(usable(pool)).containsExactly(1);
    assertThat(events.subList(2, events.size()))
        .containsExactly(
            "1 10.0.0.1:1 READY>DRAIN somebody",
            "2 10.0.0.1:1 UP>DOWN L4: refused",
            "3 10.0.0.1:1 DRAIN>READY somebody");
  }

  @Test
  void anEndpointThatWasDisabledIsUnknownUntilItIsProbedAgain() {
    var pool = pool(PROBES, null, 0, 1, 1);
    pool.probed(0, PASSED, 1);
    pool.probed(1, PASSED, 1);
    pool.wish(0, Wish.DISABLED, "somebody", SECOND);
    pool.probed(0, FAILED, SECOND); // was under way
    assertThat(usable(pool)).containsExactly(1);
    assertThat(pool.report(0, SECOND).health()).isEqualTo(Health.STARTING);
    pool.wish(0, Wish.READY, "somebody", 5 * SECOND);
    assertThat(usable(pool)).containsExactly(1);
    assertThat(pool.health()).isEqualTo(Health.UP);
    pool.probed(0, PASSED, 6 * SECOND);
    assertThat(usable(pool)).containsExactly(0, 1);
    var times = pool.report(0, 10 * SECOND).availability();
    assertThat(times.downNanos()).isZero();
    assertThat(times.upNanos()).isCloseTo(5 * SECOND, within(2L));
  }

  @Test
  void theSameWishAgainIsNoChange() {
    var pool = pool(null, null, 0, 1);
    pool.wish(0, Wish.READY, "somebody", 1);
    assertThat(events).isEmpty();
  }

  @Test
  void nobodyIsUsedAgainstTheAdministratorsWish() {
    var pool = pool(PROBES, PASSIVE, 100, 1, 1);
    pool.wish(0, Wish.DRAIN, "somebody", 1);
    pool.probed(0, PASSED, 1);
    pool.probed(1, FAILED, 2);
    assertThat(pool.isPanicking()).isTrue();
    assertThat(usable(pool)).containsExactly(1);
    pool.wish(1, Wish.DISABLED, "somebody", 3);
    assertThat(usable(pool)).isEmpty();
    assertThat(pool.health()).isEqualTo(Health.DOWN);
  }

  @Test
  void whenTheLastOneIsDrainedThoseEjectedComeBack() {
    var pool = pool(null, PASSIVE, 0, 1, 1);
    pool.erring(0, 5, 1);
    assertThat(usable(pool)).containsExactly(1);
    pool.wish(1, Wish.DRAIN, "somebody", 2);
    assertThat(usable(pool)).containsExactly(0);
  }

  @Test
  void aDisabledEndpointIsNotEjectedAnyMore() {
    var pool = pool(null, PASSIVE, 0, 1, 1, 1, 1);
    pool.erring(0, 5, 1);
    assertThat(pool.ejected()).isEqualTo(1);
    pool.wish(0, Wish.DISABLED, "somebody", 2);
    assertThat(pool.ejected()).isZero();
    pool.wish(0, Wish.READY, "somebody", 3);
    assertThat(usable(pool)).containsExactly(0, 1, 2, 3);
  }

  private PoolHealth pool(Quorum quorum, int... weights) {
    endpoints = Fixtures.endpoints(weights);
    var rules = new ProbeRules(1, 1, SECOND, SECOND);
    var pool = new PoolHealth("p", endpoints, rules, PASSIVE, 0, quorum, this::heard, 0);
    for (int i = 0; i < weights.length; i++) {
      pool.probed(i, PASSED, 0);
    }
    return pool;
  }

  @Test
  void belowItsQuorumAPoolIsDown() {
    var pool = pool(new Quorum(2, 0, 0), 1, 1, 1);
    pool.probed(0, FAILED, SECOND);
    assertThat(usable(pool)).containsExactly(1, 2);
    pool.probed(1, FAILED, 2 * SECOND);
    assertThat(pool.health()).isEqualTo(Health.DOWN);
    assertThat(usable(pool)).isEmpty();
    pool.probed(0, PASSED, 3 * SECOND);
    assertThat(usable(pool)).containsExactly(0, 2);
    assertThat(pools)
        .containsExactly(
            "0 p STARTING>UP 2 of 3 endpoints can be used; the quorum is 2",
            "2 p UP>DOWN 1 of 3 endpoints can be used; the quorum is 2",
            "3 p DOWN>UP 2 of 3 endpoints can be used; the quorum is 2");
    assertThat(pool.changes()).isEqualTo(3);
    assertThat(pool.availability(3 * SECOND).failures()).isEqualTo(1);
  }

  @Test
  void hysteresisKeepsAPoolFromComingAndGoing() {
    var pool = pool(new Quorum(3, 0, 1), 1, 1, 1, 1);
    pool.probed(0, FAILED, 1);
    pool.probed(1, FAILED, 1);
    assertThat(usable(pool)).as("2 = 3 - 1").containsExactly(2, 3);
    pool.probed(2, FAILED, 1);
    assertThat(pool.health()).isEqualTo(Health.DOWN);
    pool.probed(2, PASSED, 1);
    pool.probed(1, PASSED, 1);
    assertThat(pool.health()).as("3 < 3 + 1").isEqualTo(Health.DOWN);
    pool.probed(0, PASSED, 1);
    assertThat(usable(pool)).containsExactly(0, 1, 2, 3);
  }

  @Test
  void theQuorumCanBeAWeight() {
    var pool = pool(new Quorum(1, 5, 0), 1, 4, 3);
    pool.probed(0, FAILED, 1);
    assertThat(pool.health()).isEqualTo(Health.UP);
    pool.probed(2, FAILED, SECOND);
    assertThat(pool.health()).isEqualTo(Health.DOWN);
    assertThat(pools.getLast())
        .isEqualTo(
            "1 p UP>DOWN 1 of 3 endpoints can be used, their weight is 4; the quorum is 1 and a weight of 5");
  }

  @Test
  void anEjectionDoesNotCostTheQuorum() {
    var pool = pool(new Quorum(2, 0, 0), 1, 1, 1, 1);
    pool.erring(0, 5, 1);
    pool.erring(1, 5, 1);
    pool.erring(2, 5, 1);
    assertThat(usable(pool)).containsExactly(2, 3);
    pool.probed(3, FAILED, 2);
    assertThat(usable(pool)).as("those ejected come back").containsExactly(0, 1, 2);
  }
}
