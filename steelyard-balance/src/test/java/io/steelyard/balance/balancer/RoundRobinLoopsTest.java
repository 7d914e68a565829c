package io.steelyard.balance.balancer;

import static io.steelyard.balance.Fixtures.endpoints;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.FakeSelection;
import io.steelyard.balance.Pool;
import io.steelyard.balance.PoolState;
import io.steelyard.model.BalancerSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Loops that go round on threads of their own, over the same endpoints. */
class RoundRobinLoopsTest {
  private static final int THREADS = 64;

  @ParameterizedTest
  @ValueSource(strings = {"round-robin", "static-round-robin", "share", "ratio"})
  void staysWithinOnePerEndpointAndLoop(String name) throws Exception {
    var state = new PoolState("p");
    int requests = 7 * 1_000 + 3;
    try (var threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> loops = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        loops.add(threads.submit(() -> goRound(name, state, requests)));
      }
      for (var loop : loops) {
        loop.get();
      }
    }
    for (var endpoint : endpoints(state, 1, 1, 1, 1, 1, 1, 1)) {
      assertThat(endpoint.state().picks())
          .isBetween((long) THREADS * (requests / 7), (long) THREADS * (requests / 7 + 1));
      assertThat(endpoint.state().inFlight()).isZero();
    }
  }

  private static void goRound(String name, PoolState state, int requests) {
    var endpoints = endpoints(state, 1, 1, 1, 1, 1, 1, 1);
    var balancer = Balancers.standard().create(BalancerSpec.of(name), endpoints);
    var pool = new Pool("p", endpoints, balancer, () -> 0);
    var selection = new FakeSelection(1);
    for (int i = 0; i < requests; i++) {
      requireNonNull(pool.lease(selection)).close();
    }
  }
}
