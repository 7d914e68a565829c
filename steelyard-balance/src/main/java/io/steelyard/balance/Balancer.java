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
   * Hears that this event loop opened or closed a lease of an endpoint. Changes by other event
   * loops are not announced.
   */
  default void changed(Endpoint endpoint) {}

  /**
   * Goes on where another balancer of the same pool and event loop stopped, so that a new
   * configuration or a change of health does not send every pool back to its first endpoint. Called
   * before the first choice; does nothing when the other is of a different kind.
   */
  default void takeOver(Balancer previous) {}
}
