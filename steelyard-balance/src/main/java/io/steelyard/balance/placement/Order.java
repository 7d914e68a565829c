package io.steelyard.balance.placement;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Selection;
import org.jspecify.annotations.Nullable;

/** The last resort: the endpoints one after the other, in the configuration's order. */
final class Order {
  private Order() {}

  /** The first after this one, round and round, that is accepted; null when none is. */
  static @Nullable Endpoint after(Endpoint[] endpoints, Endpoint refused, Selection selection) {
    int at = 0;
    while (at < endpoints.length && endpoints[at] != refused) {
      at++;
    }
    return from(endpoints, at + 1, selection);
  }

  /** The first from this position on, round and round, that is accepted; null when none is. */
  static @Nullable Endpoint from(Endpoint[] endpoints, int position, Selection selection) {
    for (int i = 0; i < endpoints.length; i++) {
      var endpoint = endpoints[(position + i) % endpoints.length];
      if (selection.accepts(endpoint)) {
        return endpoint;
      }
    }
    return null;
  }

  /** Hexadecimal, as rules show hashes. */
  static String hex(long hash) {
    return "0x" + Long.toHexString(hash);
  }
}
