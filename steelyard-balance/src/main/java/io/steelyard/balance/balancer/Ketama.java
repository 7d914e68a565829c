package io.steelyard.balance.balancer;

import io.steelyard.balance.hash.HashFunction;
import io.steelyard.balance.placement.KetamaForm;
import io.steelyard.balance.placement.RingPlacement;

/**
 * {@code ketama}: the ring of libketama, as twemproxy and libmemcached have it.
 *
 * <p><b>Rule.</b> {@link KetamaForm}. Keys are hashed as twemproxy hashes them, with fnv1a-64 if
 * option {@code hash} does not say otherwise; libmemcached's clients use md5 with {@code
 * MEMCACHED_BEHAVIOR_KETAMA_WEIGHTED}.
 *
 * <p><b>When.</b> Caches that clients or proxies of those kinds use, too: all find the same keys at
 * the same place. Else {@link RingHash} is faster and {@link MaglevHash} is more even.
 */
final class Ketama {
  private static final Option<HashFunction> HASH = Option.choice("hash", HashFunction.FNV1A_64);

  static final BalancerFactory FACTORY =
      new PlacementFactory(
          "ketama",
          (endpoints, given) ->
              new RingPlacement(new KetamaForm(), given.get(HASH).inTwemproxy(), endpoints),
          HASH);

  private Ketama() {}
}
