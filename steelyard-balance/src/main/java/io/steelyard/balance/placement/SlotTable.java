package io.steelyard.balance.placement;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.hash.HashFunction;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Tables that say for each of a number of slots whose it is, for those who look up by themselves,
 * as the packet plane's programs do. Endpoints of weight 0 have no slot.
 */
public final class SlotTable {
  /** A slot that is nobody's. */
  public static final int NOBODY = -1;

  private SlotTable() {}

  /**
   * As {@link Maglev} fills it.
   *
   * @param size a prime
   * @return the place in the list of each slot's endpoint
   */
  public static int[] maglev(List<Endpoint> endpoints, int size) {
    var weighted = weighted(endpoints);
    if (weighted.length == 0) {
      return nobody(size);
    }
    var maglev = new Maglev(HashFunction.XXHASH64, size, weighted);
    return places(endpoints, maglev.slots());
  }

  /**
   * In turn, by weight: who goes through it from slot to slot does weighted round robin.
   *
   * @return the place in the list of each slot's endpoint
   */
  public static int[] inTurn(List<Endpoint> endpoints, int size) {
    var weighted = weighted(endpoints);
    if (weighted.length == 0) {
      return nobody(size);
    }
    var rounds = new Rounds(weighted);
    var slots = new Endpoint[size];
    for (int i = 0; i < size; i++) {
      slots[i] = weighted[rounds.next()];
    }
    return places(endpoints, slots);
  }

  private static Endpoint[] weighted(List<Endpoint> endpoints) {
    return endpoints.stream().filter(each -> each.weight() > 0).toArray(Endpoint[]::new);
  }

  private static int[] nobody(int size) {
    var slots = new int[size];
    Arrays.fill(slots, NOBODY);
    return slots;
  }

  private static int[] places(List<Endpoint> endpoints, Endpoint[] slots) {
    var places = new IdentityHashMap<Endpoint, Integer>(endpoints.size());
    for (int i = 0; i < endpoints.size(); i++) {
      places.put(endpoints.get(i), i);
    }
    var table = new int[slots.length];
    for (int i = 0; i < table.length; i++) {
      table[i] = places.getOrDefault(slots[i], NOBODY);
    }
    return table;
  }
}
