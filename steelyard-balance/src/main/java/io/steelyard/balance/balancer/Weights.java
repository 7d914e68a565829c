package io.steelyard.balance.balancer;

import io.steelyard.balance.Endpoint;
import java.util.List;

/** What balancers that honour weights have in common. */
final class Weights {
  private Weights() {}

  /** Those that may be chosen: weight 0 takes an endpoint out. */
  static Endpoint[] chosen(List<Endpoint> ready) {
    return ready.stream().filter(endpoint -> endpoint.weight() > 0).toArray(Endpoint[]::new);
  }

  /** The endpoints' weights, in their order. */
  static int[] of(Endpoint[] endpoints) {
    int[] weights = new int[endpoints.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = endpoints[i].weight();
    }
    return weights;
  }
}
