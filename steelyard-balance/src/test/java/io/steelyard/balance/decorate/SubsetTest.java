package io.steelyard.balance.decorate;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.FakeSelection;
import io.steelyard.balance.balancer.Balancers;
import io.steelyard.model.BalancerSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SubsetTest {
  private static final int SIZE = 10;

  private final List<Endpoint> all = new Group().add(300, 0, "").endpoints();

  private static Set<Integer> members(int process, List<Endpoint> all, List<Endpoint> ready) {
    var subset =
        new Subset(
            new io.steelyard.model.Subset(SIZE, process),
            (some, usable) -> Balancers.standard().create(BalancerSpec.of("round-robin"), usable),
            all,
            ready);
    var selection = new FakeSelection(1);
    var members = new TreeSet<Integer>();
    for (int i = 0; i < 2 * SIZE; i++) {
      members.add(requireNonNull(subset.select(selection)).index());
    }
    return members;
  }

  /** 300 processes with 10 of 300 endpoints each: every endpoint has exactly 10 processes. */
  @Test
  void allProcessesTogetherUseAllEvenly() {
    int[] users = new int[all.size()];
    for (int process = 0; process < 300; process++) {
      var members = members(process, all, all);
      assertThat(members).hasSize(SIZE);
      members.forEach(member -> users[member]++);
    }
    assertThat(users).containsOnly(SIZE);
  }

  @Test
  void whoIsNotReadyIsReplacedAndNobodyElse() {
    for (int process = 0; process < 60; process++) {
      var before = members(process, all, all);
      int gone = before.iterator().next();
      var ready = new ArrayList<>(all);
      ready.remove(gone);
      var after = members(process, all, ready);
      assertThat(after).hasSize(SIZE).doesNotContain(gone);
      before.remove(gone);
      assertThat(after).containsAll(before);
    }
  }

  @Test
  void othersAreAskedWhenNobodyOfTheSubsetIsAccepted() {
    var selection = new FakeSelection(1);
    members(3, all, all).forEach(member -> selection.refuse(all.get(member)));
    var subset =
        new Subset(
            new io.steelyard.model.Subset(SIZE, 3),
            (some, usable) -> Balancers.standard().create(BalancerSpec.of("random"), usable),
            all,
            all);
    assertThat(selection.accepts(requireNonNull(subset.select(selection)))).isTrue();
  }
}
