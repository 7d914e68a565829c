package io.steelyard.balance;

import java.util.List;

/**
 * Makes the balancers of a pool: one for each event loop, and again when who can be chosen changes.
 */
@FunctionalInterface
public interface BalancerMaker {
  /**
   * Makes one.
   *
   * @param all the pool's endpoints
   * @param ready those of them that can be chosen, in the same order
   */
  Balancer make(List<Endpoint> all, List<Endpoint> ready);
}
