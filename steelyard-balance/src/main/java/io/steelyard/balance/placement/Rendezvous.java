package io.steelyard.balance.placement;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Selection;
import io.steelyard.balance.hash.KeyHash;
import io.steelyard.balance.hash.Mix;
import io.steelyard.balance.hash.XxHash64;
import org.jspecify.annotations.Nullable;

/**
 * Rendezvous hashing: every endpoint draws a lot for every key, always the same one, and the
 * highest has the key. Exactly as even as the hash, exactly by weight, and when an endpoint goes
 * only its keys move, evenly to all others. It looks at every endpoint: for tens, not thousands.
 *
 * <p><b>Rule.</b> u, of [0, 1), is drawn from key and endpoint; the least -ln(1 - u) ÷ weight has
 * the key: exponentially distributed waiting times, of which the least is an endpoint's with the
 * probability of its weight. Equal ones go to the first in the configuration. With equal weights
 * the draws alone are compared.
 *
 * <p><b>Refused.</b> The next best.
 *
 * <p><b>Source.</b> D. G. Thaler, C. V. Ravishankar, "Using name-based mappings to increase hit
 * rates", IEEE/ACM Transactions on Networking 6(1), 1998; weights as draft-ietf-bess-weighted-hrw
 * gives them.
 */
public final class Rendezvous implements Placement {
  private final KeyHash hash;
  private final Endpoint[] endpoints;

  /** What is peculiar to each endpoint. */
  private final long[] seeds;

  private final boolean isEven;

  /**
   * Over these endpoints.
   *
   * @param hash of 64 bits, or 32
   * @param endpoints each of weight 1 or more
   */
  public Rendezvous(KeyHash hash, Endpoint[] endpoints) {
    this.hash = hash;
    this.endpoints = endpoints;
    this.seeds = new long[endpoints.length];
    boolean even = true;
    for (int i = 0; i < seeds.length; i++) {
      byte[] name = Text.latin(endpoints[i].name());
      seeds[i] = XxHash64.hash(name, 0, name.length, 0);
      even &= endpoints[i].weight() == endpoints[0].weight();
    }
    this.isEven = even;
  }

  @Override
  public @Nullable Endpoint place(byte[] key, int from, int to, Selection selection) {
    long hashed = hash.of(key, from, to);
    return isEven ? leastDraw(hashed, selection) : leastWait(hashed, selection);
  }

  private @Nullable Endpoint leastDraw(long hashed, Selection selection) {
    Endpoint best = null;
    long least = Long.MAX_VALUE;
    for (int i = 0; i < seeds.length; i++) {
      long draw = draw(hashed, i);
      if (draw < least && selection.accepts(endpoints[i])) {
        least = draw;
        best = endpoints[i];
      }
    }
    return best;
  }

  private @Nullable Endpoint leastWait(long hashed, Selection selection) {
    Endpoint best = null;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < seeds.length; i++) {
      double wait = waiting(hashed, i);
      if (wait < least && selection.accepts(endpoints[i])) {
        least = wait;
        best = endpoints[i];
      }
    }
    return best;
  }

  /** 53 bits. */
  private long draw(long hashed, int position) {
    return Mix.bits(hashed ^ seeds[position]) >>> 11;
  }

  /** The same on every machine: the logarithm is the strict one. */
  private double waiting(long hashed, int position) {
    return -StrictMath.log1p(-0x1p-53 * draw(hashed, position)) / endpoints[position].weight();
  }

  @Override
  public String rule(byte[] key, int from, int to) {
    return "hash " + Order.hex(hash.of(key, from, to)) + ", the least score";
  }

  @Override
  public double score(Endpoint endpoint, byte[] key, int from, int to) {
    for (int i = 0; i < endpoints.length; i++) {
      if (endpoints[i] == endpoint) {
        return waiting(hash.of(key, from, to), i);
      }
    }
    return Double.NaN;
  }
}
