package io.steelyard.balance;

import static io.steelyard.balance.Fixtures.endpoints;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PoolTest {
  private final List<Endpoint> endpoints = endpoints(1, 1);
  private final FirstAccepted balancer = new FirstAccepted(endpoints);
  private final Pool pool = new Pool("p", endpoints, balancer, () -> 77);
  private final FakeSelection selection = new FakeSelection(1);

  @Test
  void countsALeaseWhileItIsOpen() {
    var state = endpoints.getFirst().state();

    var lease = lease();
    assertThat(lease.endpoint()).isSameAs(endpoints.getFirst());
    assertThat(state.inFlight()).isEqualTo(1);

    lease.close(Outcome.BAD_ANSWER, 5);
    assertThat(state.inFlight()).isZero();
    assertThat(state.outcomes(Outcome.BAD_ANSWER)).isEqualTo(1);
    assertThat(state.nanos()).isEqualTo(5);
  }

  @Test
  void leaseThatIsJustClosedWasCancelled() {
    try (var lease = lease()) {
      assertThat(lease.endpoint().state().inFlight()).isEqualTo(1);
    }
    assertThat(endpoints.getFirst().state().outcomes(Outcome.CANCELLED)).isEqualTo(1);
  }

  @Test
  void hasNoLeaseWhenNothingCanBeChosen() {
    endpoints.forEach(selection::refuse);
    assertThat(pool.lease(selection)).isNull();
    assertThat(endpoints).allMatch(endpoint -> endpoint.state().picks() == 0);
  }

  @Test
  void leaseEndsOnce() {
    var lease = lease();
    lease.close();

    assertThatThrownBy(lease::close)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("this lease of pool p is closed");
    assertThatThrownBy(lease::endpoint).isInstanceOf(IllegalStateException.class);
    assertThat(endpoints.getFirst().state().inFlight()).isZero();
    assertThat(endpoints.getFirst().state().outcomes(Outcome.CANCELLED)).isEqualTo(1);
  }

  @Test
  void balancerHearsOfEveryChange() {
    var first = lease();
    selection.refuse(endpoints.getFirst());
    var second = lease();
    first.close(Outcome.RESET, 5);
    second.close();

    var a = endpoints.getFirst();
    var b = endpoints.getLast();
    assertThat(balancer.heard)
        .containsExactly(
            "opened " + a,
            "opened " + b,
            "closed " + a + " RESET after 5 at 77",
            "closed " + b + " CANCELLED after 0 at 77");
  }

  @Test
  void recyclesLeases() {
    var first = lease();
    var second = lease();
    first.close();
    second.close();

    assertThat(List.of(lease(), lease())).containsExactlyInAnyOrder(first, second);
    assertThat(lease()).isNotIn(first, second);
  }

  @Test
  void allocatesNothingPerLease() {
    var quiet = new Pool("p", endpoints, selection -> endpoints.getFirst(), () -> 0);
    leaseAndClose(quiet, 1_000);

    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    leaseAndClose(quiet, 10_000);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    // The measuring itself may allocate a little; one byte per lease would be 10,000.
    assertThat(allocated).isLessThan(5_000);
  }

  private void leaseAndClose(Pool from, int times) {
    for (int i = 0; i < times; i++) {
      var first = requireNonNull(from.lease(selection));
      var second = requireNonNull(from.lease(selection));
      first.close(Outcome.SUCCESS, 1);
      second.close(Outcome.SUCCESS, 1);
    }
  }

  @Test
  void successorGoesOnAndOldLeasesStayValid() {
    var lease = lease();
    var newBalancer = new FirstAccepted(endpoints);

    var successor = pool.successor(endpoints, newBalancer);

    assertThat(newBalancer.predecessor).isSameAs(balancer);
    assertThat(successor.name()).isEqualTo("p");
    lease.close(Outcome.SUCCESS, 1);
    assertThat(endpoints.getFirst().state().inFlight()).isZero();
  }

  @Test
  void choosesAmongThoseThatAreReady() {
    var first = lease();
    var a = endpoints.getFirst();
    var b = endpoints.getLast();
    var onlyB = new FirstAccepted(List.of(b));

    pool.rebalance(List.of(b), onlyB);
    var second = lease();
    first.close(Outcome.SUCCESS, 1);
    second.close(Outcome.SUCCESS, 1);

    assertThat(onlyB.predecessor).isSameAs(balancer);
    assertThat(onlyB.heard)
        .containsExactly("opened " + b, "closed " + b + " SUCCESS after 1 at 77");
    assertThat(a.state().inFlight()).isZero();
    assertThat(pool.endpoints()).isEqualTo(endpoints);

    var all = new FirstAccepted(endpoints);
    pool.rebalance(endpoints, all);
    assertThat(lease().endpoint()).isSameAs(a);
    assertThat(all.predecessor).isSameAs(onlyB);
  }

  @Test
  void refusesEndpointsThatAreNotAtTheirIndex() {
    assertThatThrownBy(() -> new Pool("p", endpoints.reversed(), balancer, () -> 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("endpoint p/10.0.0.1:2 has index 1, expected 0");
  }

  private Lease lease() {
    return requireNonNull(pool.lease(selection));
  }

  private static final class FirstAccepted implements Balancer {
    private final List<Endpoint> endpoints;
    private final List<String> heard = new ArrayList<>();
    private @Nullable Balancer predecessor;

    FirstAccepted(List<Endpoint> endpoints) {
      this.endpoints = endpoints;
    }

    @Override
    public @Nullable Endpoint select(Selection selection) {
      for (var endpoint : endpoints) {
        if (selection.accepts(endpoint)) {
          return endpoint;
        }
      }
      return null;
    }

    @Override
    public void opened(Endpoint endpoint) {
      heard.add("opened " + endpoint);
    }

    @Override
    public void closed(Endpoint endpoint, Outcome outcome, long nanos, long now) {
      heard.add("closed " + endpoint + " " + outcome + " after " + nanos + " at " + now);
    }

    @Override
    public void takeOver(Balancer previous) {
      predecessor = previous;
    }
  }
}
