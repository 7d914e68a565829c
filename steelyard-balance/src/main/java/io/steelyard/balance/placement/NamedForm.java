package io.steelyard.balance.placement;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.hash.XxHash64;

/**
 * The points of Envoy's ring hash: the xxHash64 of {@code ADDRESS_NUMBER}, numbers from 0; of its
 * 64 bits the upper half is the place. A fixed number of points per unit of weight, halved as often
 * as it takes for all to keep within {@value #ENOUGH}, or {@value #FAST} for more than {@value
 * #MANY} endpoints, so that they stay in the processor's cache. Those that are left stay where they
 * were, but about half of all keys move when the sum of the weights passes such a limit.
 *
 * @param points per unit of weight
 */
public record NamedForm(int points) implements RingForm {
  private static final int ENOUGH = 1 << 20;
  private static final int FAST = 1 << 17;
  private static final int MANY = 1_000;

  @Override
  public int groupSize(Endpoint[] endpoints) {
    long total = 0;
    for (var endpoint : endpoints) {
      total += endpoint.weight();
    }
    int limit = endpoints.length > MANY ? FAST : ENOUGH;
    int size = points;
    while (size > 1 && total * size > limit) {
      size >>= 1;
    }
    return size;
  }

  @Override
  public int[] groups(Endpoint[] endpoints) {
    return RingForm.byWeight(endpoints, groupSize(endpoints));
  }

  @Override
  public void places(Endpoint endpoint, int size, int[] places) {
    var text = new Text(endpoint.name() + "_");
    for (int i = 0; i < places.length; i++) {
      text.number(i);
      places[i] = (int) (XxHash64.hash(text.bytes(), 0, text.length(), 0) >>> 32);
    }
  }
}
