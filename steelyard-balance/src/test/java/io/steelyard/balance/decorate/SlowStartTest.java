package io.steelyard.balance.decorate;

import static io.steelyard.balance.Fixtures.endpoints;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Explanation.Standing;
import io.steelyard.balance.FakeSelection;
import io.steelyard.balance.KeySource;
import io.steelyard.balance.Pool;
import io.steelyard.balance.Selection;
import io.steelyard.balance.balancer.Balancers;
import io.steelyard.model.BalancerSpec;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlowStartTest {
  private static final long SECOND = 1_000_000_000L;

  /** Near the end of all numbers: clocks wrap. */
  private static final long BEGIN = Long.MAX_VALUE - 5 * SECOND;

  private static final io.steelyard.model.SlowStart SETTINGS =
      new io.steelyard.model.SlowStart(Duration.ofSeconds(10), 0.1);

  private final FakeSelection selection = new FakeSelection(1);
  private final List<Endpoint> all = endpoints(1, 1, 1, 1);

  private Balancer slow(String balancer) {
    return new SlowStart(
        SETTINGS, Balancers.standard().create(BalancerSpec.of(balancer), all), all);
  }

  /** The share of the last endpoint so many seconds after it came up. */
  private double share(Balancer balancer, double seconds) {
    selection.now(BEGIN + (long) (seconds * SECOND));
    var pool = new Pool("p", all, balancer, () -> 0);
    int requests = 8_000;
    int chosen = 0;
    for (int i = 0; i < requests; i++) {
      try (var lease = requireNonNull(pool.lease(selection))) {
        chosen += lease.endpoint() == all.getLast() ? 1 : 0;
      }
    }
    return (double) chosen / requests;
  }

  @ParameterizedTest
  @ValueSource(strings = {"round-robin", "random", "least-connections"})
  void theShareGrows(String balancer) {
    all.getLast().state().cameUp(BEGIN);
    var slow = slow(balancer);
    assertThat(share(slow, 0)).isEqualTo(0.1 / 4, within(0.005));
    assertThat(share(slow, 5)).isEqualTo(0.55 / 4, within(0.01));
    assertThat(share(slow, 10)).isEqualTo(0.25, within(0.02));
    assertThat(share(slow, 1_000)).isEqualTo(0.25, within(0.02));
  }

  /**
   * To an idle endpoint, least-connections would send everything: it gets its part of its share.
   */
  @Test
  void anIdleOneIsNotOverrun() {
    all.getLast().state().cameUp(BEGIN);
    var pool = new Pool("p", all, slow("least-connections"), () -> 0);
    selection.now(BEGIN);
    for (int i = 0; i < 400; i++) {
      pool.lease(selection); // and none of them ends
    }
    assertThat(all.getLast().state().inFlight()).isBetween(9, 11);
  }

  @Test
  void whoNeverWasDownHasItsWholeShare() {
    assertThat(share(slow("round-robin"), 0)).isEqualTo(0.25);
  }

  @Test
  void ratherOneThatStartsThanNone() {
    all.forEach(endpoint -> endpoint.state().cameUp(BEGIN));
    var slow = slow("round-robin");
    assertThat(share(slow, 0)).isEqualTo(0.25);
    for (int i = 0; i < 3; i++) {
      selection.refuse(all.get(i));
    }
    assertThat(share(slow, 0)).isEqualTo(1);
  }

  /** Keys that came stay: the set of those let through only grows. */
  @Test
  void keysComeOneAfterTheOther() {
    all.getLast().state().cameUp(BEGIN);
    var slow = new SlowStart(SETTINGS, new LastFirst(all), all);
    boolean[] had = new boolean[2_000];
    double[] seconds = {0, 2.5, 5, 7.5, 10};
    double[] parts = {0.1, 0.325, 0.55, 0.775, 1};
    for (int step = 0; step < seconds.length; step++) {
      selection.now(BEGIN + (long) (seconds[step] * SECOND));
      int count = 0;
      for (int key = 0; key < had.length; key++) {
        selection.key("key " + key);
        boolean has = slow.select(selection) == all.getLast();
        assertThat(has || !had[key]).isTrue();
        had[key] = has;
        count += has ? 1 : 0;
      }
      assertThat((double) count / had.length).isEqualTo(parts[step], within(0.03));
    }
  }

  @Test
  void creditOutlivesAChange() {
    all.getLast().state().cameUp(BEGIN);
    var slow = slow("round-robin");
    int chosen = 0;
    selection.now(BEGIN);
    for (int i = 0; i < 4_000; i++) {
      if (i % 500 == 499) { // health elsewhere changes
        var next = slow("round-robin");
        next.takeOver(slow);
        slow = next;
      }
      chosen += slow.select(selection) == all.getLast() ? 1 : 0;
    }
    assertThat(chosen).isBetween(85, 105);
  }

  @Test
  void saysWhoStarts() {
    all.getLast().state().cameUp(BEGIN);
    selection.now(BEGIN + 5 * SECOND);
    var candidate = slow("round-robin").explain(selection).candidates().getLast();
    assertThat(candidate.standing()).isEqualTo(Standing.RULED_OUT);
    assertThat(candidate.detail()).isEqualTo("slow start: 55 of 100 of its share");
  }

  /** A hash balancer whose every key belongs to the last endpoint. */
  private record LastFirst(List<Endpoint> ready) implements Balancer {
    @Override
    public @Nullable Endpoint select(Selection selection) {
      return ready.reversed().stream().filter(selection::accepts).findFirst().orElse(null);
    }

    @Override
    public KeySource keySource() {
      return KeySource.of(KeySource.Kind.COMMAND_KEY);
    }
  }
}
