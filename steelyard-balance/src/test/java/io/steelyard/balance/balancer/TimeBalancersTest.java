package io.steelyard.balance.balancer;

import static io.steelyard.balance.Fixtures.endpoints;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.FakeSelection;
import io.steelyard.balance.Outcome;
import io.steelyard.balance.Pool;
import io.steelyard.balance.PoolState;
import io.steelyard.model.BalancerSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for {@code least-response-time}, {@code fastest} and {@code minimum-rtt}. */
class TimeBalancersTest {
  private static final long MS = 1_000_000;

  private final FakeSelection selection = new FakeSelection(1);
  private long now = 1;

  /**
   * traefik#12306: five equal endpoints, 1,500 requests of three kinds, and one of the endpoints
   * slow at first. There it got 5 requests of 1,500.
   */
  @ParameterizedTest
  @ValueSource(strings = {"least-response-time", "fastest", "minimum-rtt"})
  void whoWasSlowOnceIsNotStarved(String balancer) {
    for (int seed = 0; seed < 16; seed++) {
      for (long scale : List.of(MS / 10, 2 * MS, 20 * MS)) {
        var endpoints = endpoints(1, 1, 1, 1, 1);
        int[] picks =
            new ClosedLoop(endpoints, balancer(balancer, endpoints), seed)
                .workOf(scale, 3 * scale, 10 * scale)
                .stall(1, 60 * scale)
                .run(1_500, 20);
        assertThat(picks[1]).as("%s: %s", scale, Arrays.toString(picks)).isGreaterThan(150);
      }
    }
  }

  /** The same with answers measured at the time they are worst: a connect that took a second. */
  @Test
  void whoConnectedSlowlyOnceIsNotStarved() {
    var endpoints = endpoints(1, 1, 1, 1, 1);
    endpoints.get(1).state().connectTime().replace(1_000 * MS, 1);
    int[] picks = new ClosedLoop(endpoints, balancer("minimum-rtt", endpoints), 1).run(1_500, 20);
    assertThat(picks[1]).isGreaterThan(150);
  }

  @ParameterizedTest
  @ValueSource(strings = {"least-response-time", "fastest"})
  void whoIsSlowerGetsLittle(String balancer) {
    for (int seed = 0; seed < 16; seed++) {
      var endpoints = endpoints(1, 1, 1, 1);
      int[] picks =
          new ClosedLoop(endpoints, balancer(balancer, endpoints), seed)
              .workOf(4 * MS, 6 * MS)
              .delay(2, 50 * MS)
              .run(2_000, 12);
      assertThat(picks[2]).as(Arrays.toString(picks)).isBetween(1, 200);
    }
  }

  @Test
  void fastestKeepsMostFromAnEndpointThatIsFiftyMillisecondsSlower() {
    var endpoints = endpoints(1, 1);
    int[] picks =
        new ClosedLoop(endpoints, balancer("fastest", endpoints), 3)
            .workOf(5 * MS)
            .delay(0, 50 * MS)
            .run(1_000, 4);
    assertThat(picks[0]).isLessThan(100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"least-response-time", "fastest", "minimum-rtt"})
  void equalsShareByWeight(String balancer) {
    var endpoints = endpoints(3, 1, 1);
    var pool = pool(balancer, endpoints);
    for (int i = 0; i < 3; i++) {
      use(pool, Outcome.SUCCESS, 5 * MS, 5 * MS);
    }
    for (int i = 0; i < 1_000; i++) {
      use(pool, Outcome.SUCCESS, 5 * MS, 5 * MS);
    }
    assertThat((double) endpoints.getFirst().state().picks() / 1_000)
        .isGreaterThan("least-response-time".equals(balancer) ? 0.9 : 0.55);
  }

  /** Who refuses at once is not fast. */
  @ParameterizedTest
  @ValueSource(strings = {"least-response-time", "fastest", "minimum-rtt"})
  void failuresAreNotFast(String balancer) {
    var endpoints = endpoints(1, 1, 1);
    var pool = pool(balancer, endpoints);
    for (int i = 0; i < 2_000; i++) {
      now += MS;
      selection.now(now);
      var lease = requireNonNull(pool.lease(selection));
      boolean refuses = lease.endpoint().index() == 0;
      if (!refuses) {
        lease.connected(2 * MS);
      }
      lease.close(refuses ? Outcome.CONNECT_FAILED : Outcome.SUCCESS, refuses ? 1_000 : 20 * MS);
    }
    assertThat(endpoints.getFirst().state().picks()).isLessThan(30);
  }

  @ParameterizedTest
  @ValueSource(strings = {"least-response-time", "fastest", "minimum-rtt"})
  void theUntriedAreTriedOneRequestAtATime(String balancer) {
    var endpoints = endpoints(1, 1, 1);
    var pool = pool(balancer, endpoints);
    for (int i = 0; i < 3; i++) {
      use(pool, Outcome.SUCCESS, 5 * MS, 2 * MS);
    }
    var state = new PoolState("p");
    var some = endpoints(state, 1, 1, 1);
    some.get(0).state().responseTime().replace(5 * MS, 1);
    some.get(0).state().connectTime().replace(5 * MS, 1);
    var fresh = pool(balancer, some);
    var first = requireNonNull(fresh.lease(selection));
    var second = requireNonNull(fresh.lease(selection));
    assertThat(List.of(first.endpoint().index(), second.endpoint().index())).containsExactly(1, 2);
    for (int i = 0; i < 5; i++) {
      assertThat(requireNonNull(fresh.lease(selection)).endpoint().index()).isZero();
    }
  }

