package io.steelyard.balance.placement;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Selection;
import io.steelyard.balance.hash.AddressWords;
import org.jspecify.annotations.Nullable;

/**
 * LVS's table of 256 buckets for source and destination hashing (Linux 6, ip_vs_sh.c and
 * ip_vs_dh.c): endpoints take buckets in turn until all are taken, as many in a row as their weight
 * for source hashing, one for destination hashing. The last that was configured comes first: LVS
 * puts a new destination before all others. An address is folded to 32 bits, and {@code hash_32} of
 * it is the bucket.
 *
 * <p><b>Refused.</b> As LVS's flag {@code sh-fallback}: from a second place on, bucket by bucket.
 *
 * <p>Beyond 256 endpoints, or weights in sum, some have no bucket and get nothing, as in LVS.
 */
public final class LvsTable implements Placement {
  private static final int BITS = 8;
  private static final int BUCKETS = 1 << BITS;

  /** {@code GOLDEN_RATIO_32} of include/linux/hash.h. */
  private static final int GOLDEN_RATIO = 0x61C8_8647;

  private final Endpoint[] buckets;

  /**
   * Over these endpoints.
   *
   * @param endpoints each of weight 1 or more
   * @param isByWeight whether weights count: for source hashing they do
   */
  public LvsTable(Endpoint[] endpoints, boolean isByWeight) {
    buckets = new Endpoint[endpoints.length == 0 ? 0 : BUCKETS];
    int at = endpoints.length - 1;
    int taken = 0;
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] = endpoints[at];
      taken++;
      if (!isByWeight || taken >= endpoints[at].weight()) {
        at = at == 0 ? endpoints.length - 1 : at - 1;
        taken = 0;
      }
    }
  }

  @Override
  public @Nullable Endpoint place(byte[] key, int from, int to, Selection selection) {
    if (buckets.length == 0) {
      return null;
    }
    int home = bucket(key, from, to);
    if (selection.accepts(buckets[home])) {
      return buckets[home];
    }
    for (int i = 0; i < BUCKETS; i++) {
      var endpoint = buckets[(home + home + i) % BUCKETS];
      if (selection.accepts(endpoint)) {
        return endpoint;
      }
    }
    return null;
  }

  private static int bucket(byte[] key, int from, int to) {
    return (AddressWords.of(key, from, to) * GOLDEN_RATIO) >>> (Integer.SIZE - BITS);
  }

  @Override
  public String rule(byte[] key, int from, int to) {
    return "bucket " + bucket(key, from, to) + " of " + BUCKETS;
  }
}
