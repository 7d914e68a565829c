package io.steelyard.balance.balancer;

import io.steelyard.balance.hash.HashFunction;
import io.steelyard.balance.hash.KeyHash;
import io.steelyard.balance.placement.NamedForm;
import io.steelyard.balance.placement.RingPlacement;

/**
 * {@code ring-hash}: consistent hashing on a ring.
 *
 * <p><b>Rule.</b> {@link NamedForm}: option {@code points} says how many there are per unit of
 * weight, 160 if it is not given. The more, the more even: with 160 an endpoint's share is within 8
 * % of its weight two times in three.
 *
 * <p><b>Cost.</b> O(1), two looks or three. Up to 16 bytes per point and event loop. Beyond a
 * thousand endpoints there are fewer points for each, and shares become uneven: {@link MaglevHash}
 * is better there.
 *
 * <p><b>When.</b> Caches, sessions: when an endpoint comes or goes, no key moves that need not.
 */
final class RingHash {
  private static final Option<Long> POINTS = Option.integer("points", 160, 1, 10_000);

  static final BalancerFactory FACTORY =
      new PlacementFactory(
          "ring-hash",
          (endpoints, given) ->
              new RingPlacement(
                  new NamedForm(given.get(POINTS).intValue()),
                  upper(given.get(PlacementFactory.HASH)),
                  endpoints),
          POINTS,
          PlacementFactory.HASH);

  private RingHash() {}

  private static KeyHash upper(HashFunction hash) {
    return hash.bits() == Long.SIZE
        ? (key, from, to) -> hash.of(key, from, to) >>> Integer.SIZE
        : hash;
  }
}
