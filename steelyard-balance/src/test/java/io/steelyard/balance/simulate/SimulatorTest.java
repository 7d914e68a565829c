package io.steelyard.balance.simulate;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Explanation;
import io.steelyard.balance.KeySource;
import io.steelyard.balance.Selection;
import io.steelyard.balance.balancer.Balancers;
import io.steelyard.model.Address;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.Pool;
import io.steelyard.model.SimulatedArrivals;
import io.steelyard.model.SimulatedArrivals.ArrivalProcess;
import io.steelyard.model.SimulatedEndpoint;
import io.steelyard.model.SimulatedEvent;
import io.steelyard.model.SimulatedEvent.Action;
import io.steelyard.model.SimulatedKeys;
import io.steelyard.model.SimulatedSpeed;
import io.steelyard.model.SimulatedSpeed.Distribution;
import io.steelyard.model.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatorTest {
  private static final BalancerSpec ROUND_ROBIN = BalancerSpec.of("round-robin");

  private static Address address(int number) {
    return new Address("10.0.0." + number, 80);
  }

  private static Pool pool(int... weights) {
    var specs = new ArrayList<EndpointSpec>();
    for (int weight : weights) {
      specs.add(EndpointSpec.of(address(specs.size() + 1), weight));
    }
    return Pool.of(ROUND_ROBIN, specs);
  }

  private static SimulationResult run(String balancer, Pool pool, Simulation scenario) {
    var spec = BalancerSpec.of(balancer);
    return run(balancer, pool, scenario, (all, ready) -> Balancers.standard().create(spec, ready));
  }

  private static SimulationResult run(
      String name, Pool pool, Simulation scenario, BalancerMaker maker) {
    return new Simulator(name, pool, scenario, maker, SplittableRandom::new, arrived -> {}).run();
  }

  private static SimulatedEvent event(double seconds, Action action, int endpoint) {
    return new SimulatedEvent(
        Duration.ofMillis((long) (seconds * 1_000)), action, address(endpoint), 10);
  }

  private static Simulation scenario(int requests, SimulatedEvent... events) {
    return Simulation.defaults().withRequests(requests).withEvents(List.of(events));
  }

  @ParameterizedTest
  @ValueSource(strings = {"round-robin", "random", "least-connections"})
  void sameSeedSameResult(String balancer) {
    var scenario =
        scenario(
                20_000,
                event(1, Action.FAIL, 1),
                event(3, Action.RECOVER, 1),
                event(2, Action.LEAVE, 2),
                event(3, Action.JOIN, 3))
            .withLoops(3);
    var first = run(balancer, pool(1, 2, 3, 1), scenario);
    assertThat(run(balancer, pool(1, 2, 3, 1), scenario)).isEqualTo(first);
    assertThat(run(balancer, pool(1, 2, 3, 1), scenario.withSeed(2))).isNotEqualTo(first);
    assertThat(first.changes()).hasSize(4);
  }

  /**
   * One endpoint that works at c requests at once is the queue M/M/c, of which the mean time is
   * known. Source: L. Kleinrock, Queueing Systems 1, section 3.5 (Erlang's C formula).
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void aQueueWaitsAsTheorySays(int atOnce) {
    double load = 0.8;
    var scenario =
        Simulation.defaults()
            .withRequests(1_000_000)
            .withArrivals(new SimulatedArrivals(0, load, ArrivalProcess.POISSON))
            .withSpeed(new SimulatedSpeed(Duration.ofMillis(10), Distribution.EXPONENTIAL, atOnce));
    var result = run("round-robin", pool(1), scenario);
    double inLine = erlangC(atOnce, load) * 10e6 / (atOnce * (1 - load));
    assertThat(result.waited().mean()).isEqualTo(10e6 + inLine, within(0.03 * (10e6 + inLine)));
    assertThat(result.rate()).isEqualTo(load * atOnce * 100, within(1e-6));
    assertThat(result.nanos() / 1e9).isEqualTo(1_000_000 / result.rate(), within(100.0));
  }

  private static double erlangC(int servers, double load) {
    double offered = servers * load;
    double term = 1;
    double sum = 1;
    for (int k = 1; k < servers; k++) {
      term *= offered / k;
      sum += term;
    }
    double last = term * offered / servers / (1 - load);
    return last / (sum + last);
  }

  @Test
  void turnsGiveSharesByWeight() {
    var result = run("round-robin", pool(5, 3, 2, 0), scenario(10_000));
    assertThat(result.endpoints())
        .extracting(SimulationResult.EndpointResult::requests)
        .containsExactly(5_000L, 3_000L, 2_000L, 0L);
    assertThat(result.endpoints())
        .extracting(SimulationResult.EndpointResult::fair)
        .containsExactly(0.5, 0.3, 0.2, 0.0);
    assertThat(result.imbalance()).isEqualTo(1);
    assertThat(result.failed()).isZero();
    assertThat(result.attempts()).isEqualTo(10_000);
    assertThat(result.departure()).isNull();
  }

  /** The same work, whoever places it. */
  @Test
  void leastConnectionsWaitsLessWhereEndpointsDiffer() {
    var scenario =
        scenario(100_000)
            .withEndpoints(
                List.of(
                    new SimulatedEndpoint(
                        address(1), Duration.ofMillis(40), Distribution.EXPONENTIAL, 0)));
    var turns = run("round-robin", pool(1, 1, 1, 1), scenario);
    var least = run("least-connections", pool(1, 1, 1, 1), scenario);
    assertThat(least.waited().p99()).isLessThan(turns.waited().p99() / 2);
  }

  @Test
  void refusedRequestsGoElsewhereAndTheEndpointIsTakenOut() {
    var result =
        run(
            "round-robin",
            pool(1, 1, 1),
            scenario(20_000, event(2, Action.FAIL, 2), event(5, Action.RECOVER, 2)));
    assertThat(result.failed()).isZero();
    assertThat(result.attempts()).isGreaterThan(20_000);
    assertThat(result.changes())
        .extracting(SimulationResult.Change::what)
        .containsExactly("10.0.0.2:80 is found down", "10.0.0.2:80 serves again");
    assertThat(result.changes())
        .extracting(SimulationResult.Change::nanos)
        .containsExactly(3_000_000_000L, 6_000_000_000L);
    assertThat(result.changes()).extracting(SimulationResult.Change::ready).containsExactly(2, 3);
    var asked = result.timeline().asked().get(1);
    long slice = result.timeline().sliceNanos();
    int away = (int) (4_000_000_000L / slice);
    assertThat(asked.get(away)).isZero();
    assertThat(asked.getLast()).isPositive();
  }

  @Test
  void aHungEndpointKeepsWhatItHasUntilTheTimeIsOut() {
    var result = run("round-robin", pool(1, 1), scenario(3_000, event(1, Action.HANG, 1)));
    var hung = result.endpoints().getFirst();
    assertThat(result.failed()).isEqualTo(hung.failed()).isPositive();
    // About half of what arrives in the second until it is noticed.
    assertThat((double) result.failed()).isEqualTo(result.rate() / 2, within(0.1 * result.rate()));
    assertThat(result.nanos()).isGreaterThanOrEqualTo(30_000_000_000L);
  }

  @Test
  void nobodyReadyIsAFailure() {
    var result = run("random", pool(1), scenario(1_000, event(0, Action.FAIL, 1)));
    assertThat(result.failed()).isEqualTo(1_000);
    assertThat(result.waited().p50()).isNaN();
  }

  @Test
  void whoJoinsIsAbsentBefore() {
    var result = run("round-robin", pool(1, 1), scenario(4_000, event(1, Action.JOIN, 2)));
    assertThat(result.rate()).isEqualTo(560, within(1e-6)); // 0.7 of one endpoint
    assertThat(result.timeline().asked().get(1).getFirst()).isZero();
    assertThat(result.endpoints().get(1).requests()).isPositive();
    assertThat(result.changes().getFirst().ready()).isEqualTo(2);
  }

  @Test
  void eventsAfterTheEndAreTold() {
    var late = event(1_000, Action.FAIL, 1);
    assertThat(run("random", pool(1), scenario(100, late)).unreached()).containsExactly(late);
  }

  /** By modulo nearly all keys move; least of all could be those of the endpoint that left. */
  @Test
  void movedKeysAreCounted() {
    var scenario =
        scenario(10_000, event(1, Action.LEAVE, 4)).withKeys(new SimulatedKeys(1_000, 0));
    var result = run("modulo", pool(1, 1, 1, 1), scenario, (all, ready) -> new Modulo(ready));
    var change = result.changes().getFirst();
    assertThat(change.least()).isEqualTo(0.25, within(0.05));
    assertThat(change.moved()).isEqualTo(0.75, within(0.05));
    var departure = requireNonNull(result.departure());
    assertThat(departure.what()).isEqualTo("10.0.0.3:80 leaves");
    assertThat(departure.moved()).isEqualTo(2 / 3.0, within(0.05));
    assertThat(departure.least()).isEqualTo(1 / 3.0, within(0.05));
  }

  @Test
  void askingForKeysChangesNothing() {
    var scenario = scenario(5_000).withKeys(new SimulatedKeys(100, 1));
    var keyed = run("m", pool(1, 1, 1), scenario, (all, ready) -> new Modulo(ready));
    assertThat(keyed.endpoints().stream().mapToLong(e -> e.requests()).sum()).isEqualTo(5_000);
    // The most popular key alone is a fifth of all.
    assertThat(keyed.imbalance()).isGreaterThan(1.05);
  }

  @ParameterizedTest
  @ValueSource(strings = {"EVEN", "POISSON", "BURSTS"})
  void arrivalsKeepTheRate(ArrivalProcess process) {
    var scenario = scenario(50_000).withArrivals(new SimulatedArrivals(1_000, 0.7, process));
    var result = run("round-robin", pool(1, 1, 1, 1), scenario);
    assertThat(result.requests()).isEqualTo(50_000);
    assertThat(result.nanos() / 1e9).isEqualTo(50, within(2.0));
  }

  @Test
  void slicesAddUp() {
    var result = run("least-connections", pool(1, 1, 1), scenario(30_000));
    var timeline = result.timeline();
    assertThat(timeline.asked().stream().flatMap(List::stream).mapToLong(Long::longValue).sum())
        .isEqualTo(result.attempts());
    assertThat(IntStream.range(0, timeline.slices()).mapToLong(timeline.failed()::get).sum())
        .isEqualTo(result.failed());
  }

  /** Keys by the remainder of their last byte. */
  private record Modulo(List<Endpoint> ready) implements Balancer {
    @Override
    public @Nullable Endpoint select(Selection selection) {
      int key = 0;
      for (int i = 0; i < selection.keyLength(); i++) {
        key = 10 * key + selection.key()[i] - '0';
      }
      return ready.get(key % ready.size());
    }

    @Override
    public KeySource keySource() {
      return KeySource.of(KeySource.Kind.COMMAND_KEY);
    }

    @Override
    public Explanation explain(Selection selection) {
      return new Explanation(select(selection), "modulo", List.of());
    }
  }
}
