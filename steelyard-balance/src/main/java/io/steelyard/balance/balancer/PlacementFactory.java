package io.steelyard.balance.balancer;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.KeySource;
import io.steelyard.balance.hash.HashFunction;
import io.steelyard.balance.key.KeyPart;
import io.steelyard.balance.placement.Placement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Makes balancers that are named for how they place keys: {@code ketama}, {@code maglev} … Option
 * {@code key} says what the key is, the client's address if it does not; an empty value is no key.
 */
class PlacementFactory extends KeyFactory {
  static final Option<KeySource.Kind> KEY = Option.choice("key", KeySource.Kind.SOURCE_ADDRESS);

  /** The hash function of those that take any. */
  static final Option<HashFunction> HASH = Option.choice("hash", HashFunction.XXHASH64);

  private final BiFunction<Endpoint[], BalancerOptions, Placement> placement;

  PlacementFactory(
      String name, BiFunction<Endpoint[], BalancerOptions, Placement> placement, Option<?>... own) {
    this(name, placement, WITHOUT_KEY, own);
  }

  PlacementFactory(
      String name,
      BiFunction<Endpoint[], BalancerOptions, Placement> placement,
      Option<WithoutKey> withoutKey,
      Option<?>... own) {
    super(name, withCommon(own), withoutKey);
    this.placement = placement;
  }

  private static List<Option<?>> withCommon(Option<?>... own) {
    var all = new ArrayList<Option<?>>(List.of(KEY, HashFactory.NAME));
    all.addAll(List.of(own));
    return all;
  }

  @Override
  final KeySource.Kind kind(BalancerOptions given) {
    return given.get(KEY);
  }

  @Override
  final String keyName(BalancerOptions given) {
    var name = given.get(HashFactory.NAME);
    return name.isEmpty() ? nameIfAbsent(kind(given)) : name;
  }

  @Override
  KeyPart part(BalancerOptions given) {
    return KeyPart.NOT_EMPTY;
  }

  @Override
  final Placement placement(List<Endpoint> ready, BalancerOptions given) {
    return placement.apply(Weights.chosen(ready), given);
  }
}
