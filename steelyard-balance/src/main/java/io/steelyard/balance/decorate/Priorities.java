package io.steelyard.balance.decorate;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.BalancerMaker;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Explanation;
import io.steelyard.balance.KeySource;
import io.steelyard.balance.Outcome;
import io.steelyard.balance.Selection;
import java.util.List;
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
  private final ServingPriorities serving;
  private final BalancerMaker maker;
  private final List<Endpoint> all;
  private final List<Endpoint> ready;

  /** The last priority that serves. */
  private int active;

  private Parts parts;

  Priorities(
      io.steelyard.model.Priorities settings,
      BalancerMaker maker,
      List<Endpoint> all,
      List<Endpoint> ready) {
    this.serving = new ServingPriorities(settings, all, ready);
    this.maker = maker;
    this.all = all;
    this.ready = ready;
    active = serving.last();
    parts = build();
  }

  static boolean isNeeded(List<Endpoint> all) {
    return all.stream().mapToInt(Endpoint::priority).distinct().limit(2).count() > 1;
  }

  private Parts build() {
    var built = new Parts();
    built.add(
        "serving",
        maker,
        all.stream().filter(this::isActive).toList(),
        ready.stream().filter(this::isActive).toList());
    for (int number : serving.standingBy(active)) {
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
        "priorities to " + active + ", " + serving.available(active) + " available",
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
    int last = serving.last(other.active);
    if (last > active) {
      active = last;
      parts = build();
    }
    parts.takeOver(other.parts);
  }
}
