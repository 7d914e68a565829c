package io.steelyard.balance.balancer;

import static io.steelyard.balance.Fixtures.endpoints;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.FakeSelection;
import io.steelyard.balance.Outcome;
import io.steelyard.balance.Pool;
import io.steelyard.balance.PoolState;
import io.steelyard.model.BalancerSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for all balancers that choose by a key, and what is peculiar to some. */
class KeyBalancersTest {
  static List<String> keyed() {
    return Balancers.standard().names().stream()
        .filter(name -> KeyMoves.isKeyed(make(name, Map.of(), endpoints(1))))
        .toList();
  }

  private static Balancer make(String name, Map<String, Object> options, List<Endpoint> endpoints) {
    return Balancers.standard().create(new BalancerSpec(name, options), endpoints);
  }

  private static List<byte[]> numbers(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Integer.toString(i * 7_919 % 1_000_000).getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("keyed")
  void explainsWhatItChooses(String name) {
    for (double bound : new double[] {0, 1.25}) {
      for (int seed = 0; seed < 20; seed++) {
        SplittableRandom random = new SplittableRandom(seed);
        var endpoints = endpoints(random.ints(2 + random.nextInt(90), 0, 4).toArray());
        var balancer = make(name, Map.of("bounded-load", bound), endpoints);
        var pool = new Pool("p", endpoints, balancer, () -> 0);
        var selection = new FakeSelection(seed);
        for (int i = 0; i < 100; i++) {
          selection.key(Integer.toString(random.nextInt(1_000_000)));
          selection.acceptAll();
          for (int refused = random.nextInt(3); refused > 0; refused--) {
            selection.refuse(endpoints.get(random.nextInt(endpoints.size())));
          }
          var explained = balancer.explain(selection);
          var lease = pool.lease(selection);
          assertThat(explained.chosen()).isSameAs(lease == null ? null : lease.endpoint());
          if (lease != null) {
            assertThat(explained.candidates()).hasSize(endpoints.size());
            assertThat(explained.rule()).isNotEmpty();
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("keyed")
  void everyoneRefusedIsNull(String name) {
    var endpoints = endpoints(1, 2, 3);
    var selection = new FakeSelection(1);
    selection.key("123456");
    endpoints.forEach(selection::refuse);
    assertThat(make(name, Map.of(), endpoints).select(selection)).isNull();
    assertThat(make(name, Map.of(), endpoints(0, 0)).select(selection)).isNull();
    assertThat(make(name, Map.of(), List.of()).select(selection)).isNull();
  }

  @ParameterizedTest
  @MethodSource("keyed")
  void findsTheOnlyAcceptedOfThousands(String name) {
    var endpoints = endpoints(IntStream.generate(() -> 1).limit(3_000).toArray());
    var selection = new FakeSelection(1);
    endpoints.stream().skip(1).forEach(selection::refuse);
    selection.key("000000");
    assertThat(make(name, Map.of(), endpoints).select(selection)).isSameAs(endpoints.getFirst());
  }

  @ParameterizedTest
  @MethodSource("keyed")
  void withoutKeyItGoesRoundOrIsRefused(String name) {
    var endpoints = endpoints(1, 1, 1);
    var selection = new FakeSelection(1);
    var round = make(name, Map.of("without-key", "round-robin"), endpoints);
    assertThat(List.of(index(round, selection), index(round, selection), index(round, selection)))
        .containsExactly(0, 1, 2);
    assertThat(make(name, Map.of("without-key", "refuse"), endpoints).select(selection)).isNull();
  }

  private static int index(Balancer balancer, FakeSelection selection) {
    return requireNonNull(balancer.select(selection)).index();
  }

  /** The share of one of N, and how much more may move. */
  @ParameterizedTest
  @CsvSource({
    "ketama, 0.02",
    "ring-hash, 0.02",
    "maglev, 0.02",
    "rendezvous, 0.01",
  })
  void littleMovesWhenOneGoesOrComes(String name, double slack) {
    int count = 20;
    var state = new PoolState("p");
    var all = endpoints(state, IntStream.generate(() -> 1).limit(count).toArray());
    var keys = numbers(100_000);
    for (int gone = 0; gone < count; gone += 3) {
      var left = new ArrayList<>(all);
      left.remove(gone);
      var before = make(name, Map.of(), all);
      var after = make(name, Map.of(), left);
      after.takeOver(before);
      var moves = KeyMoves.between(before, after, keys);
      assertThat((double) moves.moved() / moves.keys()).isLessThan(1.0 / count + slack);
      if (!name.equals("maglev")) {
        var name0 = all.get(gone).name();
        assertThat(moves.paths().keySet()).allMatch(path -> path.from().equals(name0));
      }
      // And back: what follows is the same as what is made anew.
      var again = make(name, Map.of(), all);
      again.takeOver(after);
      assertThat(KeyMoves.between(before, again, keys).moved()).isZero();
    }
  }

  /** Whatever was there before, a ring that follows is the ring that would be made anew. */
  @ParameterizedTest
  @ValueSource(strings = {"ketama", "ring-hash", "maglev", "uri-hash"})
  void followingChangesNoPlace(String name) {
    Map<String, Object> options = name.equals("uri-hash") ? Map.of("consistent", true) : Map.of();
    var state = new PoolState("p");
    var random = new SplittableRandom(5);
    var all = endpoints(state, random.ints(60, 0, 5).toArray());
    var keys = numbers(3_000);
    Balancer previous = null;
    for (int step = 0; step < 60; step++) {
      if (step % 10 == 9) {
        all = endpoints(state, random.ints(60, 0, 5).toArray());
      }
      int keep = random.nextInt(1, 10);
      var ready = all.stream().filter(_ -> random.nextInt(10) < keep).toList();
      var following = make(name, options, ready);
      if (previous != null) {
        following.takeOver(previous);
      }
      var anew = make(name, options, ready);
      assertThat(KeyMoves.between(following, anew, keys).moved()).as("step %d", step).isZero();
      previous = following;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ketama, 0.2",
    "ring-hash, 0.2",
    "maglev, 0.03",
    "rendezvous, 0.03",
    "jump-hash, 0.03",
    "uri-hash, 0.03"
  })
  void sharesFollowTheWeights(String name, double slack) {
    int[] weights = {1, 2, 3, 4, 10};
    var endpoints = endpoints(weights);
    Map<String, Object> options = name.equals("uri-hash") ? Map.of("hash", "murmur3") : Map.of();
    var balancer = make(name, options, endpoints);
    long[] counts = new long[weights.length];
    var selection = new FakeSelection(1);
    for (int i = 0; i < 200_000; i++) {
      selection.key("key:" + i);
      counts[index(balancer, selection)]++;
    }
    double total = Arrays.stream(weights).sum();
    for (int i = 0; i < weights.length; i++) {
      assertThat(counts[i] / 200_000.0 / (weights[i] / total)).isBetween(1 - slack, 1 + slack);
    }
  }

  @Test
  void moduloIsExactAndSaysWhatMoves() {
    var state = new PoolState("p");
    var before = make("modulo", Map.of(), endpoints(state, 1, 1));
    var selection = new FakeSelection(1);
    for (int i = 0; i < 100; i++) {
      selection.key(Integer.toString(i));
      assertThat(index(before, selection)).isEqualTo(i % 2);
    }
    var keys = IntStream.range(0, 6).mapToObj(i -> new byte[] {(byte) ('0' + i)}).toList();
    var moves = KeyMoves.between(before, make("modulo", Map.of(), endpoints(state, 1, 1, 1)), keys);
    assertThat(moves.keys()).isEqualTo(6);
    assertThat(moves.moved()).isEqualTo(4);
    assertThat(moves.paths())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                new KeyMoves.Path("10.0.0.1:1", "10.0.0.1:3"), 1L,
                new KeyMoves.Path("10.0.0.1:2", "10.0.0.1:1"), 1L,
                new KeyMoves.Path("10.0.0.1:1", "10.0.0.1:2"), 1L,
                new KeyMoves.Path("10.0.0.1:2", "10.0.0.1:3"), 1L));
  }

  @Test
  void tagsKeepKeysTogether() {
    var endpoints = endpoints(1, 1, 1, 1, 1, 1, 1, 1);
    for (var name : keyed()) {
      var balancer = make(name, Map.of("hash-tag", "{}"), endpoints);
      var selection = new FakeSelection(1);
      for (int user = 0; user < 50; user++) {
        selection.key("user:{" + user + "}:a");
        int first = index(balancer, selection);
        selection.key("user:{" + user + "}:b");
        // HAProxy's xor of an address's words takes no tags: it looks at whole words of bytes only.
        assertThat(index(balancer, selection)).as(name).isEqualTo(first);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ketama", "ring-hash", "maglev", "rendezvous"})
  void loadsStayWithinTheirBound(String name) {
    var endpoints = endpoints(1, 1, 2, 4);
    var balancer = make(name, Map.of("bounded-load", 1.25), endpoints);
    var pool = new Pool("p", endpoints, balancer, () -> 0);
    var selection = new FakeSelection(1);
    selection.key("the same for all");
    for (int i = 1; i <= 400; i++) {
      var lease = requireNonNull(pool.lease(selection));
      var endpoint = lease.endpoint();
      assertThat((double) endpoint.state().inFlight())
          .isLessThanOrEqualTo(Math.ceil(1.25 * i * endpoint.weight() / 8));
    }
    // Only those that the key falls to one after the other are needed to take it all.
    assertThat(endpoints.stream().filter(endpoint -> endpoint.state().inFlight() > 0))
        .hasSizeGreaterThan(1);
  }

  @Test
  void rangesHaveTheirEndpoints() {
    var endpoints = endpoints(1, 1, 1);
    var ranges =
        List.of(
            Map.of("from", 101L, "to", 200L, "endpoint", "10.0.0.1:2"),
            Map.of("from", 1L, "to", 100L, "endpoint", "10.0.0.1:1"));
    var balancer = make("range", Map.of("ranges", ranges), endpoints);
    var selection = new FakeSelection(1);
    assertThat(chosen(balancer, selection, "1")).isZero();
    assertThat(chosen(balancer, selection, "100")).isZero();
    assertThat(chosen(balancer, selection, "101")).isEqualTo(1);
    assertThat(chosen(balancer, selection, "200")).isEqualTo(1);
    for (var nobody : List.of("0", "201", "x", "", "9223372036854775808", "1 ")) {
      assertThat(chosen(balancer, selection, nobody)).as(nobody).isEqualTo(-1);
    }
    selection.refuse(endpoints.getFirst());
    assertThat(chosen(balancer, selection, "5")).isEqualTo(-1);
    selection.acceptAll();

    var more = new ArrayList<>(ranges);
    more.add(Map.of("from", 201L, "to", 300L, "endpoint", "10.0.0.1:3"));
    var grown = make("range", Map.of("ranges", more), endpoints);
    assertThat(chosen(grown, selection, "250")).isEqualTo(2);
    var moves = KeyMoves.between(balancer, grown, numbers(1_000));
    assertThat(moves.paths().keySet())
        .allMatch(path -> path.equals(new KeyMoves.Path("", "10.0.0.1:3")));
  }

  private static int chosen(Balancer balancer, FakeSelection selection, String key) {
    selection.key(key);
    var endpoint = balancer.select(selection);
    return endpoint == null ? -1 : endpoint.index();
  }

  @Test
  void gapsAndOverlapsAreRejected() {
    assertThat(problem("range", "ranges", List.of(range(1, 100), range(200, 300))))
        .isEqualTo(
            "ranges: gap 101-199 between range 1 (1-100) and range 2 (200-300), expected no gap");
    assertThat(problem("range", "ranges", List.of(range(90, 300), range(1, 100))))
        .isEqualTo("ranges: range 1 (90-300) overlaps range 2 (1-100), expected no overlap");
    assertThat(problem("range", "ranges", List.of(range(1, 9), range(10, 5))))
        .isEqualTo("ranges: range 2: range 10-5 is none, expected 0 <= from <= to");
    assertThat(problem("range", "ranges", List.of(Map.of("from", 1L))))
        .isEqualTo(
            "ranges: range 1: {from=1}, expected { from: NUMBER, to: NUMBER, endpoint: ADDRESS }");
  }

  private static Map<String, Object> range(long from, long to) {
    return Map.of("from", from, "to", to, "endpoint", "10.0.0.1:1");
  }

  @Test
  void wrongOptionsAreRejected() {
    assertThat(problem("maglev", "slots", 65_536L))
        .isEqualTo("null: slots: 65536, expected a prime such as 65537");
    assertThat(problem("ketama", "bounded-load", 0.5))
        .isEqualTo("null: bounded-load: 0.5, expected more than 1, or 0 for none");
    assertThat(problem("ketama", "hash-tag", "{"))
        .isEqualTo("hash-tag: '{', expected two characters such as {} or $$");
    assertThat(problem("source-hash", "hash", "djb2")).contains("takes no option hash");
    assertThat(problem("maglev", "name", "x")).contains("takes no name");
    assertThat(problem("uri-hash", "like", "lvs"))
        .contains("uri-hash is not like LVS, which hashes addresses only");
  }

  private static String problem(String balancer, String option, Object value) {
    var problem =
        Balancers.standard().check(new BalancerSpec(balancer, Map.of(option, value))).getFirst();
    return problem.option() + ": " + problem.message();
  }

  @Test
  void outcomesOfOthersLeasesAreHeardOf() {
    var endpoints = endpoints(IntStream.generate(() -> 1).limit(100).toArray());
    var balancer = make("ring-hash", Map.of("bounded-load", 2.0), endpoints);
    var pool = new Pool("p", endpoints, balancer, () -> 0);
    var selection = new FakeSelection(1);
    selection.key("k");
    for (int i = 0; i < 1_000; i++) {
      requireNonNull(pool.lease(selection)).close(Outcome.SUCCESS, 1);
    }
    // With nothing in flight but this one the bound is 1: all went to the key's own endpoint.
    assertThat(endpoints.stream().filter(endpoint -> endpoint.state().picks() > 0)).hasSize(1);
  }
}
