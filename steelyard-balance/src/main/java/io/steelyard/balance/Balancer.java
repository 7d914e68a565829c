package io.steelyard.balance;

import org.jspecify.annotations.Nullable;

/**
 * Chooses an endpoint. Every event loop has its own balancer per pool, used by its one thread: not
 * thread-safe, no locks. Other event loops change the endpoints' {@link EndpointState} at any time.
 *
 * <p>A balancer has no clock and no randomness of its own and allocates nothing while it chooses.
 */
public interface Balancer {
  /**
   * Chooses one of the endpoints it was created with.
   *
   * @return null when none can be chosen: all have weight 0, or the selection accepts none
   */
  @Nullable Endpoint select(Selection selection);

  /**
   * What of a request or connection it needs to see: {@link Selection#key} has its bytes. Stays the
   * same as long as the balancer lives.
   *
   * @return null when it looks at none
   */
  default @Nullable KeySource keySource() {
    return null;
  }

  /**
   * Whether it looks at what endpoints report of their load ({@link EndpointState#report}): where
   * answers carry such reports, they are read only then. Stays the same as long as it lives.
   */
  default boolean usesLoadReports() {
    return false;
  }

  /**
   * Hears that this event loop opened a lease of an endpoint. Leases of other event loops are not
   * announced.
   */
  default void opened(Endpoint endpoint) {}

  /**
   * Hears that this event loop connected to an endpoint that it has a lease of. Not said where an
   * idle connection was used again.
   *
   * @param nanos how long it took until the connection was there, in nanoseconds
   * @param now the event loop's clock, the same as {@link Selection#nanoTime}
   */
  default void connected(Endpoint endpoint, long nanos, long now) {}

  /**
   * Hears that this event loop closed a lease of an endpoint. Leases of other event loops are not
   * announced.
   *
   * @param nanos how long the endpoint took, in nanoseconds; see {@link Lease#close(Outcome, long)}
   * @param now the event loop's clock, the same as {@link Selection#nanoTime}
   */
  default void closed(Endpoint endpoint, Outcome outcome, long nanos, long now) {}

  /**
   * What {@link #select} would answer now, and why. Changes nothing of the balancer. What is drawn
   * by chance is drawn from {@link Selection#random} as {@link #select} draws it: the same state of
   * randomness gives the same endpoint. May allocate and look at every endpoint: not for the hot
   * path.
   */
  default Explanation explain(Selection selection) {
    return Explanation.NONE;
  }

  /**
   * Goes on where another balancer of the same pool and event loop stopped, so that a new
   * configuration or a change of health does not send every pool back to its first endpoint. Called
   * before the first choice; does nothing when the other is of a different kind.
   */
  default void takeOver(Balancer previous) {}
}
