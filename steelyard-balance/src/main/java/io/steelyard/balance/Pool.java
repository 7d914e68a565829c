package io.steelyard.balance;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's view of a pool: its endpoints, its balancer, and the leases it gives out. Not
 * thread-safe; made and used by one event loop. What loops share is in {@link EndpointState}.
 *
 * <p>Leases are recycled: a lease costs no allocation once as many were open before. As many lease
 * objects are kept as were ever open at the same time.
 */
public final class Pool {
  private final String name;
  private final List<Endpoint> endpoints;
  private final LongSupplier clock;
  private final @Nullable Capacity capacity;
  private Balancer balancer;
  private boolean[] ready;
  private @Nullable Lease free;

  /**
   * A view of a pool.
   *
   * @param endpoints all endpoints of the pool, each at its {@link Endpoint#index}
   * @param balancer this event loop's own, made for these endpoints or some of them
   * @param clock the event loop's, in nanoseconds from an arbitrary origin
   */
  public Pool(String name, List<Endpoint> endpoints, Balancer balancer, LongSupplier clock) {
    this.name = requireNonNull(name, "name");
    this.endpoints = List.copyOf(endpoints);
    this.balancer = requireNonNull(balancer, "balancer");
    this.clock = requireNonNull(clock, "clock");
    this.capacity = Capacity.of(endpoints);
    for (int i = 0; i < endpoints.size(); i++) {
      if (endpoints.get(i).index() != i) {
        throw new IllegalArgumentException(
            "endpoint "
                + endpoints.get(i)
                + " has index "
                + endpoints.get(i).index()
                + ", expected "
                + i);
      }
    }
    ready = flags(endpoints);
  }

  /** The pool's name. */
  public String name() {
    return name;
  }

  /** All endpoints, in the configuration's order, those of weight 0 included. */
  public List<Endpoint> endpoints() {
    return endpoints;
  }

  /**
   * This event loop's view of the pool in a newer configuration; its balancer goes on where this
   * one's stopped. Leases of this pool stay valid and are closed as ever.
   */
  public Pool successor(List<Endpoint> newEndpoints, Balancer newBalancer) {
    goOn(newBalancer);
    return new Pool(name, newEndpoints, newBalancer, clock);
  }

  /**
   * The same where not all endpoints are ready.
   *
   * @param newReady some of them, for which the balancer was made
   */
  public Pool successor(
      List<Endpoint> newEndpoints, List<Endpoint> newReady, Balancer newBalancer) {
    var next = successor(newEndpoints, newBalancer);
    next.ready = next.flags(newReady);
    return next;
  }

  /**
   * Chooses among other endpoints from now on, as their health has changed. Leases stay valid;
   * those of endpoints that are not ready any more are closed without the balancer hearing of it.
   *
   * @param newReady some of {@link #endpoints}
   * @param newBalancer made for these; goes on where the one before stopped
   */
  public void rebalance(List<Endpoint> newReady, Balancer newBalancer) {
    goOn(newBalancer);
    balancer = newBalancer;
    ready = flags(newReady);
  }

  private void goOn(Balancer next) {
    next.takeOver(next.isBare() ? balancer.bare() : balancer);
  }

  private boolean[] flags(List<Endpoint> some) {
    var flags = new boolean[endpoints.size()];
    some.forEach(endpoint -> flags[endpoint.index()] = true);
    return flags;
  }

  /** What {@link Selection#key} has to hold for this pool's balancer; null for nothing. */
  public @Nullable KeySource keySource() {
    return balancer.keySource();
  }

  /** Whether this pool's balancer looks at what endpoints report of their load. */
  public boolean usesLoadReports() {
    return balancer.usesLoadReports();
  }

  /** What {@link #lease} would choose now, and why; changes nothing. */
  public Explanation explain(Selection selection) {
    return balancer.explain(capacity == null ? selection : capacity.begin(selection));
  }

  /**
   * Chooses an endpoint and takes it into use.
   *
   * @return null when no endpoint can be chosen: all have weight 0, the selection accepts none, or
   *     those that it accepts have as much in flight as they may
   */
  public @Nullable Lease lease(Selection selection) {
    if (capacity != null) {
      return leaseWithin(capacity, selection);
    }
    var endpoint = balancer.select(selection);
    if (endpoint == null) {
      return null;
    }
    endpoint.state().opened();
    return open(endpoint);
  }

  /** Another event loop may have taken the last place: then somebody else is chosen. */
  private @Nullable Lease leaseWithin(Capacity limits, Selection selection) {
    for (int i = 0; i <= endpoints.size(); i++) {
      var endpoint = balancer.select(limits.begin(selection));
      if (endpoint == null) {
        return null;
      }
      int limit = endpoint.maxInFlight() == 0 ? Integer.MAX_VALUE : endpoint.maxInFlight();
      if (endpoint.state().openedBelow(limit)) {
        return open(endpoint);
      }
    }
    return null;
  }

  private Lease open(Endpoint endpoint) {
    var lease = free;
    if (lease == null) {
      lease = new Lease(this);
    } else {
      free = lease.nextFree;
      lease.nextFree = null;
    }
    lease.endpoint = endpoint;
    balancer.opened(endpoint);
    return lease;
  }

  void connected(Endpoint endpoint, long nanos) {
    balancer.connected(endpoint, nanos, clock.getAsLong());
  }

  void release(Lease lease, Endpoint endpoint, Outcome outcome, long nanos) {
    lease.endpoint = null;
    lease.nextFree = free;
    free = lease;
    endpoint.state().closed(outcome, nanos);
    if (ready[endpoint.index()]) {
      balancer.closed(endpoint, outcome, nanos, clock.getAsLong());
    }
  }

  /** The name, for messages. */
  @Override
  public String toString() {
    return name;
  }
}
