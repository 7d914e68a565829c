package io.steelyard.balance.balancer;

import io.steelyard.balance.Endpoint;
import java.util.Arrays;
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

  /** The endpoints' weights, divided by what all can be divided by. */
  static long[] reduced(Endpoint[] endpoints) {
    int[] weights = of(endpoints);
    int divisor = Math.max(greatestCommonDivisor(weights), 1);
    return Arrays.stream(weights).mapToLong(weight -> weight / divisor).toArray();
  }

  /** The greatest number that divides all; 0 when there are none. */
  static int greatestCommonDivisor(int[] weights) {
    int divisor = 0;
    for (int w : weights) {
      for (int rest = w; rest != 0; ) {
        int remainder = divisor % rest;
        divisor = rest;
        rest = remainder;
      }
    }
    return divisor;
  }
}
