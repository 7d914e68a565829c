package io.steelyard.health;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Outcome;
import io.steelyard.balance.Pool;
import io.steelyard.balance.PoolState;
import io.steelyard.balance.health.Health;
import io.steelyard.balance.health.HealthEvent;
import io.steelyard.balance.health.Layer;
import io.steelyard.balance.health.ProbeResult;
import io.steelyard.model.Address;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.HealthSpec;
import io.steelyard.model.IcmpProbeSpec;
import io.steelyard.model.PassiveHealthSpec;
import io.steelyard.model.Wish;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthKeeperTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What a probe of that port finds. */
  private final Map<Integer, Boolean> well = new ConcurrentHashMap<>(Map.of(1, true, 2, true));

  private final List<String> told = new CopyOnWriteArrayList<>();
  private final HealthKeeper keeper =
      new HealthKeeper(
          System::nanoTime,
          new Prober(
              new SplittableRandom(1),
              spec ->
                  (target, timeout) -> {
                    boolean is = well.getOrDefault(target.address().port(), false);
                    return new ProbeResult(is, Layer.L4, is ? "fine" : "gone", 1);
                  }));

  @AfterEach
  void close() {
    keeper.close();
  }

  private static io.steelyard.model.Pool settings() {
    return io.steelyard.model.Pool.of(
        BalancerSpec.of("round-robin"),
        List.of(
            EndpointSpec.of(new Address("10.0.0.1", 1)),
            EndpointSpec.of(new Address("10.0.0.1", 2))));
  }

  private static HealthSpec probes() {
    return HealthSpec.of(new IcmpProbeSpec(0))
        .withTimes(Duration.ofMillis(10), Duration.ofMillis(10));
  }

  private List<Endpoint> keep(io.steelyard.model.Pool settings) {
    var endpoints = new PoolState("p").endpoints(settings.endpoints());
    keeper.tell(told::add);
    keeper.keep("p", settings, endpoints);
    return endpoints;
  }

  private List<Integer> usable() {
    return requireNonNull(keeper.usable("p")).stream().map(Endpoint::index).toList();
  }

  private Health health(int index) {
    return requireNonNull(keeper.report("p")).endpoints().get(index).health();
  }

  @Test
  void aPoolThatAsksForNothingIsUp() {
    assertThat(keeper.usable("p")).isNull();
    assertThat(keeper.report("p")).isNull();
    keep(settings());
    assertThat(usable()).containsExactly(0, 1);
    assertThat(requireNonNull(keeper.report("p")).health()).isEqualTo(Health.UP);
    assertThat(told).isEmpty();
  }

  @Test
  void whatIsDrainedIsNotUsedAndStartsSlowlyAgain() {
    var endpoints = keep(settings());
    assertThat(keeper.wish("p", "10.0.0.1:1", Wish.DRAIN, "somebody")).isEqualTo(Wish.READY);
    assertThat(usable()).containsExactly(1);
    assertThat(told).containsExactly("p");
    assertThat(endpoints.getFirst().wish()).isEqualTo(Wish.DRAIN);
    assertThat(endpoints.getFirst().state().hasComeUp()).isFalse();
    assertThat(keeper.wish("p", "10.0.0.1:1", Wish.READY, "somebody")).isEqualTo(Wish.DRAIN);
    assertThat(usable()).containsExactly(0, 1);
    assertThat(endpoints.getFirst().state().hasComeUp()).isTrue();
    assertThat(keeper.wish("p", "10.0.0.1:3", Wish.READY, "somebody")).isNull();
    assertThat(keeper.wish("q", "10.0.0.1:1", Wish.READY, "somebody")).isNull();
  }

  @Test
  void whatIsDisabledIsNotProbed() throws InterruptedException {
    keep(settings().withHealth(probes()));
    keeper.awaitFirstProbes(PATIENCE);
    assertThat(keeper.probes()).isEqualTo(2);
    keeper.wish("p", "10.0.0.1:1", Wish.DISABLED, "somebody");
    assertThat(keeper.probes()).isEqualTo(1);
    assertThat(usable()).containsExactly(1);
    assertThat(health(0)).isEqualTo(Health.STARTING);
    well.put(1, false);
    keeper.wish("p", "10.0.0.1:1", Wish.READY, "somebody");
    await().atMost(PATIENCE).until(() -> health(0) == Health.DOWN);
    well.put(1, true);
    await().atMost(PATIENCE).until(() -> usable().equals(List.of(0, 1)));
    assertThat(keeper.probes()).isEqualTo(2);
  }

  /** A wish by configuration holds from the start; one of the administrator's outlives it. */
  @Test
  void whatIsDisabledByConfigurationIsNeverProbed() throws InterruptedException {
    var settings =
        settings()
            .withEndpoints(
                List.of(
                    EndpointSpec.of(new Address("10.0.0.1", 1)).withWish(Wish.DISABLED),
                    EndpointSpec.of(new Address("10.0.0.1", 2)).withWish(Wish.DRAIN)))
            .withHealth(probes());
    var state = new PoolState("p");
    keeper.keep("p", settings, state.endpoints(settings.endpoints()));
    keeper.awaitFirstProbes(PATIENCE);
    assertThat(keeper.probes()).isEqualTo(1);
    assertThat(usable()).isEmpty();
    keeper.wish("p", "10.0.0.1:2", Wish.READY, "somebody");
    await().atMost(PATIENCE).until(() -> usable().equals(List.of(1)));
    assertThat(state.endpoints(settings.endpoints()).get(1).wish()).isEqualTo(Wish.READY);
  }

  @Test
  void waitsForTheFirstProbes() throws InterruptedException {
    keep(settings().withHealth(probes()));
    keeper.awaitFirstProbes(PATIENCE);
    assertThat(usable()).containsExactly(0, 1);
    await().atMost(PATIENCE).until(() -> told.contains("p")); // told after it is known
  }

  @Test
  void doesNotWaitForever() throws InterruptedException {
    keep(settings().withHealth(probes()).withEndpoints(List.of()));
    keeper.awaitFirstProbes(Duration.ofHours(1));
    assertThat(usable()).isEmpty();
  }

  @Test
  void followsTheProbes() {
    keep(settings().withHealth(probes()));
    await().atMost(PATIENCE).until(() -> usable().equals(List.of(0, 1)));
    well.put(2, false);
    await().atMost(PATIENCE).until(() -> usable().equals(List.of(0)));
    well.put(2, true);
    await().atMost(PATIENCE).until(() -> usable().equals(List.of(0, 1)));

    var changes =
        keeper.events().stream()
            .map(LoggedEvent::event)
            .filter(HealthEvent.class::isInstance)
            .map(HealthEvent.class::cast)
            .filter(e -> e.endpoint().equals("10.0.0.1:2"))
            .map(e -> e.from() + ">" + e.to() + " " + e.reason())
            .toList();
    assertThat(changes)
        .containsExactly("STARTING>UP L4: fine", "UP>DOWN L4: gone", "DOWN>UP L4: fine");
    var report = requireNonNull(keeper.report("p"));
    assertThat(report.endpoints().get(1).availability().failures()).isEqualTo(1);
    assertThat(report.endpoints().get(1).results()).hasSizeBetween(6, 10);
    assertThat(report.health()).isEqualTo(Health.UP);
  }

  @Test
  void probesAnotherPortWhenItIsTold() {
    var spec = probes();
    var elsewhere =
        new HealthSpec(
            null,
            null,
            null,
            List.of(),
            null,
            spec.icmp(),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            spec.interval(),
            null,
            spec.timeout(),
            1,
            1,
            2,
            null,
            null);
    well.put(2, false);
    keep(settings().withHealth(elsewhere));
    await().atMost(PATIENCE).until(() -> health(0) == Health.DOWN && health(1) == Health.DOWN);
    well.put(2, true);
    await().atMost(PATIENCE).until(() -> health(0) == Health.UP && health(1) == Health.UP);
  }

  @Test
  void errorsInTrafficEject() {
    var passive =
        new PassiveHealthSpec(
            3,
            0,
            0,
            Duration.ZERO,
            1,
            Duration.ofSeconds(1),
            Duration.ofMillis(200),
            Duration.ofSeconds(1),
            50);
    var endpoints = keep(settings().withPassiveHealth(passive));
    assertThat(usable()).containsExactly(0, 1);

    fail(endpoints, 3);
    await().atMost(PATIENCE).until(() -> usable().equals(List.of(1)));
    await().atMost(PATIENCE).until(() -> usable().equals(List.of(0, 1)));
    assertThat(requireNonNull(keeper.report("p")).endpoints().getFirst().ejections()).isOne();
    assertThat(endpoints.getFirst().state().errorsInRow()).isZero();
  }

  @Test
  void windowsOfErrorsEject() {
    var passive =
        new PassiveHealthSpec(
            0,
            50,
            0,
            Duration.ZERO,
            10,
            Duration.ofMillis(100),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            50);
    var endpoints = keep(settings().withPassiveHealth(passive));
    fail(endpoints, 10);
    await().atMost(PATIENCE).until(() -> usable().equals(List.of(1)));
    assertThat(requireNonNull(keeper.report("p")).endpoints().getFirst().reason())
        .isEqualTo("ejected for 60.0 s: 10 of 10 requests were errors");
  }

  /** Requests to the first endpoint that fail. */
  private static void fail(List<Endpoint> endpoints, int times) {
    var pool = new Pool("p", endpoints, selection -> endpoints.getFirst(), () -> 0);
    for (int i = 0; i < times; i++) {
      requireNonNull(pool.lease(new AnySelection())).close(Outcome.RESET, 1);
    }
  }

  @Test
  void endpointsComeAndGoAndWhatStaysIsKept() throws InterruptedException {
    var state = new PoolState("p");
    var settings = settings().withHealth(probes());
    keeper.keep("p", settings, state.endpoints(settings.endpoints()));
    keeper.awaitFirstProbes(PATIENCE);
    well.put(3, true);
    var passed = requireNonNull(keeper.report("p")).endpoints().get(1).passed();
    var next =
        state.endpoints(
            List.of(
                EndpointSpec.of(new Address("10.0.0.1", 2)),
                EndpointSpec.of(new Address("10.0.0.1", 3)),
                EndpointSpec.of(new Address("app.test", 4))));
    keeper.replace("p", next, Map.of(new Address("app.test", 4), "it leads nowhere"), "they moved");
    assertThat(requireNonNull(keeper.members("p")).all()).isEqualTo(next);
    assertThat(usable()).contains(0).doesNotContain(2);
    await().atMost(PATIENCE).until(() -> usable().equals(List.of(0, 1)));
    assertThat(keeper.probes()).isEqualTo(2);
    var reports = requireNonNull(keeper.report("p")).endpoints();
    assertThat(reports.get(0).passed()).isGreaterThanOrEqualTo(passed);
    assertThat(reports.get(1).endpoint().state().hasComeUp()).isTrue();
    assertThat(reports.get(2).health()).isEqualTo(Health.DOWN);
    assertThat(reports.get(2).reason()).isEqualTo("it leads nowhere");

    well.put(2, false);
    await().atMost(PATIENCE).until(() -> usable().equals(List.of(1)));
    keeper.replace("p", List.of(), Map.of(), "nobody is left");
    assertThat(keeper.probes()).isZero();
    assertThat(usable()).isEmpty();
    assertThat(requireNonNull(keeper.report("p")).health()).isEqualTo(Health.DOWN);
  }
}
