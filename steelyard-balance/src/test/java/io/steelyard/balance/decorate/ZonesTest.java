package io.steelyard.balance.decorate;

import static io.steelyard.balance.decorate.Group.only;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.FakeSelection;
import io.steelyard.balance.balancer.Balancers;
import io.steelyard.model.BalancerSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ZonesTest {
  private static final int REQUESTS = 30_000;

  private final FakeSelection selection = new FakeSelection(1);

  private static Balancer zones(List<Endpoint> all, List<Endpoint> ready) {
    return new Zones(
        "a",
        (members, usable) -> Balancers.standard().create(BalancerSpec.of("round-robin"), usable),
        all,
        ready);
  }

  private Map<String, Double> shares(Balancer balancer) {
    var shares = new HashMap<String, Double>();
    for (int i = 0; i < REQUESTS; i++) {
      var zone = requireNonNull(balancer.select(selection)).zone();
      shares.merge(zone, 1.0 / REQUESTS, Double::sum);
    }
    return shares;
  }

  @Test
  void allStaysAtHomeWhileItSuffices() {
    var all = new Group().add(3, 0, "a").add(3, 0, "b").add(3, 0, "c").endpoints();
    assertThat(shares(zones(all, all))).containsOnlyKeys("a");
  }

  /** Of 8, 2 at home: they can take 2/8 of all where 1/3 arises, so 3/4 of that stays. */
  @Test
  void theRestIsSpreadByWhatOthersCanSpare() {
    var all = new Group().add(3, 0, "a").add(3, 0, "b").add(3, 0, "c").endpoints();
    var shares = shares(zones(all, only(all, 0, 1, 3, 4, 5, 6, 7, 8)));
    assertThat(shares.get("a")).isEqualTo(0.75, within(0.01));
    assertThat(shares.get("b")).isEqualTo(0.125, within(0.01));
    assertThat(shares.get("c")).isEqualTo(0.125, within(0.01));
  }

  /** b has less than its own traffic needs: nothing is put on it. */
  @Test
  void whoHasNothingToSpareGetsNothing() {
    var all = new Group().add(2, 0, "a").add(1, 0, "b").add(9, 0, "c").endpoints();
    var shares = shares(zones(all, all));
    assertThat(shares.get("a")).isEqualTo(0.5, within(0.01));
    assertThat(shares.get("c")).isEqualTo(0.5, within(0.01));
    assertThat(shares).doesNotContainKey("b");
  }

  @Test
  void endpointsWithoutAZoneHaveAllToSpare() {
    var all = new Group().add(1, 0, "a").add(1, 0, "b").add(2, 0, "").endpoints();
    var shares = shares(zones(all, all));
    assertThat(shares.get("a")).isEqualTo(0.5, within(0.01));
    assertThat(shares.get("")).isEqualTo(0.5, within(0.01));
  }

  @Test
  void withNobodyAtHomeAllGoesElsewhere() {
    var all = new Group().add(1, 0, "a").add(2, 0, "b").endpoints();
    assertThat(shares(zones(all, only(all, 1, 2)))).containsOnlyKeys("b");
    assertThat(zones(all, List.of()).select(selection)).isNull();
  }

  @Test
  void whoWasTriedAtHomeIsFollowedByOthers() {
    var all = new Group().add(1, 0, "a").add(1, 0, "b").endpoints();
    selection.refuse(all.getFirst());
    assertThat(requireNonNull(zones(all, all).select(selection)).zone()).isEqualTo("b");
  }

  @Test
  void aKeyKeepsItsZone() {
    var all = new Group().add(3, 0, "a").add(3, 0, "b").endpoints();
    var balancer = zones(all, only(all, 0, 3, 4, 5));
    int home = 0;
    for (int key = 0; key < 2_000; key++) {
      selection.key("key " + key);
      var zone = requireNonNull(balancer.select(selection)).zone();
      for (int i = 0; i < 3; i++) {
        assertThat(requireNonNull(balancer.select(selection)).zone()).isEqualTo(zone);
      }
      home += zone.equals("a") ? 1 : 0;
    }
    assertThat(home).isBetween(900, 1_100); // a quarter of the weight for half of the traffic
  }

  @Test
  void isThereOnlyWhereItMatters() {
    var all = new Group().add(1, 0, "a").add(1, 0, "b").endpoints();
    assertThat(Zones.isNeeded("a", all)).isTrue();
    assertThat(Zones.isNeeded("", all)).isFalse();
    assertThat(Zones.isNeeded("x", all)).isFalse();
    assertThat(Zones.isNeeded("a", all.subList(0, 1))).isFalse();
  }
}
