package io.steelyard.balance.decorate;

import static io.steelyard.balance.decorate.Group.only;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Explanation.Candidate;
import io.steelyard.balance.Explanation.Standing;
import io.steelyard.balance.FakeSelection;
import io.steelyard.balance.Pool;
import io.steelyard.balance.balancer.Balancers;
import io.steelyard.model.BalancerSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PrioritiesTest {
  private final FakeSelection selection = new FakeSelection(1);

  /** Three of priority 0, two of 1, one of 5. */
  private final List<Endpoint> all =
      new Group().add(3, 0, "").add(2, 1, "").add(1, 5, "").endpoints();

  private @Nullable Balancer last;

  /** A change of health: who serves now? */
  private Set<Integer> serving(int minimum, int returnAt, int... ready) {
    var next =
        new Priorities(
            new io.steelyard.model.Priorities(minimum, returnAt),
            (members, usable) ->
                Balancers.standard().create(BalancerSpec.of("round-robin"), usable),
            all,
            only(all, ready));
    if (last != null) {
      next.takeOver(last);
    }
    last = next;
    var chosen = new TreeSet<Integer>();
    for (int i = 0; i < 30; i++) {
      var endpoint = next.select(selection);
      if (endpoint != null) {
        chosen.add(endpoint.index());
      }
    }
    return chosen;
  }

  @Test
  void theNextJoinsWhenTooFewAreThereAndStandsByWhenEnoughAre() {
    assertThat(serving(2, 0, 0, 1, 2, 3, 4, 5)).containsExactly(0, 1, 2);
    assertThat(serving(2, 0, 0, 2, 3, 4, 5)).containsExactly(0, 2);
    assertThat(serving(2, 0, 2, 3, 4, 5)).containsExactly(2, 3, 4);
    assertThat(serving(2, 0, 5)).containsExactly(5);
    assertThat(serving(2, 0)).isEmpty();
    assertThat(serving(2, 0, 1, 2, 3, 4, 5)).containsExactly(1, 2);
  }

  @Test
  void standbyGoesOnUntilThereAreMoreThanEnough() {
    assertThat(serving(2, 3, 0, 1, 3, 4, 5)).containsExactly(0, 1);
    assertThat(serving(2, 3, 0, 3, 4, 5)).containsExactly(0, 3, 4);
    assertThat(serving(2, 3, 0, 1, 3, 4, 5)).containsExactly(0, 1, 3, 4);
    assertThat(serving(2, 3, 0, 1, 2, 3, 4, 5)).containsExactly(0, 1, 2);
    assertThat(serving(2, 3, 0, 1, 3, 4, 5)).containsExactly(0, 1);
  }

  /** One primary, one standby, no health checks: a request that was refused goes to the standby. */
  @Test
  void whoWasTriedMakesWayForTheNextGroup() {
    serving(1, 0, 0, 1, 2, 3, 4, 5);
    var balancer = last();
    for (int i = 0; i < 3; i++) {
      selection.refuse(all.get(i));
    }
    assertThat(index(balancer.select(selection))).isEqualTo(3);
    selection.refuse(all.get(3));
    selection.refuse(all.get(4));
    assertThat(index(balancer.select(selection))).isEqualTo(5);
    selection.refuse(all.get(5));
    assertThat(balancer.select(selection)).isNull();
  }

  @Test
  void turnsGoOnWhereTheyWere() {
    serving(1, 0, 0, 1, 2, 3, 4, 5); // 30 turns of 3: the first is next
    assertThat(index(last().select(selection))).isZero();
    var next =
        new Priorities(
            new io.steelyard.model.Priorities(1, 0),
            (members, usable) ->
                Balancers.standard().create(BalancerSpec.of("round-robin"), usable),
            all,
            all);
    next.takeOver(last());
    assertThat(index(next.select(selection))).isEqualTo(1);
  }

  /** Settings came or went: the balancer within goes on all the same. */
  @Test
  void turnsGoOnWhenTheDecoratorComesOrGoes() {
    var equal = new Group().add(3, 0, "").endpoints();
    var bare = Balancers.standard().create(BalancerSpec.of("round-robin"), equal);
    bare.select(selection);
    var decorated =
        new Priorities(
            io.steelyard.model.Priorities.defaults(),
            (members, usable) ->
                Balancers.standard().create(BalancerSpec.of("round-robin"), usable),
            equal,
            equal);
    decorated.takeOver(bare);
    assertThat(index(decorated.select(selection))).isEqualTo(1);
    var again = new Pool("p", equal, decorated, () -> 0);
    var undecorated =
        again.successor(equal, Balancers.standard().create(BalancerSpec.of("round-robin"), equal));
    try (var lease = undecorated.lease(selection)) {
      assertThat(index(lease == null ? null : lease.endpoint())).isEqualTo(2);
    }
  }

  @Test
  void saysWhoStandsBy() {
    serving(1, 0, 0, 1, 2, 3, 4, 5);
    var explanation = last().explain(selection);
    assertThat(explanation.rule()).startsWith("serving (priorities to 0, 3 available): turn ");
    assertThat(explanation.candidates())
        .extracting(Candidate::standing)
        .containsExactly(
            Standing.CHOSEN,
            Standing.ELIGIBLE,
            Standing.ELIGIBLE,
            Standing.RULED_OUT,
            Standing.RULED_OUT,
            Standing.RULED_OUT);
    assertThat(explanation.candidates().get(5).detail()).isEqualTo("priority 5: stands by");
  }

  @Test
  void isThereOnlyWherePrioritiesDiffer() {
    assertThat(Priorities.isNeeded(all)).isTrue();
    assertThat(Priorities.isNeeded(all.subList(0, 3))).isFalse();
    assertThat(Priorities.isNeeded(List.of())).isFalse();
  }

  private Balancer last() {
    return requireNonNull(last);
  }

  private static int index(@Nullable Endpoint endpoint) {
    return endpoint == null ? -1 : endpoint.index();
  }

  @Test
  void anOracleAgreesWhateverHappens() {
    for (int seed = 0; seed < 64; seed++) {
      var random = new SplittableRandom(seed);
      int minimum = 1 + random.nextInt(4);
      int returnAt = minimum + random.nextInt(3);
      last = null;
      int active = 0;
      for (int step = 0; step < 50; step++) {
        var ready = new ArrayList<Integer>();
        for (int i = 0; i < all.size(); i++) {
          if (random.nextInt(3) > 0) {
            ready.add(i);
          }
        }
        int needed = oracle(ready, minimum);
        int keep = step == 0 ? needed : Math.min(active, oracle(ready, returnAt));
        active = Math.max(needed, keep);
        int reach = active;
        var expected = ready.stream().filter(i -> all.get(i).priority() <= reach).toList();
        int[] indexes = ready.stream().mapToInt(Integer::intValue).toArray();
        assertThat(serving(minimum, returnAt, indexes))
            .as("seed %d, step %d", seed, step)
            .containsExactlyElementsOf(
                expected.isEmpty() ? ready.stream().limit(0).toList() : expected);
      }
    }
  }

  private int oracle(List<Integer> ready, int wanted) {
    for (int priority : new int[] {0, 1, 5}) {
      if (ready.stream().filter(i -> all.get(i).priority() <= priority).count() >= wanted) {
        return priority;
      }
    }
    return 5;
  }
}
