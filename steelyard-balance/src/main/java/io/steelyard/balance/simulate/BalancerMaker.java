package io.steelyard.balance.simulate;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import java.util.List;

/** Makes the balancers of a simulated pool, one for each event loop and change. */
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
