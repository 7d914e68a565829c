package io.steelyard.balance.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Fixtures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Endpoints that fail and recover at random; what has to hold is looked at after each step. */
class HealthSimulationTest {
  private static final int SEEDS = 256;
  private static final int STEPS = 1_500;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void holdsItsPromises(boolean probed) {
    for (long seed = 0; seed < SEEDS; seed++) {
      new World(seed, probed).run();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 77})
  void theSameResultsGiveTheSameEvents(long seed) {
    var first = new World(seed, true).run();
    assertThat(first).isNotEmpty().isEqualTo(new World(seed, true).run());
  }

  private static final class World {
    private final SplittableRandom random;
    private final @Nullable ProbeRules probes;
    private final PassiveRules passive;
    private final List<Endpoint> endpoints;
    private final List<HealthEvent> events = new ArrayList<>();
    private final PoolHealth pool;
    private final boolean[] well;
    private final long[] probesSeen;
    private final long[] probesAtChange;
    private final Traffic[] traffic;
    private final Health[] health;
    private final String story;
    private long now;

    World(long seed, boolean probed) {
      story = "seed " + seed + (probed ? " with probes" : "");
      random = new SplittableRandom(seed);
      probes = probed ? new ProbeRules(random.nextInt(1, 5), random.nextInt(1, 5), 100, 30) : null;
      long ejection = random.nextLong(1, 500);
      passive =
          new PassiveRules(
              random.nextInt(1, 6),
              random.nextInt(0, 101),
              random.nextInt(0, 4),
              10,
              random.nextInt(0, 20),
              100,
              ejection,
              ejection + random.nextLong(1_000),
              random.nextInt(0, 101));
      int[] weights = new int[random.nextInt(1, 9)];
      Arrays.setAll(weights, i -> random.nextInt(8) == 0 ? 0 : 1);
      endpoints = Fixtures.endpoints(weights);
      well = new boolean[weights.length];
      probesSeen = new long[weights.length];
      probesAtChange = new long[weights.length];
      Arrays.fill(probesAtChange, Long.MIN_VALUE / 2);
      traffic = new Traffic[weights.length];
      Arrays.fill(traffic, Traffic.NONE);
      health = new Health[weights.length];
      Arrays.fill(health, probed ? Health.STARTING : Health.UP);
      pool = new PoolHealth("p", endpoints, probes, passive, random.nextInt(0, 80), events::add, 0);
    }

    List<HealthEvent> run() {
      for (int step = 0; step < STEPS; step++) {
        now += random.nextLong(20);
        int before = events.size();
        boolean usableBefore = hasUsable();
        boolean passiveStep = step();
        check(before, usableBefore, passiveStep);
      }
      return events;
    }

    /** Returns whether it can eject. */
    private boolean step() {
      int endpoint = random.nextInt(endpoints.size());
      well[endpoint] ^= random.nextInt(10) == 0;
      switch (random.nextInt(4)) {
        case 0 -> {
          pool.erring(endpoint, passive.consecutiveErrors(), now);
          return true;
        }
        case 1 -> {
          serve();
          pool.window(Arrays.asList(traffic), now);
          return true;
        }
        case 2 -> pool.tick(now);
        default -> probe(endpoint);
      }
      return false;
    }

    private void probe(int endpoint) {
      if (probes != null) {
        probesSeen[endpoint]++;
        boolean passed = well[endpoint] == (random.nextInt(20) != 0);
        pool.probed(endpoint, new ProbeResult(passed, Layer.L7, "", 1), now);
      }
    }

    private void serve() {
      for (int i = 0; i < traffic.length; i++) {
        long requests = random.nextLong(30);
        long errors = well[i] ? 0 : random.nextLong(requests + 1);
        long nanos = requests * random.nextLong(well[i] ? 20 : 200);
        traffic[i] =
            new Traffic(
                traffic[i].requests() + requests,
                traffic[i].errors() + errors,
                traffic[i].nanos() + nanos);
      }
    }

    private void check(int before, boolean usableBefore, boolean passiveStep) {
      for (var event : events.subList(before, events.size())) {
        checkEvent(event);
      }
      long serving = endpoints.stream().filter(e -> e.weight() > 0).count();
      assertThat(pool.ejected() * 100L)
          .as("%s: ejected", story)
          .isLessThanOrEqualTo(serving * passive.mostEjectedPercent());
      if (passiveStep) {
        assertThat(hasUsable()).as("%s: usable after an ejection", story).isEqualTo(usableBefore);
      }
      checkUsable();
      checkTimes();
    }

    private void checkEvent(HealthEvent event) {
      int i = endpoints.stream().map(Endpoint::name).toList().indexOf(event.endpoint());
      assertThat(event.nanos()).isEqualTo(now);
      assertThat(event.from()).as("%s: events are a chain", story).isEqualTo(health[i]);
      assertThat(event.to()).isNotEqualTo(event.from()).isNotEqualTo(Health.STARTING);
      health[i] = event.to();
      if (event.reason().startsWith("L7") && event.from() != Health.STARTING) {
        var rules = java.util.Objects.requireNonNull(probes);
        int needed = event.to() == Health.UP ? rules.rise() : rules.fall();
        assertThat(probesSeen[i] - probesAtChange[i])
            .as("%s: probes between two changes by probes", story)
            .isGreaterThanOrEqualTo(needed);
      }
      if (event.reason().startsWith("L7")) {
        probesAtChange[i] = probesSeen[i];
      }
    }

    private boolean hasUsable() {
      return endpoints.stream()
          .anyMatch(e -> e.weight() > 0 && pool.report(e.index(), now).health() == Health.UP);
    }

    private void checkUsable() {
      var usable = pool.usable();
      for (var endpoint : endpoints) {
        var known = pool.report(endpoint.index(), now).health();
        assertThat(known).isEqualTo(health[endpoint.index()]);
        if (known == Health.UP) {
          assertThat(usable).contains(endpoint);
        } else if (known == Health.STARTING || !pool.isPanicking()) {
          assertThat(usable).doesNotContain(endpoint);
        }
      }
      assertThat(pool.health() == Health.UP).isEqualTo(hasUsable());
    }

    private void checkTimes() {
      for (var endpoint : endpoints) {
        var report = pool.report(endpoint.index(), now);
        var known = report.availability();
        assertThat(known.upNanos() + known.downNanos()).isLessThanOrEqualTo(now);
        assertThat(known.downNanos() == 0 || known.failures() > 0).isTrue();
        if (report.ejected()) {
          assertThat(report.ejectedUntilNanos() - report.sinceNanos())
              .isLessThanOrEqualTo(passive.longestEjectionNanos());
        }
      }
    }
  }
}
