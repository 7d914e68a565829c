package io.steelyard.balance.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Fixtures;
import io.steelyard.model.Quorum;
import io.steelyard.model.Wish;
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
    private final List<Event> events = new ArrayList<>();
    private final PoolHealth pool;
    private final @Nullable Quorum quorum;
    private final Wish[] wishes;
    private Health poolHealth;
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
      wishes = new Wish[weights.length];
      Arrays.fill(wishes, Wish.READY);
      quorum = random.nextInt(3) == 0 ? quorum(weights.length) : null;
      pool =
          new PoolHealth(
              "p", endpoints, probes, passive, random.nextInt(0, 80), quorum, events::add, 0);
      poolHealth = pool.health();
    }

    private Quorum quorum(int most) {
      int least = random.nextInt(1, most + 1);
      return new Quorum(least, random.nextInt(0, 3), random.nextInt(least));
    }

    List<Event> run() {
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
      switch (random.nextInt(20)) {
        case 19 -> {
          var wish = Wish.values()[random.nextInt(3)];
          pool.wish(endpoint, random.nextBoolean() ? Wish.READY : wish, "chance", now);
        }
        case 0, 1, 2, 3 -> {
          pool.erring(endpoint, passive.consecutiveErrors(), now);
          return true;
        }
        case 4, 5, 6, 7 -> {
          serve();
          pool.window(Arrays.asList(traffic), now);
          return true;
        }
        case 8, 9, 10, 11 -> pool.tick(now);
        default -> probe(endpoint);
      }
      return false;
    }

    private void probe(int endpoint) {
      if (probes != null) {
        probesSeen[endpoint] += wishes[endpoint] == Wish.DISABLED ? 0 : 1;
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
        switch (event) {
          case HealthEvent change -> checkEvent(change);
          case WishEvent change -> {
            int i = index(change.endpoint());
            assertThat(change.from()).isEqualTo(wishes[i]).isNotEqualTo(change.to());
            wishes[i] = change.to();
          }
          case MemberEvent change -> throw new AssertionError(change);
          case PoolEvent change -> {
            assertThat(change.from()).isEqualTo(poolHealth).isNotEqualTo(change.to());
            poolHealth = change.to();
          }
        }
      }
      assertThat(pool.health()).isEqualTo(poolHealth);
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
      int i = index(event.endpoint());
      assertThat(event.nanos()).isEqualTo(now);
      assertThat(event.from()).as("%s: events are a chain", story).isEqualTo(health[i]);
      assertThat(event.to()).isNotEqualTo(event.from());
      assertThat(event.to() == Health.STARTING)
          .isEqualTo(probes != null && wishes[i] == Wish.DISABLED);
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

    private int index(String endpoint) {
      return endpoints.stream().map(Endpoint::name).toList().indexOf(endpoint);
    }

    /** Whether the pool has what it needs, apart from a hysteresis. */
    private boolean hasUsable() {
      return quorum == null ? counted() > 0 : pool.health() == Health.UP;
    }

    private long counted() {
      return endpoints.stream()
          .filter(e -> e.weight() > 0 && wishes[e.index()] == Wish.READY)
          .filter(e -> pool.report(e.index(), now).health() == Health.UP)
          .count();
    }

    private void checkUsable() {
      var usable = pool.usable();
      for (var endpoint : endpoints) {
        var known = pool.report(endpoint.index(), now).health();
        assertThat(known).isEqualTo(health[endpoint.index()]);
        boolean quorate = quorum == null || pool.health() == Health.UP;
        if (wishes[endpoint.index()] != Wish.READY || !quorate) {
          assertThat(usable).doesNotContain(endpoint);
        } else if (known == Health.UP) {
          assertThat(usable).contains(endpoint);
        } else if (known == Health.STARTING || !pool.isPanicking()) {
          assertThat(usable).doesNotContain(endpoint);
        }
      }
      assertThat(pool.health() == Health.UP).isEqualTo(hasUsable());
      checkQuorum();
    }

    private void checkQuorum() {
      if (quorum != null && pool.health() == Health.UP) {
        assertThat(counted())
            .as("%s: quorum", story)
            .isGreaterThanOrEqualTo(Math.max(1, quorum.endpoints() - quorum.hysteresis()));
      } else if (quorum != null && quorum.weight() == 0) {
        assertThat(counted())
            .as("%s: quorum", story)
            .isLessThan(quorum.endpoints() + quorum.hysteresis());
      }
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
