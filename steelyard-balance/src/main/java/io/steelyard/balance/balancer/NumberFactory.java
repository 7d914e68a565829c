package io.steelyard.balance.balancer;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.key.HashTag;
import io.steelyard.balance.key.KeyPart;
import io.steelyard.balance.placement.KeyNumber;
import io.steelyard.balance.placement.Placement;
import java.util.function.BiFunction;

/** Makes balancers whose keys are numbers; what is none is no key. */
class NumberFactory extends PlacementFactory {
  NumberFactory(
      String name,
      BiFunction<Endpoint[], BalancerOptions, Placement> placement,
      Option<WithoutKey> withoutKey,
      Option<?>... own) {
    super(name, placement, withoutKey, own);
  }

  /** Whether keys have to be numbers with these options. */
  boolean isNumeric(BalancerOptions given) {
    return true;
  }

  @Override
  KeyPart part(BalancerOptions given) {
    return isNumeric(given) ? NumberFactory::digits : super.part(given);
  }

  /** The number may be the tag: {@code user:{42}}. */
  @Override
  KeyPart tagged(KeyPart part, HashTag tag, BalancerOptions given) {
    return tag.then(part);
  }

  private static long digits(byte[] bytes, int from, int to) {
    return KeyNumber.of(bytes, from, to) < 0 ? KeyPart.NONE : KeyPart.range(from, to);
  }
}
