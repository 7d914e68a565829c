package io.steelyard.balance.balancer;

import io.steelyard.balance.placement.JumpHash;

/**
 * {@code jump-hash}: consistent hashing without a table.
 *
 * <p><b>Rule.</b> {@link JumpHash}.
 *
 * <p><b>Cost.</b> O(log of the weights' sum). No memory.
 *
 * <p><b>When.</b> Shards that are numbered and only ever grow at the end. Not for endpoints that
 * fail: when one in the middle goes, most keys move.
 */
final class JumpConsistentHash {
  static final BalancerFactory FACTORY =
      new PlacementFactory(
          "jump-hash",
          (endpoints, given) -> new JumpHash(given.get(PlacementFactory.HASH), endpoints),
          PlacementFactory.HASH);

  private JumpConsistentHash() {}
}
