package io.steelyard.balance.balancer;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.KeySource;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.Nearest;
import io.steelyard.model.Quote;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The balancers that a configuration can name. Immutable. */
public final class Balancers {
  private final Map<String, BalancerFactory> factories;

  private Balancers(Collection<BalancerFactory> factories) {
    var byName = new TreeMap<String, BalancerFactory>();
    for (var factory : factories) {
      if (byName.putIfAbsent(factory.name(), factory) != null) {
        throw new IllegalArgumentException("two balancers are named " + factory.name());
      }
    }
    this.factories = Collections.unmodifiableMap(byName);
  }

  /** Those that Steelyard brings along: a line for each. */
  public static Balancers standard() {
    return new Balancers(
        List.of(
            RoundRobin.FACTORY,
            StaticRoundRobin.FACTORY,
            Share.FACTORY,
            Ratio.FACTORY,
            WeightedRandom.FACTORY,
            TwoChoices.FACTORY,
            LeastConnections.FACTORY,
            WeightedLeastConnections.FACTORY,
            ShortestExpectedDelay.FACTORY,
            NeverQueue.FACTORY,
            LeastResponseTime.FACTORY,
            Fastest.FACTORY,
            MinimumRtt.FACTORY,
            Observed.FACTORY,
            Predictive.FACTORY,
            DynamicRatio.FACTORY,
            DynamicFeedback.FACTORY,
            ReportedLoad.FACTORY,
            PacketLoss.FACTORY,
            LocalityLeastConnections.FACTORY,
            ReplicatedLocality.FACTORY,
            SourceHash.FACTORY,
            DestinationHash.FACTORY,
            UriHash.FACTORY,
            ParameterHash.FACTORY,
            HeaderHash.FACTORY,
            CookieHash.FACTORY,
            RdpCookieHash.FACTORY,
            KeyedHash.FACTORY,
            Ketama.FACTORY,
            MaglevHash.FACTORY,
            RingHash.FACTORY,
            RendezvousHash.FACTORY,
            JumpConsistentHash.FACTORY,
            RangeOfKey.FACTORY,
            ModuloOfKey.FACTORY));
  }

  /**
   * These and one more.
   *
   * @throws IllegalArgumentException when there is one of this name
   */
  public Balancers with(BalancerFactory factory) {
    var all = new ArrayList<>(factories.values());
    all.add(factory);
    return new Balancers(all);
  }

  /** The names, in alphabetical order. */
  public Set<String> names() {
    return factories.keySet();
  }

  /** The factory of this name, or null. */
  public @Nullable BalancerFactory find(String name) {
    return factories.get(name);
  }

  /**
   * All that is wrong with a balancer as a configuration describes it; nothing when it is right.
   */
  public List<BalancerProblem> check(BalancerSpec spec) {
    var factory = find(spec.name());
    if (factory == null) {
      return List.of(new BalancerProblem(null, unknown(spec.name())));
    }
    var problems = new ArrayList<BalancerProblem>();
    var options = BalancerOptions.of(spec.options());
    for (var name : spec.options().keySet()) {
      var option = option(factory, name);
      var complaint = option == null ? unknownOption(factory, name) : options.complaint(option);
      if (!complaint.isEmpty()) {
        problems.add(new BalancerProblem(name, complaint));
      }
    }
    if (problems.isEmpty()) {
      checkTogether(factory, options, problems);
    }
    return List.copyOf(problems);
  }

  /**
   * What a balancer needs to see of a request or connection; nothing when there is something wrong
   * with it.
   */
  public Set<KeySource.Kind> needs(BalancerSpec spec) {
    var factory = find(spec.name());
    return factory == null || !check(spec).isEmpty()
        ? Set.of()
        : factory.needs(BalancerOptions.of(spec.options()));
  }

  /**
   * Makes a balancer for one event loop.
   *
   * @param ready the endpoints to choose from, in the configuration's order
   * @throws IllegalArgumentException when {@link #check} finds something wrong
   */
  public Balancer create(BalancerSpec spec, List<Endpoint> ready) {
    var problems = check(spec);
    var factory = find(spec.name());
    if (factory == null || !problems.isEmpty()) {
      throw new IllegalArgumentException(
          "balancer " + Quote.of(spec.name()) + ": " + problems.getFirst().message());
    }
    return factory.create(ready, BalancerOptions.of(spec.options()));
  }

  /** Options may be right each and wrong together: the factory knows. */
  private static void checkTogether(
      BalancerFactory factory, BalancerOptions options, List<BalancerProblem> problems) {
    try {
      var _ = factory.create(List.of(), options);
    } catch (IllegalArgumentException e) {
      problems.add(new BalancerProblem(null, String.valueOf(e.getMessage())));
    }
  }

  private static @Nullable Option<?> option(BalancerFactory factory, String name) {
    for (var option : factory.options()) {
      if (option.name().equals(name)) {
        return option;
      }
    }
    return null;
  }

  private String unknown(String name) {
    return "unknown balancer " + Quote.of(name) + suggestion(name, names());
  }

  private static String unknownOption(BalancerFactory factory, String name) {
    var known = factory.options().stream().map(Option::name).toList();
    return known.isEmpty()
        ? "unknown option " + Quote.of(name) + ", " + factory.name() + " takes none"
        : "unknown option " + Quote.of(name) + suggestion(name, known);
  }

  private static String suggestion(String name, Collection<String> known) {
    var nearest = Nearest.to(name, known);
    var expected = String.join(", ", known);
    return nearest == null
        ? ", expected one of: " + expected
        : ", did you mean " + nearest + "? Expected one of: " + expected;
  }
}
