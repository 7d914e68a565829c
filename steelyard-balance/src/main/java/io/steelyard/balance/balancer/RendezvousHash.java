package io.steelyard.balance.balancer;

import io.steelyard.balance.placement.Rendezvous;

/**
 * {@code rendezvous}: every endpoint draws for every key, and the best has it.
 *
 * <p><b>Rule.</b> {@link Rendezvous}.
 *
 * <p><b>Cost.</b> O(endpoints) for each choice.
 *
 * <p><b>When.</b> Up to some tens of endpoints, and exact shares. More: {@link MaglevHash}.
 */
final class RendezvousHash {
  static final BalancerFactory FACTORY =
      new PlacementFactory(
          "rendezvous",
          (endpoints, given) -> new Rendezvous(given.get(PlacementFactory.HASH), endpoints),
          PlacementFactory.HASH);

  private RendezvousHash() {}
}
