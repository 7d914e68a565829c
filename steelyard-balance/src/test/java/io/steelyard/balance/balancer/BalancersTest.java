package io.steelyard.balance.balancer;

import static io.steelyard.balance.Fixtures.endpoints;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.KeySource;
import io.steelyard.model.BalancerSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BalancersTest {
  private final Balancers balancers = Balancers.standard();

  @Test
  void knowsTheStandardOnes() {
    assertThat(balancers.names())
        .containsExactly(
            "cookie-hash",
            "destination-hash",
            "dynamic-feedback",
            "dynamic-ratio",
            "fastest",
            "header-hash",
            "jump-hash",
            "ketama",
            "key-hash",
            "lblc",
            "lblcr",
            "least-connections",
            "least-response-time",
            "maglev",
            "minimum-rtt",
            "modulo",
            "never-queue",
            "observed",
            "packet-loss",
            "parameter-hash",
            "predictive",
            "random",
            "range",
            "ratio",
            "rdp-cookie-hash",
            "rendezvous",
            "reported-load",
            "ring-hash",
            "round-robin",
            "share",
            "shortest-expected-delay",
            "source-hash",
            "static-round-robin",
            "two-choices",
            "uri-hash",
            "weighted-least-connections");
    for (var name : balancers.names()) {
      var factory = requireNonNull(balancers.find(name));
      assertThat(factory.name()).isEqualTo(name);
      assertThat(balancers.check(BalancerSpec.of(name))).isEmpty();
    }
    assertThat(balancers.find("nothing")).isNull();
  }

  @Test
  void knowsWhatTheyNeed() {
    assertThat(needs("round-robin", Map.of())).isEmpty();
    assertThat(needs("uri-hash", Map.of())).containsExactly(KeySource.Kind.URI);
    assertThat(needs("maglev", Map.of())).containsExactly(KeySource.Kind.SOURCE_ADDRESS);
    assertThat(needs("maglev", Map.of("key", "cookie"))).containsExactly(KeySource.Kind.COOKIE);
    assertThat(needs("key-hash", Map.of("key", "command-key")))
        .containsExactly(KeySource.Kind.COMMAND_KEY);
  }

  private Set<KeySource.Kind> needs(String name, Map<String, Object> options) {
    return requireNonNull(balancers.find(name)).needs(BalancerOptions.of(options));
  }

  @Test
  void makesThem() {
    var endpoints = endpoints(1, 1);
    assertThat(balancers.create(BalancerSpec.of("round-robin"), endpoints))
        .isInstanceOf(RoundRobin.class);
    assertThat(balancers.create(BalancerSpec.of("random"), endpoints))
        .isInstanceOf(WeightedRandom.class);
    assertThat(balancers.create(BalancerSpec.of("least-connections"), endpoints))
        .isInstanceOf(LeastConnections.class);
  }

  @Test
  void unknownNamesAreAnsweredWithTheKnown() {
    var known = String.join(", ", balancers.names());
    assertThat(balancers.check(BalancerSpec.of("roundrobin")))
        .containsExactly(
            new BalancerProblem(
                null,
                "unknown balancer 'roundrobin', did you mean round-robin? Expected one of: "
                    + known));
    assertThat(balancers.check(BalancerSpec.of("nobodys")))
        .containsExactly(
            new BalancerProblem(null, "unknown balancer 'nobodys', expected one of: " + known));
    assertThatThrownBy(() -> balancers.create(BalancerSpec.of("nobodys"), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("balancer 'nobodys': unknown balancer 'nobodys'");
  }

  @Test
  void unknownOptionsAreAnsweredWithTheKnown() {
    assertThat(balancers.check(new BalancerSpec("random", Map.of("seed", 7L))))
        .containsExactly(new BalancerProblem("seed", "unknown option 'seed', random takes none"));
  }

  @Test
  void allThatIsWrongIsSaidAtOnce() {
    var options = new LinkedHashMap<String, Object>();
    options.put("dept", 3L);
    options.put("consistent", "yes");
    assertThat(balancers.with(new Choosy()).check(new BalancerSpec("choosy", options)))
        .containsExactly(
            new BalancerProblem(
                "dept",
                "unknown option 'dept', did you mean depth? Expected one of: depth, consistent"),
            new BalancerProblem("consistent", "'yes', expected true or false"));
  }

  @Test
  void factoryKnowsWhatIsWrongTogether() {
    var spec = new BalancerSpec("choosy", Map.of("depth", 3L, "consistent", true));
    assertThat(balancers.with(new Choosy()).check(spec))
        .containsExactly(new BalancerProblem(null, "consistent and depth exclude each other"));
    assertThat(balancers.with(new Choosy()).check(new BalancerSpec("choosy", Map.of("depth", 3L))))
        .isEmpty();
  }

  @Test
  void namesAreUnique() {
    assertThatThrownBy(() -> balancers.with(RoundRobin.FACTORY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("two balancers are named round-robin");
  }

  private static final class Choosy implements BalancerFactory {
    private static final Option<Long> DEPTH = Option.integer("depth", 0, 0, 100);
    private static final Option<Boolean> CONSISTENT = Option.flag("consistent", false);

    @Override
    public String name() {
      return "choosy";
    }

    @Override
    public List<Option<?>> options() {
      return List.of(DEPTH, CONSISTENT);
    }

    @Override
    public Balancer create(List<Endpoint> ready, BalancerOptions options) {
      if (options.get(DEPTH) > 0 && options.get(CONSISTENT)) {
        throw new IllegalArgumentException("consistent and depth exclude each other");
      }
      return selection -> null;
    }
  }
}
