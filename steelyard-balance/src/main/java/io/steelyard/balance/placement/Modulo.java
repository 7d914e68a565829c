package io.steelyard.balance.placement;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Selection;
import io.steelyard.balance.hash.KeyHash;
import org.jspecify.annotations.Nullable;

/**
 * The key's number modulo the sum of the weights: with weights of 1, number modulo endpoints, in
 * the configuration's order. When an endpoint comes or goes, nearly all keys move.
 *
 * <p><b>Refused.</b> The next one in the configuration's order.
 *
 * <p><b>Source.</b> twemproxy 0.5.0's {@code modula} (src/hashkit/nc_modula.c), where the number is
 * a hash.
 */
public final class Modulo implements Placement {
  private final KeyHash number;
  private final Endpoint[] endpoints;
  private final WeightLine line;

  /**
   * Over these endpoints.
   *
   * @param number what is divided, taken as unsigned
   * @param endpoints each of weight 1 or more
   */
  public Modulo(KeyHash number, Endpoint[] endpoints) {
    this.number = number;
    this.endpoints = endpoints;
    this.line = new WeightLine(endpoints);
  }

  @Override
  public @Nullable Endpoint place(byte[] key, int from, int to, Selection selection) {
    if (endpoints.length < 2) {
      return Order.from(endpoints, 0, selection);
    }
    int position = line.position(remainder(key, from, to));
    var home = endpoints[position];
    return selection.accepts(home) ? home : Order.from(endpoints, position + 1, selection);
  }

  private long remainder(byte[] key, int from, int to) {
    return Long.remainderUnsigned(number.of(key, from, to), line.length());
  }

  @Override
  public String rule(byte[] key, int from, int to) {
    if (endpoints.length < 2) {
      return "there is no other";
    }
    return Long.toUnsignedString(number.of(key, from, to))
        + " modulo "
        + line.length()
        + " is "
        + remainder(key, from, to);
  }
}
