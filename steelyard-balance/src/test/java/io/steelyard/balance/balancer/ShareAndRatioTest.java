package io.steelyard.balance.balancer;

import static io.steelyard.balance.Fixtures.endpoints;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.FakeSelection;
import io.steelyard.balance.PoolState;
import io.steelyard.model.Address;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.EndpointSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShareAndRatioTest {
  private final FakeSelection selection = new FakeSelection(1);

  /** Of nine requests 2, 4 and 3: shares of 0.222, 0.444 and 0.333, not 0.286, 0.571 and 0.385. */
  @Test
  void shareGivesEachItsRunOfRequests() {
    var balancer = balancer("share", Map.of(), endpoints(2, 4, 3));
    assertThat(picks(balancer, 11)).containsExactly(0, 0, 1, 1, 1, 1, 2, 2, 2, 0, 0);
  }

  @Test
  void sharesOfVeryLongRoundsAreExactToo() {
    var balancer = balancer("share", Map.of(), endpoints(20_000, 0, 1));
    var picks = picks(balancer, 40_002);
    assertThat(picks.stream().filter(index -> index == 2).count()).isEqualTo(2);
    assertThat(picks.get(20_000)).isEqualTo(2);
    assertThat(picks.get(40_001)).isEqualTo(2);
  }

  @Test
  void ratioByEndpointIsSmoothRoundRobin() {
    var ratio = balancer("ratio", Map.of("by", "endpoint"), endpoints(5, 1, 1));
    assertThat(picks(ratio, 7)).containsExactly(0, 0, 1, 0, 2, 0, 0);
    assertThat(picks(balancer("ratio", Map.of(), endpoints(5, 1, 1)), 7))
        .containsExactly(0, 0, 1, 0, 2, 0, 0);
  }

  /** Host a runs three endpoints, host b one: each host gets half by host, not by endpoint. */
  @Test
  void ratioByHostLoadsHosts() {
    var endpoints = hosts("a", "a", "a", "b");
    assertThat(picks(balancer("ratio", Map.of("by", "host"), endpoints), 12))
        .containsExactly(0, 3, 1, 3, 2, 3, 0, 3, 1, 3, 2, 3);
  }

  @Test
  void ratioByHostPassesOverWhoIsRefused() {
    var endpoints = hosts("a", "a", "b");
    selection.refuse(endpoints.get(0));
    selection.refuse(endpoints.get(2));
    assertThat(picks(balancer("ratio", Map.of("by", "host"), endpoints), 3))
        .containsExactly(1, 1, 1);
  }

  private static List<Endpoint> hosts(String... hosts) {
    var specs = new ArrayList<EndpointSpec>();
    for (var host : hosts) {
      specs.add(EndpointSpec.of(new Address(host, specs.size() + 1)));
    }
    return new PoolState("p").endpoints(specs);
  }

  private static Balancer balancer(
      String name, Map<String, Object> options, List<Endpoint> endpoints) {
    return Balancers.standard().create(new BalancerSpec(name, options), endpoints);
  }

  private List<Integer> picks(Balancer balancer, int count) {
    var picks = new ArrayList<Integer>();
    for (int i = 0; i < count; i++) {
      picks.add(requireNonNull(balancer.select(selection)).index());
    }
    return picks;
  }
}
