package io.steelyard.balance.decorate;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.BalancerMaker;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Explanation;
import io.steelyard.balance.KeySource;
import io.steelyard.balance.Outcome;
import io.steelyard.balance.Selection;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Priority groups: the endpoints of the lowest priority number serve; while fewer than a minimum of
 * them are available, those of the next number serve as well, and so on. The others stand by.
 *
 * <p><b>Rule.</b> Available are endpoints that are ready and have weight. A group that serves goes
 * back to standing by only when those before it have {@code return-at} available, so that an
 * endpoint that comes and goes does not start and stop a whole group; it finishes what it has.
 * Among the groups that serve, the balancer sees no difference. A request that nobody of them
 * accepts, because it has tried them, goes to the next group: one endpoint and its hot standby work
 * without health checks.
 *
 * <p><b>Source.</b> F5 BIG-IP, "Priority Group Activation" with its minimum of active members
 * (there the higher number comes first); nginx {@code backup} servers.
 *
 * <p><b>Cost.</b> None but a call: who serves is decided when health changes, not when a request
 * comes.
 */
final class Priorities extends Decorator {
  private final io.steelyard.model.Priorities settings;
  private final BalancerMaker maker;
  private final List<Endpoint> all;
  private final List<Endpoint> ready;
  private final NavigableSet<Integer> numbers = new TreeSet<>();

  /** The last priority that serves. */
  private int active;

  private Parts parts;

  Priorities(
      io.steelyard.model.Priorities settings,
      BalancerMaker maker,
      List<Endpoint> all,
      List<Endpoint> ready) {
    this.settings = settings;
    this.maker = maker;
    this.all = all;
    this.ready = ready;
    all.forEach(endpoint -> numbers.add(endpoint.priority()));
    active = enough(settings.minimumActive());
    parts = build();
  }

  static boolean isNeeded(List<Endpoint> all) {
    return all.stream().mapToInt(Endpoint::priority).distinct().limit(2).count() > 1;
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

  private long available(int upTo) {
    return ready.stream()
        .filter(endpoint -> endpoint.weight() > 0 && endpoint.priority() <= upTo)
        .count();
  }

  private Parts build() {
    var built = new Parts();
    built.add(
        "serving",
        maker,
        all.stream().filter(this::isActive).toList(),
        ready.stream().filter(this::isActive).toList());
    for (int number : numbers.tailSet(active, false)) {
      built.add(
          "priority " + number,
          maker,
          all.stream().filter(endpoint -> endpoint.priority() == number).toList(),
          ready.stream().filter(endpoint -> endpoint.priority() == number).toList());
    }
    return built;
  }

  private boolean isActive(Endpoint endpoint) {
    return endpoint.priority() <= active;
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
    return parts.explain(
        0,
        selection,
        "priorities to " + active + ", " + available(active) + " available",
        "stands by");
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
    var other = find(Priorities.class, previous);
    if (other == null) {
      handOver(main(), previous);
      return;
    }
    // Those that serve go on until enough are there; a number that is gone counts as the next
    // lower.
    var stayed = numbers.floor(Math.min(other.active, enough(settings.effectiveReturnAt())));
    if (stayed != null && stayed > active) {
      active = stayed;
      parts = build();
    }
    parts.takeOver(other.parts);
  }
}
