package io.steelyard.balance.balancer;

import io.steelyard.balance.placement.Maglev;
import java.math.BigInteger;

/**
 * {@code maglev}: a table of slots that changes little when endpoints come or go.
 *
 * <p><b>Rule.</b> {@link Maglev}. Option {@code slots} is a prime, 65,537 if it is not given.
 *
 * <p><b>Cost.</b> O(1), one look. Per event loop 4 bytes per slot, and O(slots · log slots) to
 * make.
 *
 * <p><b>When.</b> The choice among the consistent ones where even shares count more than that no
 * key moves that need not. With more than a hundredth as many endpoints as slots, shares become
 * uneven.
 */
final class MaglevHash {
  private static final Option<Long> SLOTS = Option.integer("slots", 65_537, 3, 5_000_011);
  private static final int CERTAINTY = 50;

  static final BalancerFactory FACTORY =
      new PlacementFactory(
          "maglev",
          (endpoints, given) ->
              new Maglev(given.get(PlacementFactory.HASH), slots(given), endpoints),
          SLOTS,
          PlacementFactory.HASH);

  private MaglevHash() {}

  private static int slots(BalancerOptions given) {
    long slots = given.get(SLOTS);
    if (!BigInteger.valueOf(slots).isProbablePrime(CERTAINTY)) {
      throw new IllegalArgumentException(
          "slots: "
              + slots
              + ", expected a prime such as "
              + BigInteger.valueOf(slots).nextProbablePrime());
    }
    return (int) slots;
  }
}
