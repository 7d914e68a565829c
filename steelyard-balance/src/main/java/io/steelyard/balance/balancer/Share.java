package io.steelyard.balance.balancer;

import io.steelyard.balance.Endpoint;
import java.util.Arrays;

/**
 * {@code share}: each endpoint takes its weight's worth of requests, one after the other, then the
 * next one does: a a b b b b c c c for weights 2, 4, 3.
 *
 * <p><b>Rule.</b> A round has as many requests as the weights' sum. A weight says how many of them
 * are the endpoint's; its share is weight ÷ sum: with 2, 4 and 3 of 9 these are 0.222, 0.444 and
 * 0.333, which make 1.
 *
 * <p><b>Source.</b> The plain weighted round robin of textbooks, "weight = active connections ÷
 * total requests". Where that is printed with 2, 4 and 3 as 0.286, 0.571 and 0.385, each was
 * divided by another total (7, 7 and 7.8); they make 1.24, which shares cannot.
 *
 * <p><b>Cost.</b> O(1). 4 bytes per endpoint.
 *
 * <p><b>When.</b> Work that profits from coming in runs: an endpoint's caches, batches. Else {@link
 * RoundRobin}, which gives the same shares without the bursts.
 */
final class Share implements Turns {
  static final BalancerFactory FACTORY =
      BalancerFactory.plain("share", ready -> new RoundRobin(ready, Share::new));

  private final int[] weight;
  private final long total;
  private int item;
  private int given;

  Share(Endpoint[] endpoints) {
    weight = Weights.of(endpoints);
    total = Arrays.stream(weight).asLongStream().sum();
  }

  private Share(Share other) {
    weight = other.weight;
    total = other.total;
    item = other.item;
    given = other.given;
  }

  @Override
  public Turns copy() {
    return new Share(this);
  }

  @Override
  public long period() {
    return total;
  }

  @Override
  public int next() {
    if (given == weight[item]) {
      given = 0;
      item = item + 1 == weight.length ? 0 : item + 1;
    }
    given++;
    return item;
  }
}
