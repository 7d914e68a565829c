package io.steelyard.balance.decorate;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.BalancerMaker;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Explanation;
import io.steelyard.balance.KeySource;
import io.steelyard.balance.Outcome;
import io.steelyard.balance.Selection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Deterministic subsets: each of many processes uses a few of many endpoints, and together they use
 * all evenly.
 *
 * <p><b>Rule.</b> The endpoints are cut into endpoints ÷ size subsets; as many processes, one after
 * the other, form a round and take one subset each, so that no two of a round meet. Each round has
 * an order of its own, by a hash of the addresses. Where an endpoint of the subset is not ready,
 * the next in that order takes its place, and no other changes. When nobody in the subset is
 * accepted, the others are asked.
 *
 * <p><b>Source.</b> Site Reliability Engineering (B. Beyer and others, O'Reilly 2016), chapter 20,
 * "A Subset Selection Algorithm: Deterministic Subsetting"; ordered by hashes in place of a
 * shuffle, so that an endpoint more or less leaves the order of the others as it is.
 *
 * <p><b>Cost.</b> A call; O(n log n) when who is ready changes.
 */
final class Subset extends Decorator {
  private final Parts parts = new Parts();

  Subset(
      io.steelyard.model.Subset settings,
      BalancerMaker maker,
      List<Endpoint> all,
      List<Endpoint> ready) {
    var members = members(settings, all, ready);
    parts.add(
        "subset",
        maker,
        all.stream().filter(members::contains).toList(),
        ready.stream().filter(members::contains).toList());
    parts.add(
        "others",
        maker,
        all.stream().filter(endpoint -> !members.contains(endpoint)).toList(),
        ready.stream().filter(endpoint -> !members.contains(endpoint)).toList());
  }

  private static Set<Endpoint> members(
      io.steelyard.model.Subset settings, List<Endpoint> all, List<Endpoint> ready) {
    int subsets = Math.max(1, all.size() / settings.size());
    long round = settings.process() / subsets;
    int start = settings.process() % subsets * settings.size();
    var order =
        all.stream()
            .sorted(
                Comparator.comparingLong((Endpoint endpoint) -> KeyHash.of(endpoint.name(), round))
                    .thenComparing(Endpoint::name))
            .toList();
    var usable = new HashSet<Endpoint>(ready);
    var members = new HashSet<Endpoint>();
    for (int i = 0; i < order.size() && members.size() < settings.size(); i++) {
      var next = order.get((start + i) % order.size());
      if (next.weight() > 0 && usable.contains(next)) {
        members.add(next);
      }
    }
    return members;
  }

  @Override
  Balancer main() {
    return parts.get(0);
  }

  @Override
  public @Nullable KeySource keySource() {
    return parts.keySource();
  }

  @Override
  public @Nullable Endpoint select(Selection selection) {
    return parts.select(0, selection);
  }

  @Override
  public Explanation explain(Selection selection) {
    return parts.explain(0, selection, "this process's part", "another process's part");
  }

  @Override
  public void opened(Endpoint endpoint) {
    parts.opened(endpoint);
  }

  @Override
  public void closed(Endpoint endpoint, Outcome outcome, long nanos, long now) {
    parts.closed(endpoint, outcome, nanos, now);
  }

  @Override
  public void takeOver(Balancer previous) {
    var other = find(Subset.class, previous);
    if (other == null) {
      handOver(main(), previous);
    } else {
      parts.takeOver(other.parts);
    }
  }
}
