package io.steelyard.balance;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.Explanation.Candidate;
import io.steelyard.balance.Explanation.Standing;
import io.steelyard.balance.balancer.Balancers;
import io.steelyard.model.Address;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.EndpointSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How much an endpoint may have in flight at most. */
class CapacityTest {
  static Collection<String> balancers() {
    var balancers = Balancers.standard();
    return balancers.names().stream()
        .filter(name -> balancers.check(BalancerSpec.of(name)).isEmpty())
        .filter(name -> !name.equals("range"))
        .toList();
  }

  /** Nobody else has what is in a range: beyond the limit its keys are refused, no others. */
  @Test
  void rangesAreNotGivenToOthers() {
    var pool = pool(new PoolState("p"), "range", 1, 1);
    var selection = new FakeSelection(1);
    selection.key("7");
    assertThat(requireNonNull(pool.lease(selection)).endpoint().index()).isZero();
    assertThat(pool.lease(selection)).isNull();
    selection.key("999999");
    assertThat(requireNonNull(pool.lease(selection)).endpoint().index()).isOne();
  }

  /** Of a hundred and a hundred the 201st finds nobody, until one is closed. */
  @ParameterizedTest
  @MethodSource("balancers")
  void everyBalancerKeepsToIt(String balancer) {
    var pool = pool(new PoolState("p"), balancer, 100, 100);
    var leases = new ArrayList<Lease>();
    var selection = new FakeSelection(1);
    for (int i = 0; i < 200; i++) {
      selection.key("key " + i);
      leases.add(requireNonNull(pool.lease(selection)));
    }
    assertThat(pool.endpoints()).extracting(e -> e.state().inFlight()).containsOnly(100);
    assertThat(pool.lease(selection)).isNull();
    assertThat(pool.explain(selection).candidates())
        .extracting(Candidate::standing)
        .containsOnly(Standing.NOT_ACCEPTED);
    var closed = leases.getFirst().endpoint();
    leases.getFirst().close();
    assertThat(requireNonNull(pool.lease(selection)).endpoint()).isSameAs(closed);
  }

  @Test
  void zeroIsNoLimit() {
    var pool = pool(new PoolState("p"), "round-robin", 0, 1);
    var selection = new FakeSelection(1);
    assertThat(IntStream.range(0, 6).mapToObj(i -> requireNonNull(pool.lease(selection))))
        .extracting(lease -> lease.endpoint().index())
        .containsExactly(0, 1, 0, 0, 0, 0);
  }

  /** Event loops that race for the last places never open one too many. */
  @Test
  void racingLoopsStayWithinIt() throws Exception {
    var state = new PoolState("p");
    try (var threads = Executors.newFixedThreadPool(8)) {
      List<Callable<Integer>> loops = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        loops.add(() -> race(pool(state, "two-choices", 3, 2, 4)));
      }
      for (var most : threads.invokeAll(loops)) {
        assertThat(most.get()).isBetween(1, 4);
      }
    }
  }

  private static int race(Pool pool) {
    var selection = new FakeSelection(1);
    int most = 0;
    for (int i = 0; i < 20_000; i++) {
      var lease = pool.lease(selection);
      for (var endpoint : pool.endpoints()) {
        assertThat(endpoint.state().inFlight()).isLessThanOrEqualTo(endpoint.maxInFlight());
      }
      if (lease != null) {
        most = Math.max(most, lease.endpoint().state().inFlight());
        lease.close();
      }
    }
    return most;
  }

  private static Pool pool(PoolState state, String balancer, int... limits) {
    var specs = new ArrayList<EndpointSpec>();
    for (int limit : limits) {
      specs.add(EndpointSpec.of(new Address("10.0.0.1", specs.size() + 1)).withMaxInFlight(limit));
    }
    var endpoints = state.endpoints(specs);
    var made = Balancers.standard().create(BalancerSpec.of(balancer), endpoints);
    return new Pool("p", endpoints, made, () -> 0);
  }
}
