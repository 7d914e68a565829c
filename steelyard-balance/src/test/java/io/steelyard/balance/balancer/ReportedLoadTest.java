package io.steelyard.balance.balancer;

import static io.steelyard.balance.Fixtures.endpoints;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.steelyard.balance.Adjustment;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.FakeSelection;
import io.steelyard.balance.LoadReport;
import io.steelyard.balance.Outcome;
import io.steelyard.balance.Pool;
import io.steelyard.balance.PoolState;
import io.steelyard.model.BalancerSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The balancers that follow what endpoints report of their load. */
class ReportedLoadTest {
  private static final long SECOND = 1_000_000_000L;

  private final FakeSelection selection = new FakeSelection(1);
  private final PoolState state = new PoolState("p");
  private final List<Endpoint> endpoints = endpoints(state, 1, 1);
  private final Endpoint first = endpoints.getFirst();
  private long now = 10 * SECOND;

  @ParameterizedTest
  @ValueSource(strings = {"dynamic-ratio", "dynamic-feedback", "packet-loss", "reported-load"})
  void asksForReportsAndSharesByWeightWithoutAny(String balancer) {
    var pool = pool(balancer, Map.of());
    assertThat(pool.usesLoadReports()).isTrue();
    assertThat(shares(pool, 100)).containsExactly(50, 50);
    assertThat(first.state().adjustment()).isNull();
  }

  /** CPU at 90 %, memory at 35 % and disk at 45 %: F5's (0 × 1.5 + 0.5 × 1 + 0.5 × 2) ÷ 4.5. */
  @Test
  void dynamicRatioIsF5sFormula() {
    var pool = pool("dynamic-ratio", Map.of("step", 1L));
    report(first, Map.of("cpu", 0.9, "memory", 0.35, "disk", 0.45));
    tick(pool);
    assertThat(adjustment().after()).isCloseTo(1.5 / 4.5, within(1e-12));
    assertThat(shares(pool, 400)[0]).isBetween(99, 101);
  }

  /** The agent says 90 %: the weight falls, by a bounded step at a time, and comes back. */
  @Test
  void dynamicRatioFollowsTheAgentInSteps() {
    var pool = pool("dynamic-ratio", Map.of());
    double before = 1;
    for (int i = 0; i < 12; i++) {
      report(first, Map.of("cpu", 0.9));
      tick(pool);
      double after = adjustment().after();
      assertThat(after).isCloseTo(Math.max(before - 0.1, 0.02), within(1e-12));
      assertThat(adjustment().before()).isCloseTo(before, within(1e-12));
      assertThat(adjustment().inputs()).isEqualTo(Map.of("cpu", 0.9));
      assertThat(adjustment().nanos()).isEqualTo(now);
      before = after;
    }
    assertThat(shares(pool, 1_020)[0]).as("little, but something").isBetween(10, 30);
    for (int i = 0; i < 20; i++) {
      tick(pool); // the report grows old
    }
    assertThat(adjustment().after()).isEqualTo(1);
    assertThat(adjustment().inputs()).isEmpty();
  }

  @Test
  void dynamicRatioTakesAnAgentsWeight() {
    var pool = pool("dynamic-ratio", Map.of("step", 1L));
    report(first, Map.of("weight", 0.25));
    tick(pool);
    assertThat(adjustment().after()).isEqualTo(0.25);
  }

  @Test
  void coefficientsNeedThresholds() {
    var spec = new BalancerSpec("dynamic-ratio", Map.of("coefficients", Map.of("queue", 1L)));
    assertThat(Balancers.standard().check(spec))
        .containsExactly(
            new BalancerProblem(
                null, "metric queue has a coefficient and no threshold, expected both"));
    var wrong = new BalancerSpec("dynamic-ratio", Map.of("coefficients", Map.of("cpu", "much")));
    assertThat(Balancers.standard().check(wrong))
        .containsExactly(
            new BalancerProblem(
                "coefficients", "a map, expected a map of names to numbers from 0 to 1000000"));
  }

  /** weight ← weight + 5 × ∛(0.95 − load), the weights in hundreds, between 1 and 10 times. */
  @Test
  void dynamicFeedbackIsLvsFormula() {
    var options = Map.<String, Object>of("coefficients", Map.of("cpu", 3L, "disk", 1L));
    var pool = pool("dynamic-feedback", options);
    report(first, Map.of("cpu", 0.2, "disk", 0.6));
    tick(pool);
    double weight = 100 + 5 * Math.cbrt(0.95 - (3 * 0.2 + 0.6) / 4);
    assertThat(adjustment().after()).isCloseTo(weight, within(1e-9));
    report(first, Map.of("cpu", 0.9, "disk", 0.9));
    tick(pool);
    weight += 5 * Math.cbrt(0.05);
    assertThat(adjustment().after()).isCloseTo(weight, within(1e-9));
    report(first, Map.of("cpu", 0.95, "disk", 0.96));
    tick(pool);
    assertThat(adjustment().after()).as("below the threshold").isCloseTo(weight, within(1e-9));
    for (int i = 0; i < 10; i++) {
      report(first, Map.of("cpu", 1.0, "disk", 1.0));
      tick(pool);
    }
    assertThat(adjustment().after()).as("not below the configured").isEqualTo(100);
    for (int i = 0; i < 1_000; i++) {
      report(first, Map.of("cpu", 0.0));
      tick(pool);
    }
    assertThat(adjustment().after()).as("ten times at most").isEqualTo(1_000);
  }

