package io.steelyard.balance.placement;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Selection;
import io.steelyard.balance.hash.KeyHash;
import org.jspecify.annotations.Nullable;

/**
 * HAProxy 2.6's {@code hash-type map-based} (src/lb_map.c): a slot per unit of weight, the weights
 * divided by what divides them all; the key's slot is its hash modulo their number. Even, but when
 * an endpoint comes or goes nearly all keys move.
 *
 * <p><b>Refused.</b> The next slots, {@value #PATIENCE} at most, then the endpoints in the
 * configuration's order. (HAProxy would choose the same server again.)
 *
 * <p><b>Difference.</b> HAProxy divides the weights by what divides those of all servers; here
 * those that are down or out do not count.
 */
public final class SlotMap implements Placement {
  private static final int PATIENCE = 64;

  private final KeyHash hash;
  private final Endpoint[] endpoints;
  private Endpoint @Nullable [] slots;

  /**
   * A map over these endpoints.
   *
   * @param endpoints each of weight 1 or more
   */
  public SlotMap(KeyHash hash, Endpoint[] endpoints) {
    this.hash = hash;
    this.endpoints = endpoints;
  }

  @Override
  public @Nullable Endpoint place(byte[] key, int from, int to, Selection selection) {
    if (endpoints.length < 2) {
      return Order.from(endpoints, 0, selection);
    }
    var map = slots();
    int slot = slot(key, from, to, map.length);
    var home = map[slot];
    if (selection.accepts(home)) {
      return home;
    }
    for (int i = 1; i <= PATIENCE; i++) {
      var next = map[(slot + i) % map.length];
      if (next != home && selection.accepts(next)) {
        return next;
      }
    }
    return Order.after(endpoints, home, selection);
  }

  private int slot(byte[] key, int from, int to, int slots) {
    return Integer.remainderUnsigned((int) hash.of(key, from, to), slots);
  }

  @Override
  public String rule(byte[] key, int from, int to) {
    if (endpoints.length < 2) {
      return "there is no other";
    }
    int count = slots().length;
    return "hash "
        + Order.hex(hash.of(key, from, to))
        + ", slot "
        + slot(key, from, to, count)
        + " of "
        + count;
  }

  private Endpoint[] slots() {
    var map = slots;
    if (map == null) {
      map = SlotTurns.fill(endpoints);
      slots = map;
    }
    return map;
  }
}
