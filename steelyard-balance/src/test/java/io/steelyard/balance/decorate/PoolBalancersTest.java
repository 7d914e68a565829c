package io.steelyard.balance.decorate;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Explanation.Candidate;
import io.steelyard.balance.Explanation.Standing;
import io.steelyard.balance.FakeSelection;
import io.steelyard.balance.Lease;
import io.steelyard.balance.Outcome;
import io.steelyard.balance.Pool;
import io.steelyard.balance.PoolState;
import io.steelyard.balance.balancer.Balancers;
import io.steelyard.model.Address;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.SlowStart;
import io.steelyard.model.Subset;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever stands before whichever balancer, and whatever happens. */
class PoolBalancersTest {
  private static final int SEEDS = 12;
  private static final int STEPS = 150;

  static Collection<String> balancers() {
    var balancers = Balancers.standard();
    return balancers.names().stream()
        .filter(name -> balancers.check(BalancerSpec.of(name)).isEmpty())
        .filter(name -> !name.equals("range")) // without ranges it chooses nobody
        .toList();
  }

  @Test
  void plainPoolsHaveThePlainBalancer() {
    var all = new Group().add(3, 0, "").endpoints();
    var made =
        new PoolBalancers(
                Balancers.standard(),
                io.steelyard.model.Pool.of(BalancerSpec.of("random"), List.of()),
                "a")
            .make(all, all);
    assertThat(made.bare()).isSameAs(made);
  }

  @ParameterizedTest
  @MethodSource("balancers")
  void whatIsExplainedIsChosenAndSomebodyIsWhileThereIsAnybody(String balancer) {
    for (int seed = 0; seed < SEEDS; seed++) {
      var asked = new World(balancer, seed);
      var unasked = new World(balancer, seed);
      for (int step = 0; step < STEPS; step++) {
        asked.prepare();
        unasked.prepare();
        var explanation = asked.pool.explain(asked.explaining);
        var chosen = asked.lease();
        assertThat(explanation.chosen()).as("seed %d, step %d", seed, step).isSameAs(chosen);
        assertThat(explanation.candidates())
            .extracting(Candidate::endpoint)
            .containsExactlyElementsOf(asked.ready);
        assertThat(explanation.candidates())
            .filteredOn(candidate -> candidate.standing() == Standing.RULED_OUT)
            .allSatisfy(candidate -> assertThat(candidate.detail()).isNotBlank());
        assertThat(index(chosen)).as("asking changes nothing").isEqualTo(index(unasked.lease()));
        assertThat(chosen == null).isEqualTo(asked.usable().isEmpty());
        assertThat(chosen == null || asked.usable().contains(chosen)).isTrue();
      }
    }
  }

  private static int index(@Nullable Endpoint endpoint) {
    return endpoint == null ? -1 : endpoint.index();
  }

  @ParameterizedTest
  @MethodSource("balancers")
  void choosingAllocatesNothing(String balancer) {
    var world = new World(balancer, 5);
    for (var endpoint : world.ready) {
      endpoint.state().cameUp(0);
    }
    var made = world.maker.make(world.all, world.ready);
    var selection = new FakeSelection(1);
    selection.now(1);
    choose(made, selection, 20_000);
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    choose(made, selection, 10_000);
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(5_000);
  }

  private static void choose(Balancer balancer, FakeSelection selection, int times) {
    for (int i = 0; i < times; i++) {
      balancer.select(selection);
    }
  }

  /** A pool with every decorator, whose endpoints come and go. */
  private static final class World {
    private final SplittableRandom random;
    private final PoolState state = new PoolState("p");
    private final List<Endpoint> all;
    private final PoolBalancers maker;
    private final List<Lease> open = new ArrayList<>();
    private List<Endpoint> ready;
    private Pool pool;
    private FakeSelection explaining = new FakeSelection(0);
    private FakeSelection choosing = new FakeSelection(0);
    private long now = Long.MAX_VALUE - 20_000_000;

    World(String balancer, long seed) {
      random = new SplittableRandom(seed);
      var specs = new ArrayList<EndpointSpec>();
      int count = 2 + random.nextInt(40);
      for (int i = 0; i < count; i++) {
        specs.add(
            EndpointSpec.of(new Address("10.0.0.1", i + 1), random.nextInt(5))
                .withPriority(random.nextInt(3))
                .withZone(List.of("", "a", "b").get(random.nextInt(3))));
      }
      all = state.endpoints(specs);
      ready = all;
      var settings =
          io.steelyard.model.Pool.of(BalancerSpec.of(balancer), specs)
              .withPriorities(new io.steelyard.model.Priorities(2, 4))
              .withSlowStart(new SlowStart(Duration.ofMillis(30), 0.1))
              .withSubset(new Subset(3, random.nextInt(20)));
      maker = new PoolBalancers(Balancers.standard(), settings, "a");
      pool = new Pool("p", all, maker.make(all, all), () -> now);
    }

    void prepare() {
      now += random.nextLong(1_000_000);
      if (random.nextInt(8) == 0) {
        changeHealth();
      }
      while (!open.isEmpty() && random.nextInt(3) == 0) {
        open.remove(random.nextInt(open.size())).close(Outcome.SUCCESS, random.nextLong(5_000_000));
      }
      long chance = random.nextLong();
      long shape = random.nextLong();
      explaining = request(chance, new SplittableRandom(shape));
      choosing = request(chance, new SplittableRandom(shape));
    }

    private void changeHealth() {
      var now = new ArrayList<Endpoint>();
      for (var endpoint : all) {
        boolean was = ready.contains(endpoint);
        boolean is = random.nextInt(4) > 0;
        if (is && !was) {
          endpoint.state().cameUp(this.now);
        }
        if (is) {
          now.add(endpoint);
        }
      }
      ready = now;
      pool = pool.successor(all, maker.make(all, ready));
    }

    private FakeSelection request(long chance, SplittableRandom shape) {
      var selection = new FakeSelection(chance);
      selection.now(now);
      if (shape.nextInt(2) == 0) {
        selection.key("key " + shape.nextInt(50));
      }
      for (int refusals = shape.nextInt(4); refusals > 0; refusals--) {
        selection.refuse(all.get(shape.nextInt(all.size())));
      }
      return selection;
    }

    List<Endpoint> usable() {
      return ready.stream()
          .filter(endpoint -> endpoint.weight() > 0 && choosing.accepts(endpoint))
          .toList();
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
