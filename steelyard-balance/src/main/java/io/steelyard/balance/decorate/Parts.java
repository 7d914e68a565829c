package io.steelyard.balance.decorate;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.BalancerMaker;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Explanation;
import io.steelyard.balance.Explanation.Candidate;
import io.steelyard.balance.Explanation.Standing;
import io.steelyard.balance.KeySource;
import io.steelyard.balance.Outcome;
import io.steelyard.balance.Selection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of a pool in several parts, each with a balancer of its own. One part is asked
 * first; where it has nobody to offer, the others are, in their order. Not thread-safe.
 */
final class Parts {
  /**
   * One of them.
   *
   * @param name tells it from the others, and is the same in the next configuration
   */
  private record Part(String name, List<Endpoint> ready, Balancer balancer) {}

  private static final int NOBODY = -1;

  private final List<Part> parts = new ArrayList<>();
  private Balancer[] balancers = {};

  /** Which part an endpoint of each {@link Endpoint#index} belongs to. */
  private int[] partOf = {};

  /** Adds a part, after those that there are. */
  void add(String name, BalancerMaker maker, List<Endpoint> all, List<Endpoint> ready) {
    var balancer = maker.make(all, ready);
    for (var endpoint : ready) {
      if (endpoint.index() >= partOf.length) {
        int before = partOf.length;
        partOf = Arrays.copyOf(partOf, Math.max(2 * before, endpoint.index() + 1));
        Arrays.fill(partOf, before, partOf.length, NOBODY);
      }
      partOf[endpoint.index()] = parts.size();
    }
    parts.add(new Part(name, ready, balancer));
    balancers = Arrays.copyOf(balancers, parts.size());
    balancers[parts.size() - 1] = balancer;
  }

  Balancer get(int part) {
    return balancers[part];
  }

  int count() {
    return balancers.length;
  }

  @Nullable KeySource keySource() {
    return balancers[0].keySource();
  }

  @Nullable Endpoint select(int first, Selection selection) {
    var chosen = balancers[first].select(selection);
    for (int i = 0; chosen == null && i < balancers.length; i++) {
      if (i != first) {
        chosen = balancers[i].select(selection);
      }
    }
    return chosen;
  }

  /**
   * What {@link #select} would answer.
   *
   * @param why why the first part is the first
   * @param left why the others are not
   */
  Explanation explain(int first, Selection selection, String why, String left) {
    var candidates = new ArrayList<Candidate>();
    var asked = ask(first, selection, candidates);
    var rule = parts.get(first).name() + " (" + why + ")";
    for (int i = 0; i < balancers.length; i++) {
      if (i != first && asked.chosen() == null) {
        asked = ask(i, selection, candidates);
        rule = parts.get(i).name() + " (nobody before it is accepted)";
      } else if (i != first) {
        leaveOut(parts.get(i), left, candidates);
      }
    }
    candidates.sort(Comparator.comparingInt(candidate -> candidate.endpoint().index()));
    return new Explanation(asked.chosen(), rule + ": " + asked.rule(), candidates);
  }

  private Explanation ask(int part, Selection selection, List<Candidate> candidates) {
    var explanation = balancers[part].explain(selection);
    candidates.addAll(explanation.candidates());
    return explanation;
  }

  private static void leaveOut(Part part, String left, List<Candidate> candidates) {
    for (var endpoint : part.ready()) {
      candidates.add(
          endpoint.weight() == 0
              ? new Candidate(endpoint, Standing.NO_WEIGHT, Double.NaN, "weight 0")
              : new Candidate(endpoint, Standing.RULED_OUT, Double.NaN, part.name() + ": " + left));
    }
  }

  void opened(Endpoint endpoint) {
    int part = partOf(endpoint);
    if (part != NOBODY) {
      balancers[part].opened(endpoint);
    }
  }

  void closed(Endpoint endpoint, Outcome outcome, long nanos, long now) {
    int part = partOf(endpoint);
    if (part != NOBODY) {
      balancers[part].closed(endpoint, outcome, nanos, now);
    }
  }

  private int partOf(Endpoint endpoint) {
    return endpoint.index() < partOf.length ? partOf[endpoint.index()] : NOBODY;
  }

  /** Each part goes on where the one of its name stopped. */
  void takeOver(Parts previous) {
    for (var part : parts) {
      for (var former : previous.parts) {
        if (former.name().equals(part.name())) {
          Decorator.handOver(part.balancer(), former.balancer());
        }
      }
    }
  }
}
