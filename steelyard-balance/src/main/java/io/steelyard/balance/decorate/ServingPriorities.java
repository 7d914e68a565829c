package io.steelyard.balance.decorate;

import static java.util.Objects.requireNonNull;

import io.steelyard.balance.Endpoint;
import io.steelyard.model.Priorities;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Which priority groups of a pool serve: the lowest number, and those above it that are needed for
 * a minimum of available endpoints. Available are endpoints that are ready and have weight.
 * Immutable.
 */
public final class ServingPriorities {
  private final Priorities settings;
  private final List<Endpoint> ready;
  private final NavigableSet<Integer> numbers = new TreeSet<>();

  /**
   * Of one pool at one moment.
   *
   * @param all of the pool, at least one
   * @param ready those that may be used
   */
  public ServingPriorities(Priorities settings, List<Endpoint> all, List<Endpoint> ready) {
    this.settings = requireNonNull(settings, "settings");
    this.ready = List.copyOf(ready);
    all.forEach(endpoint -> numbers.add(endpoint.priority()));
  }

  /** The last number that serves, when nothing is known of before. */
  public int last() {
    return enough(settings.minimumActive());
  }

  /**
   * The last number that serves. Those that served go on until enough are there; a number that is
   * gone counts as the next lower.
   *
   * @param before the last number that served before
   */
  public int last(int before) {
    int fresh = last();
    var stayed = numbers.floor(Math.min(before, enough(settings.effectiveReturnAt())));
    return stayed != null && stayed > fresh ? stayed : fresh;
  }

  /** How many endpoints are available in the groups up to this number. */
  long available(int upTo) {
    return ready.stream()
        .filter(endpoint -> endpoint.weight() > 0 && endpoint.priority() <= upTo)
        .count();
  }

  /** The numbers that stand by when this is the last one that serves. */
  NavigableSet<Integer> standingBy(int last) {
    return numbers.tailSet(last, false);
  }

  /** The first priority up to which so many endpoints are available; the last if there are less. */
  private int enough(int wanted) {
    for (int number : numbers) {
      if (available(number) >= wanted) {
        return number;
      }
    }
    return numbers.last();
  }
}
