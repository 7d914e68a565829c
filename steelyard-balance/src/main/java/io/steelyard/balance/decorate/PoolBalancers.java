package io.steelyard.balance.decorate;

import static java.util.Objects.requireNonNull;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.BalancerMaker;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.balancer.Balancers;
import io.steelyard.model.Pool;
import java.util.List;

/**
 * Makes a pool's balancers as its settings ask for them: the balancer that they name, and before it
 * what they add. Immutable and thread-safe; what it makes is neither.
 */
public final class PoolBalancers implements BalancerMaker {
  private final Balancers balancers;
  private final Pool settings;
  private final String zone;

  /**
   * For one pool.
   *
   * @param zone where this process stands; empty when that was not said
   */
  public PoolBalancers(Balancers balancers, Pool settings, String zone) {
    this.balancers = requireNonNull(balancers, "balancers");
    this.settings = requireNonNull(settings, "settings");
    this.zone = requireNonNull(zone, "zone");
  }

  /** A layer is there only where it makes a difference: most pools have the bare balancer. */
  @Override
  public Balancer make(List<Endpoint> all, List<Endpoint> ready) {
    return Priorities.isNeeded(all)
        ? new Priorities(settings.priorities(), this::zones, all, ready)
        : zones(all, ready);
  }

  private Balancer zones(List<Endpoint> all, List<Endpoint> ready) {
    return Zones.isNeeded(zone, all)
        ? new Zones(zone, this::subset, all, ready)
        : subset(all, ready);
  }

  private Balancer subset(List<Endpoint> all, List<Endpoint> ready) {
    var subset = settings.subset();
    return subset != null && subset.size() < all.size()
        ? new Subset(subset, this::slowStart, all, ready)
        : slowStart(all, ready);
  }

  private Balancer slowStart(List<Endpoint> all, List<Endpoint> ready) {
    var bare = balancers.create(settings.balancer(), ready);
    var slowStart = settings.slowStart();
    return slowStart == null ? bare : new SlowStart(slowStart, bare, ready);
  }
}
