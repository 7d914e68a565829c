package io.steelyard.balance.placement;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Selection;
import io.steelyard.balance.hash.KeyHash;
import io.steelyard.balance.hash.Mix;
import org.jspecify.annotations.Nullable;

/**
 * Jump consistent hash: of buckets, one per unit of weight, in the configuration's order. A bucket
 * more at the end takes its share evenly from all others and nothing else moves; but when an
 * endpoint in the middle goes, all after it move up, and so do most keys.
 *
 * <p><b>Refused.</b> The key is hashed anew, up to {@value #TRIES} times, then the endpoints in the
 * configuration's order.
 *
 * <p><b>Source.</b> J. Lamping, E. Veach, "A fast, minimal memory, consistent hash algorithm",
 * arXiv:1406.2294, 2014.
 */
public final class JumpHash implements Placement {
  private static final int TRIES = 8;

  private final KeyHash hash;
  private final Endpoint[] endpoints;
  private final WeightLine line;
  private final int buckets;

  /**
   * Over these endpoints.
   *
   * @param hash of 64 bits
   * @param endpoints each of weight 1 or more
   */
  public JumpHash(KeyHash hash, Endpoint[] endpoints) {
    this.hash = hash;
    this.endpoints = endpoints;
    this.line = new WeightLine(endpoints);
    this.buckets = (int) Math.min(line.length(), Integer.MAX_VALUE);
  }

  @Override
  public @Nullable Endpoint place(byte[] key, int from, int to, Selection selection) {
    if (endpoints.length < 2) {
      return Order.from(endpoints, 0, selection);
    }
    long begin = hash.of(key, from, to);
    long next = begin;
    for (int i = 0; i <= TRIES; i++) {
      var endpoint = line.at(bucket(next, buckets));
      if (selection.accepts(endpoint)) {
        return endpoint;
      }
      next = Mix.bits(begin + i + 1);
    }
    return Order.from(endpoints, line.position(bucket(begin, buckets)) + 1, selection);
  }

  /** The bucket of a key, from 0 to buckets - 1: figure 1 of the paper. */
  static int bucket(long key, int buckets) {
    long state = key;
    long bucket = -1;
    long next = 0;
    while (next < buckets) {
      bucket = next;
      state = state * 2_862_933_555_777_941_757L + 1;
      next = (long) ((bucket + 1) * (0x1p31 / ((state >>> 33) + 1)));
    }
    return (int) bucket;
  }

  @Override
  public String rule(byte[] key, int from, int to) {
    if (endpoints.length < 2) {
      return "there is no other";
    }
    long begin = hash.of(key, from, to);
    return "hash " + Order.hex(begin) + ", bucket " + bucket(begin, buckets) + " of " + buckets;
  }
}
