package io.steelyard.balance.placement;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.hash.Mix;

/**
 * The points of HAProxy 2.6's {@code hash-type consistent} (src/lb_chash.c): sixteen per unit of
 * weight, from the server's number, which is its place in the configuration, from 1; a key belongs
 * to the nearest. HAProxy takes weights to 256; heavier ones go on in the same manner.
 */
public record HaproxyForm() implements RingForm {
  private static final int PER_WEIGHT = 16;
  private static final int RANGE = 256 * PER_WEIGHT;

  @Override
  public int groupSize(Endpoint[] endpoints) {
    return PER_WEIGHT;
  }

  @Override
  public int[] groups(Endpoint[] endpoints) {
    return RingForm.byWeight(endpoints, PER_WEIGHT);
  }

  @Override
  public long identity(Endpoint endpoint) {
    return endpoint.index();
  }

  @Override
  public void places(Endpoint endpoint, int size, int[] places) {
    int first = (endpoint.index() + 1) * RANGE;
    for (int i = 0; i < places.length; i++) {
      places[i] = Mix.avalanche(first + i);
    }
  }

  @Override
  public boolean isNearest() {
    return true;
  }
}
