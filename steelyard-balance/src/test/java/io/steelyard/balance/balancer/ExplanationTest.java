package io.steelyard.balance.balancer;

import static io.steelyard.balance.Fixtures.endpoints;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Explanation;
import io.steelyard.balance.Explanation.Candidate;
import io.steelyard.balance.Explanation.Standing;
import io.steelyard.balance.FakeSelection;
import io.steelyard.balance.Lease;
import io.steelyard.balance.Outcome;
import io.steelyard.balance.Pool;
import io.steelyard.model.BalancerSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every balancer can say why it chooses as it does, and saying so changes nothing. */
class ExplanationTest {
  private static final int SEEDS = 24;
  private static final int STEPS = 150;

  /** All that can be made without options. */
  static Collection<String> balancers() {
    var balancers = Balancers.standard();
    return balancers.names().stream()
        .filter(name -> balancers.check(BalancerSpec.of(name)).isEmpty())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("balancers")
  void saysWhatIsChosenNext(String balancer) {
    for (int seed = 0; seed < SEEDS; seed++) {
      var asked = new World(balancer, seed);
      var unasked = new World(balancer, seed);
      for (int step = 0; step < STEPS; step++) {
        asked.prepare();
        unasked.prepare();
        var explanation = asked.pool.explain(asked.explaining());
        var chosen = asked.lease();
        assertThat(explanation.chosen()).as("seed %d, step %d", seed, step).isSameAs(chosen);
        checkCandidates(explanation, asked);
        assertThat(index(chosen))
            .as("asking changes nothing: seed %d, step %d", seed, step)
            .isEqualTo(index(unasked.lease()));
      }
    }
  }

  private static int index(@Nullable Endpoint endpoint) {
    return endpoint == null ? -1 : endpoint.index();
  }

  private static void checkCandidates(Explanation explanation, World world) {
    assertThat(explanation.candidates())
        .extracting(Candidate::endpoint)
        .containsExactlyElementsOf(world.endpoints);
    assertThat(explanation.rule()).isNotBlank();
    for (var candidate : explanation.candidates()) {
      var endpoint = candidate.endpoint();
      boolean accepted = world.explaining().accepts(endpoint);
      assertThat(candidate.standing() == Standing.CHOSEN)
          .isEqualTo(endpoint == explanation.chosen());
      switch (candidate.standing()) {
        case CHOSEN, ELIGIBLE -> {
          assertThat(endpoint.weight()).isPositive();
          assertThat(accepted).isTrue();
        }
        case NO_WEIGHT -> assertThat(endpoint.weight()).isZero();
        case NOT_ACCEPTED -> assertThat(accepted).isFalse();
        case RULED_OUT -> assertThat(candidate.detail()).isNotBlank();
      }
    }
  }

  @Test
  void namesTheScoreAndTheTie() {
    var endpoints = endpoints(1, 2, 0, 1);
    var pool = new Pool("p", endpoints, new LeastConnections(endpoints), () -> 0);
    var selection = new FakeSelection(1);
    for (int i = 0; i < 3; i++) {
      pool.lease(selection);
    }
    selection.refuse(endpoints.get(3));
    var explanation = pool.explain(selection);
    assertThat(explanation.chosen()).isSameAs(endpoints.get(1));
    assertThat(explanation.candidates())
        .extracting(Candidate::standing)
        .containsExactly(
            Standing.ELIGIBLE, Standing.CHOSEN, Standing.NO_WEIGHT, Standing.NOT_ACCEPTED);
    assertThat(explanation.candidates().get(0).score()).isEqualTo(1);
    assertThat(explanation.candidates().get(1).score()).isEqualTo(0.5);
    assertThat(explanation.candidates().get(1).detail()).startsWith("in flight 1, weight 2, turn ");
  }

  @Test
  void saysThatNobodyCanBeChosen() {
    for (var name : balancers()) {
      var none = balancer(name, List.of()).explain(new FakeSelection(1));
      assertThat(none.chosen()).isNull();
      assertThat(none.candidates()).isEmpty();
      assertThat(none.rule()).isNotBlank();
    }
  }

  private static Balancer balancer(String name, List<Endpoint> endpoints) {
    return Balancers.standard().create(BalancerSpec.of(name), endpoints);
  }

  /** A pool with leases that come and go; its own randomness can be had a second time. */
  private static final class World {
    private final SplittableRandom random;
    private final List<Endpoint> endpoints;
    private final Pool pool;
    private final List<Lease> open = new ArrayList<>();
    private FakeSelection explaining = new FakeSelection(0);
    private FakeSelection choosing = new FakeSelection(0);
    private long now;

    World(String balancer, long seed) {
      random = new SplittableRandom(seed);
      endpoints = endpoints(random.ints(1 + random.nextInt(90), 0, 6).toArray());
      pool = new Pool("p", endpoints, balancer(balancer, endpoints), () -> now);
    }

    /** Time passes, leases end, and there is a request. */
    void prepare() {
      now += random.nextLong(2_000_000);
      while (!open.isEmpty() && random.nextInt(3) == 0) {
        open.remove(random.nextInt(open.size())).close(Outcome.SUCCESS, random.nextLong(5_000_000));
      }
      long chance = random.nextLong();
      long shape = random.nextLong();
      explaining = request(chance, new SplittableRandom(shape));
      choosing = request(chance, new SplittableRandom(shape));
    }

    private FakeSelection request(long chance, SplittableRandom shape) {
      var selection = new FakeSelection(chance);
      selection.now(now);
      if (shape.nextInt(10) > 0) {
        selection.key("key " + shape.nextInt(50));
      }
      for (int refusals = shape.nextInt(4); refusals > 0; refusals--) {
        selection.refuse(endpoints.get(shape.nextInt(endpoints.size())));
      }
      return selection;
    }

    FakeSelection explaining() {
      return explaining;
    }

    @Nullable Endpoint lease() {
      var lease = pool.lease(choosing);
      if (lease == null) {
        return null;
      }
      open.add(lease);
      return lease.endpoint();
    }
  }
}