  @Test
  void dynamicFeedbackCountsInput() {
    var options = Map.<String, Object>of("coefficients", Map.of("input", 1L), "threshold", 0L);
    var pool = pool("dynamic-feedback", options);
    tick(pool);
    shares(pool, 100);
    report(first, Map.of("any", 0.0));
    tick(pool);
    double input = adjustment().inputs().getOrDefault("input", Double.NaN);
    assertThat(input).isCloseTo(1, within(0.05));
    assertThat(adjustment().after())
        .isCloseTo(Math.max(100 + 5 * Math.cbrt(0.95 - input), 100), within(1e-9));
  }

  /**
   * One of the endpoints works on something else, too, and says so: the slowest answers come
   * sooner.
   */
  @Test
  void feedbackShortensTheTail() {
    long feedback = tail("dynamic-feedback");
    long plain = tail("weighted-least-connections");
    assertThat(feedback).isLessThan(plain);
  }

  private static long tail(String balancer) {
    var all = endpoints(1, 1, 1, 1);
    var options =
        balancer.startsWith("dynamic")
            ? Map.<String, Object>of("interval", "100ms")
            : Map.<String, Object>of();
    var loop =
        new ClosedLoop(
                all, Balancers.standard().create(new BalancerSpec(balancer, options), all), 5)
            .workOf(1_000_000, 1_000_000, 1_000_000, 30_000_000)
            .speed(0, 0.25);
    loop.everyRequest(now -> {
      for (var endpoint : all) {
        double cpu = endpoint.index() == 0 ? 1 : 0.3;
        endpoint.state().report(new LoadReport(Map.of("cpu", cpu), now));
      }
    });
    loop.run(6_000, 8);
    loop.run(6_000, 8);
    return loop.quantile(0.99);
  }

  @Test
  void reportedLoadChoosesTheLeast() {
    var pool = pool("reported-load", Map.of());
    report(first, Map.of("cpu", 0.9, "io", 0.1));
    report(endpoints.getLast(), Map.of("network", 0.4));
    assertThat(shares(pool, 5)).containsExactly(0, 5);
    // 0.5 against 0.4 and a hundredth for each request since.
    assertThat(shares(pool, 20)).containsExactly(8, 12);
    report(endpoints.getLast(), Map.of("cpu", 0.1));
    assertThat(shares(pool, 20)).containsExactly(0, 20);
  }

  @Test
  void reportedLoadTakesAnyMetric() {
    var pool = pool("reported-load", Map.of("coefficients", Map.of("queue", 1L), "step", 1L));
    report(first, Map.of("queue", 7.0));
    report(endpoints.getLast(), Map.of("queue", 3.0));
    assertThat(shares(pool, 10)).containsExactly(3, 7);
  }

  /**
   * Five in a hundred are lost: the weight is halved to a fifth, an alarm stands, and it comes
   * back.
   */
  @Test
  void packetLossCutsTheWeight() {
    var pool = pool("packet-loss", Map.of());
    double[] expected = {0.5, 0.25, 0.2, 0.2};
    for (double factor : expected) {
      report(first, Map.of("packet-loss", 0.05));
      tick(pool);
      assertThat(adjustment().after()).isCloseTo(factor, within(1e-12));
      assertThat(adjustment().isAlarm()).isTrue();
    }
    assertThat(shares(pool, 600)[0]).isBetween(98, 102);
    assertThat(pool.explain(selection).candidates().getFirst().detail())
        .isEqualTo("{packet-loss=0.05}, effective weight 0.2000 after 0.2000, alarm, weight 1");
    report(first, Map.of("packet-loss", 0.008));
    tick(pool);
    assertThat(adjustment().after()).as("neither nor").isCloseTo(0.2, within(1e-12));
    assertThat(adjustment().isAlarm()).isFalse();
    for (double factor : new double[] {0.4, 0.8, 1}) {
      report(first, Map.of("packet-loss", 0.001));
      tick(pool);
      assertThat(adjustment().after()).isCloseTo(factor, within(1e-12));
    }
  }

  /** However many event loops there are, a weight moves once per interval. */
  @Test
  void eventLoopsAdjustTogether() {
    var one = pool("dynamic-ratio", Map.of());
    var other = pool("dynamic-ratio", Map.of());
    report(first, Map.of("cpu", 0.9));
    tick(one);
    requireNonNull(other.lease(selection)).close();
    assertThat(adjustment().after()).isCloseTo(0.9, within(1e-12));
    assertThat(shares(one, 190)).containsExactly(90, 100);
    assertThat(shares(other, 190)[0]).isBetween(89, 91);
    // And a later configuration goes on from there.
    var later = endpoints(state, 1, 1);
    var balancer = Balancers.standard().create(BalancerSpec.of("dynamic-ratio"), later);
    assertThat(balancer.explain(selection).candidates().getFirst().detail())
        .contains("effective weight 0.9000");
  }

  private Adjustment adjustment() {
    return requireNonNull(first.state().adjustment());
  }

  private void report(Endpoint endpoint, Map<String, Double> metrics) {
    endpoint.state().report(new LoadReport(metrics, now));
  }

  /** An interval passes, and a choice after which weights are adjusted. */
  private void tick(Pool pool) {
    now += 5 * SECOND;
    selection.now(now);
    requireNonNull(pool.lease(selection)).close();
  }

  private int[] shares(Pool pool, int count) {
    int[] shares = new int[endpoints.size()];
    selection.now(now);
    for (int i = 0; i < count; i++) {
      var lease = requireNonNull(pool.lease(selection));
      shares[lease.endpoint().index()]++;
      lease.close(Outcome.SUCCESS, 1);
    }
    return shares;
  }

  private Pool pool(String balancer, Map<String, Object> options) {
    var made = Balancers.standard().create(new BalancerSpec(balancer, options), endpoints);
    return new Pool("p", endpoints, made, () -> now);
  }
}
