package io.steelyard.balance.balancer;

import static io.steelyard.balance.Fixtures.endpoints;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.FakeSelection;
import io.steelyard.balance.KeySource;
import io.steelyard.balance.Lease;
import io.steelyard.balance.Pool;
import io.steelyard.balance.PoolState;
import io.steelyard.balance.Selection;
import io.steelyard.model.BalancerSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code lblc} and {@code lblcr}. */
class LocalityTest {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final FakeSelection selection = new FakeSelection(1);
  private final PoolState state = new PoolState("p");
  private long now = -3 * MINUTE; // as System.nanoTime may be

  @ParameterizedTest
  @ValueSource(strings = {"lblc", "lblcr"})
  void aKeyStaysWhereItIs(String balancer) {
    var pool = pool(balancer, endpoints(state, 10, 10, 10), Map.of());
    for (int round = 0; round < 3; round++) {
      for (int key = 0; key < 3; key++) {
        assertThat(use(pool, "key " + key)).isEqualTo(key);
      }
    }
    selection.noKey();
    assertThat(pool.keySource()).isEqualTo(KeySource.of(KeySource.Kind.DESTINATION_ADDRESS));
    assertThat(requireNonNull(pool.lease(selection)).endpoint().index()).isZero();
  }

  /** More than the weight in flight, and another with less than half of its own: the key moves. */
  @Test
  void lblcMovesTheKeyOfAnOverloadedEndpoint() {
    var pool = pool("lblc", endpoints(state, 4, 4), Map.of());
    var leases = open(pool, "a", 5);
    assertThat(indexes(leases)).containsExactly(0, 0, 0, 0, 0);
    assertThat(indexes(open(pool, "a", 1))).as("5 > 4, and 0 < 2").containsExactly(1);
    leases.forEach(Lease::close);
    assertThat(use(pool, "a")).as("it moved for good").isOne();
  }

  @Test
  void withoutAnIdleEndpointTheKeyStays() {
    var pool = pool("lblc", endpoints(state, 4, 4), Map.of());
    open(pool, "a", 1);
    open(pool, "b", 2);
    open(pool, "a", 4);
    assertThat(indexes(open(pool, "a", 4))).as("2 is not below 2").containsExactly(0, 0, 0, 0);
  }

