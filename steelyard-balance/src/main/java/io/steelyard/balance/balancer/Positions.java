package io.steelyard.balance.balancer;

import io.steelyard.balance.Endpoint;
import java.util.Arrays;

/** Where in an array of its own a balancer has the endpoints of its pool. Immutable. */
final class Positions {
  private final Endpoint[] endpoints;

  /** By {@link Endpoint#index}; -1 for those that are not there. */
  private final int[] positions;

  Positions(Endpoint[] endpoints) {
    this.endpoints = endpoints;
    int highest = Arrays.stream(endpoints).mapToInt(Endpoint::index).max().orElse(-1);
    positions = new int[highest + 1];
    Arrays.fill(positions, -1);
    for (int i = 0; i < endpoints.length; i++) {
      positions[endpoints[i].index()] = i;
    }
  }

  /** The position of an endpoint; -1 for one of weight 0 or of another configuration. */
  int of(Endpoint endpoint) {
    int position = endpoint.index() < positions.length ? positions[endpoint.index()] : -1;
    return position >= 0 && endpoints[position] == endpoint ? position : -1;
  }
}