  /** What was measured outlives the configuration. */
  @Test
  void averagesOutliveTheBalancer() {
    var state = new PoolState("p");
    var old = endpoints(state, 1, 1);
    var pool = pool("least-response-time", old);
    use(pool, Outcome.SUCCESS, 5 * MS, MS);
    use(pool, Outcome.SUCCESS, 900 * MS, MS);
    var successor = pool("least-response-time", endpoints(state, 1, 1));
    for (int i = 0; i < 5; i++) {
      assertThat(requireNonNull(successor.lease(selection)).endpoint().index()).isZero();
    }
  }

  @Test
  void responseTimesMultiplyWithWhatIsInFlight() {
    var endpoints = endpoints(1, 1);
    endpoints.get(0).state().responseTime().replace(10 * MS, 1);
    endpoints.get(1).state().responseTime().replace(35 * MS, 1);
    var pool = pool("least-response-time", endpoints);
    int[] picks = new int[2];
    for (int i = 0; i < 8; i++) {
      picks[requireNonNull(pool.lease(selection)).endpoint().index()]++;
    }
    // 10, 20, 30 | 35 | 40, 50, 60 | 70: the seventh of the first would be 70 as well, later.
    assertThat(picks).containsExactly(6, 2);
    var explanation = pool.explain(selection);
    assertThat(Math.exp(explanation.candidates().get(1).score() - 1.0 / 1e10))
        .isCloseTo(3.0 * 35 * MS, within(1.0));
  }

  @Test
  void aShorterAnswerThanTheRoundTripShortensIt() {
    var endpoints = endpoints(1);
    var pool = pool("minimum-rtt", endpoints);
    use(pool, Outcome.SUCCESS, 80 * MS, 40 * MS);
    var average = endpoints.getFirst().state().connectTime();
    assertThat(average.nanos()).isEqualTo(40 * MS);
    use(pool, Outcome.SUCCESS, 10 * MS, 40 * MS);
    assertThat(average.nanos()).isEqualTo(10 * MS);
    use(pool, Outcome.CANCELLED, 1, 10 * MS);
    assertThat(average.nanos()).isEqualTo(10 * MS);
  }

  /** RFC 6298: SRTT becomes 7/8 SRTT + 1/8 R. */
  @Test
  void roundTripsAreSmoothedAsTcpDoes() {
    var endpoints = endpoints(1);
    var balancer = balancer("minimum-rtt", endpoints);
    balancer.connected(endpoints.getFirst(), 8 * MS, 1);
    balancer.connected(endpoints.getFirst(), 16 * MS, 1);
    assertThat(endpoints.getFirst().state().connectTime().nanos())
        .isCloseTo(9.0 * MS, within(1e-3));
  }

  @Test
  void adaptsWhenTheNearestWayBecomesLonger() {
    var endpoints = endpoints(1, 1);
    var pool = pool("minimum-rtt", endpoints);
    long[] rtt = {MS, 20 * MS};
    int[] before = connects(pool, rtt, 200);
    rtt[0] = 51 * MS; // tc netem delay 50ms
    int[] after = connects(pool, rtt, 400);
    assertThat(before[0]).isGreaterThan(180);
    assertThat(after[1]).isGreaterThan(300);
  }

  private int[] connects(Pool pool, long[] rtt, int count) {
    int[] picks = new int[rtt.length];
    for (int i = 0; i < count; i++) {
      now += MS;
      selection.now(now);
      var lease = requireNonNull(pool.lease(selection));
      int index = lease.endpoint().index();
      picks[index]++;
      lease.connected(rtt[index]);
      lease.close(Outcome.SUCCESS, 100 * MS);
    }
    return picks;
  }

  @Test
  void optionsAreChecked() {
    for (var name : List.of("least-response-time", "fastest", "minimum-rtt")) {
      var spec = new BalancerSpec(name, Map.of("memory", "10", "second-chance", -1L));
      assertThat(Balancers.standard().check(spec))
          .containsExactlyInAnyOrder(
              new BalancerProblem("memory", "'10', expected a duration from 100ms to 1h"),
              new BalancerProblem(
                  "second-chance", "-1, expected a whole number from 0 to 1000000"));
    }
  }

  private void use(Pool pool, Outcome outcome, long nanos, long connect) {
    now += MS;
    selection.now(now);
    var lease = requireNonNull(pool.lease(selection));
    lease.connected(connect);
    lease.close(outcome, nanos);
  }

  private Pool pool(String balancer, List<Endpoint> endpoints) {
    return new Pool("p", endpoints, balancer(balancer, endpoints), () -> now);
  }

  private static Balancer balancer(String name, List<Endpoint> endpoints) {
    return Balancers.standard().create(BalancerSpec.of(name), endpoints);
  }
}