  @Test
  void capacityIsWhatAWeightOfOneStandsFor() {
    var pool = pool("lblc", endpoints(state, 1, 1), Map.of("capacity", 10L));
    assertThat(indexes(open(pool, "a", 12))).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lblc", "lblcr"})
  void aKeyWhoseEndpointIsNotAcceptedMoves(String balancer) {
    var endpoints = endpoints(state, 4, 4);
    var pool = pool(balancer, endpoints, Map.of());
    assertThat(use(pool, "a")).isZero();
    selection.refuse(endpoints.getFirst());
    assertThat(use(pool, "a")).isOne();
    selection.refuse(endpoints.getLast());
    selection.key("a");
    assertThat(pool.lease(selection)).isNull();
  }

  @Test
  void lblcrGrowsOnOverloadAndShrinksAfterSixMinutes() {
    var pool = pool("lblcr", endpoints(state, 2, 2, 2), Map.of());
    var leases = open(pool, "a", 4);
    assertThat(indexes(leases)).containsExactly(0, 0, 0, 1);
    leases.forEach(Lease::close);
    // Both are the key's: neither takes it alone.
    assertThat(indexes(open(pool, "a", 2))).containsExactly(0, 1);
    now += 6 * MINUTE + 1;
    use(pool, "a"); // the busiest leaves
    assertThat(details(pool, "a")).containsExactly(false, true, false);
  }

  @Test
  void keysThatAreNotAskedForAreForgotten() {
    var pool = pool("lblc", endpoints(state, 9, 9), Map.of("expires", "1m"));
    assertThat(use(pool, "a")).isZero();
    assertThat(use(pool, "b")).isOne();
    now += MINUTE;
    assertThat(use(pool, "a")).isZero();
    now += MINUTE;
    use(pool, "a");
    use(pool, "c");
    assertThat(details(pool, "b")).containsExactly(false, false);
    assertThat(details(pool, "a")).containsExactly(true, false);
  }

  @Test
  void keysOutliveAConfiguration() {
    for (var name : List.of("lblc", "lblcr")) {
      var pool = pool(name, endpoints(state, 5, 5, 5), Map.of());
      var homes = new HashMap<String, Integer>();
      for (int i = 0; i < 500; i++) {
        homes.put("key " + i, use(pool, "key " + i));
      }
      var added = endpoints(state, 5, 0, 5, 5);
      var next = Balancers.standard().create(BalancerSpec.of(name), added);
      var successor = pool.successor(added, next);
      homes.forEach((key, home) -> {
        if (home != 1) {
          assertThat(use(successor, key)).isEqualTo(home);
        }
      });
    }
  }

  @Test
  void noMoreKeysAreKnownThanConfigured() {
    var balancer =
        Balancers.standard()
            .create(new BalancerSpec("lblc", Map.of("entries", 100L)), endpoints(state, 1, 1));
    var pool = new Pool("p", endpoints(state, 1, 1), balancer, () -> now);
    for (int i = 0; i < 10_000; i++) {
      now++;
      selection.now(now);
      selection.key("key " + i);
      balancer.select(selection);
    }
    assertThat(((Locality) balancer).keys()).isEqualTo(128);
    assertThat(pool.keySource()).isNotNull();
  }

  @Test
  void anyKeyWillDo() {
    var standard = Balancers.standard();
    var spec = new BalancerSpec("lblc", Map.of("key", "header", "name", "x-user"));
    assertThat(standard.check(spec)).isEmpty();
    assertThat(standard.create(spec, endpoints(state, 1)).keySource())
        .isEqualTo(new KeySource(KeySource.Kind.HEADER, "x-user"));
    assertThat(
            requireNonNull(standard.find("lblc")).needs(BalancerOptions.of(Map.of("key", "uri"))))
        .containsExactly(KeySource.Kind.URI);
    assertThat(standard.check(new BalancerSpec("lblcr", Map.of("key", "cookie"))))
        .containsExactly(new BalancerProblem(null, "key source COOKIE needs a name"));
  }

  /** Against the kernel's pseudo code, written down with maps and sets. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void agreesWithTheKernelsRule(boolean isReplicated) {
    for (int seed = 0; seed < 64; seed++) {
      var random = new SplittableRandom(seed);
      var endpoints = endpoints(new PoolState("p"), random.ints(6, 1, 5).toArray());
      var pool = pool(isReplicated ? "lblcr" : "lblc", endpoints, Map.of());
      var kernel = new Kernel(endpoints, isReplicated);
      var open = new ArrayList<Lease>();
      for (int step = 0; step < 600; step++) {
        now += random.nextLong(10_000_000_000L);
        if (!open.isEmpty() && random.nextInt(5) < 2) {
          open.remove(random.nextInt(open.size())).close();
          continue;
        }
        var key = "key " + random.nextInt(8);
        var expected = kernel.allowed(key);
        var lease = open(pool, key, 1).getFirst();
        open.add(lease);
        assertThat(expected).as("seed %d, step %d", seed, step).contains(lease.endpoint());
        kernel.took(key, lease.endpoint(), now);
      }
    }
  }

  /** ip_vs_lblc(r)_schedule; of those that are equal any may be taken. */
  private static final class Kernel {
    private final List<Endpoint> endpoints;
    private final boolean isReplicated;
    private final Map<String, List<Endpoint>> sets = new HashMap<>();
    private final Map<String, Long> changed = new HashMap<>();
    private boolean adds;

    Kernel(List<Endpoint> endpoints, boolean isReplicated) {
      this.endpoints = endpoints;
      this.isReplicated = isReplicated;
    }

    Set<Endpoint> allowed(String key) {
      var set = sets.computeIfAbsent(key, unknown -> new ArrayList<>());
      var least = least(set);
      adds = false;
      if (!least.isEmpty() && !isOverloaded(least.iterator().next())) {
        return least;
      }
      var all = least(endpoints);
      boolean halfIdle = endpoints.stream().anyMatch(e -> 2 * e.state().inFlight() < e.weight());
      adds = least.isEmpty() || halfIdle;
      return adds ? all : least;
    }

    private static boolean isOverloaded(Endpoint endpoint) {
      return endpoint.state().inFlight() > endpoint.weight();
    }

    /** The loads are those before the request: it is taken off again. */
    void took(String key, Endpoint endpoint, long now) {
      var set = requireNonNull(sets.get(key));
      if (isReplicated && set.size() > 1 && now - changed.getOrDefault(key, now) > 6 * MINUTE) {
        int busiest = busiest(set, endpoint);
        set.set(busiest, set.getLast()); // of equals any may leave: the same as in the table
        set.removeLast();
        changed.put(key, now);
      }
      if (adds && !set.contains(endpoint)) {
        if (!isReplicated) {
          set.clear();
        }
        set.add(endpoint);
        changed.put(key, now);
      }
    }

    private static int busiest(List<Endpoint> set, Endpoint taken) {
      int busiest = 0;
      for (int i = 1; i < set.size(); i++) {
        if (before(set.get(i), taken) > before(set.get(busiest), taken)) {
          busiest = i;
        }
      }
      return busiest;
    }

    private static double before(Endpoint endpoint, Endpoint taken) {
      int inFlight = endpoint.state().inFlight() - (endpoint == taken ? 1 : 0);
      return (double) inFlight / endpoint.weight();
    }

    private static Set<Endpoint> least(Iterable<Endpoint> some) {
      double least = Double.POSITIVE_INFINITY;
      var found = new HashSet<Endpoint>();
      for (var endpoint : some) {
        if (load(endpoint) < least) {
          least = load(endpoint);
          found.clear();
        }
        if (load(endpoint) == least) {
          found.add(endpoint);
        }
      }
      return found;
    }

    private static double load(Endpoint endpoint) {
      return (double) endpoint.state().inFlight() / endpoint.weight();
    }
  }

  private List<Boolean> details(Pool pool, String key) {
    ask(key);
    return pool.explain(selection).candidates().stream()
        .map(candidate -> candidate.detail().endsWith("the key's"))
        .toList();
  }

  private Selection ask(String key) {
    selection.key(key);
    selection.now(now);
    return selection;
  }

  private int use(Pool pool, String key) {
    try (var lease = requireNonNull(pool.lease(ask(key)))) {
      return lease.endpoint().index();
    }
  }

  private List<Lease> open(Pool pool, String key, int count) {
    var leases = new ArrayList<Lease>();
    for (int i = 0; i < count; i++) {
      leases.add(requireNonNull(pool.lease(ask(key))));
    }
    return leases;
  }

  private static List<Integer> indexes(List<Lease> leases) {
    return leases.stream().map(lease -> lease.endpoint().index()).toList();
  }

  private Pool pool(String balancer, List<Endpoint> endpoints, Map<String, Object> options) {
    var made = Balancers.standard().create(new BalancerSpec(balancer, options), endpoints);
    return new Pool("p", endpoints, made, () -> now);
  }
}
