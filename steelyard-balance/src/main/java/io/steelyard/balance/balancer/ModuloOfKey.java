package io.steelyard.balance.balancer;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.hash.HashFunction;
import io.steelyard.balance.hash.KeyHash;
import io.steelyard.balance.placement.KeyNumber;
import io.steelyard.balance.placement.Modulo;

/**
 * {@code modulo}: the key, a number, modulo the endpoints; with option {@code hash}, the hash of
 * any key (the split by the hash of an id: odd here, even there).
 *
 * <p><b>Rule.</b> {@link Modulo}.
 *
 * <p><b>When.</b> Shards whose number is fixed. When it changes, nearly all keys move: {@link
 * KeyMoves} says which.
 */
final class ModuloOfKey extends NumberFactory {
  private static final Option<HashFunction> HASH = Option.choice("hash", HashFunction.FNV1A_64);

  static final BalancerFactory FACTORY = new ModuloOfKey();

  private ModuloOfKey() {
    super("modulo", ModuloOfKey::place, WITHOUT_KEY, HASH);
  }

  private static Modulo place(Endpoint[] endpoints, BalancerOptions given) {
    KeyHash number = HashFactory.isGiven(given, HASH) ? given.get(HASH) : KeyNumber::of;
    return new Modulo(number, endpoints);
  }

  @Override
  boolean isNumeric(BalancerOptions given) {
    return !HashFactory.isGiven(given, HASH);
  }
}
