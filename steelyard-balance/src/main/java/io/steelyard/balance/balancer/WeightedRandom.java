package io.steelyard.balance.balancer;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Explanation;
import io.steelyard.balance.Selection;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * {@code random}: each endpoint with a probability in proportion to its weight, independent of all
 * choices before.
 *
 * <p><b>Rule.</b> Walker's alias method: one draw of 64 bits gives a column (its high part times
 * the number of endpoints) and a level in it (the rest); a column holds at most two endpoints, one
 * below a mark and one above. An endpoint that is not accepted is drawn again; after {@value
 * #DRAWS} draws one of those accepted is drawn, so that the proportions among these hold exactly.
 *
 * <p><b>Source.</b> A. J. Walker, "An efficient method for generating discrete random variables
 * with general distributions", ACM TOMS 3(3), 1977; the table as M. D. Vose builds it, "A linear
 * algorithm for generating random numbers with a given distribution", IEEE TSE 17(9), 1991; as
 * HAProxy's {@code balance random(1)}.
 *
 * <p><b>Cost.</b> O(1); O(endpoints) when most are refused. 12 bytes per endpoint.
 *
 * <p><b>When.</b> Many proxies before the same endpoints, which in step would overrun the same one;
 * very large pools. With few requests it is less even than {@link RoundRobin}.
 */
final class WeightedRandom implements Balancer {
  static final BalancerFactory FACTORY = BalancerFactory.plain("random", WeightedRandom::new);

  private static final int DRAWS = 8;
  private static final double TOP = 0x1p63;

  private final List<Endpoint> ready;
  private final Endpoint[] endpoints;

  /** Below which level of its column each endpoint is chosen, of 2^63. */
  private final long[] mark;

  /** Who is chosen above that level. */
  private final int[] alias;

  WeightedRandom(List<Endpoint> ready) {
    this.ready = ready;
    endpoints = Weights.chosen(ready);
    mark = new long[endpoints.length];
    alias = new int[endpoints.length];
    new Columns().fill();
  }

  @Override
  public @Nullable Endpoint select(Selection selection) {
    if (endpoints.length == 0) {
      return null;
    }
    for (int i = 0; i < DRAWS; i++) {
      var endpoint = endpoints[draw(selection.random())];
      if (selection.accepts(endpoint)) {
        return endpoint;
      }
    }
    return amongAccepted(selection);
  }

  private int draw(RandomGenerator random) {
    long bits = random.nextLong();
    int column = (int) Math.unsignedMultiplyHigh(bits, endpoints.length);
    long level = (bits * endpoints.length) >>> 1;
    return level < mark[column] ? column : alias[column];
  }

  private @Nullable Endpoint amongAccepted(Selection selection) {
    long total = 0;
    for (var endpoint : endpoints) {
      total += selection.accepts(endpoint) ? endpoint.weight() : 0;
    }
    if (total == 0) {
      return null;
    }
    long ticket = selection.random().nextLong(total);
    for (var endpoint : endpoints) {
      ticket -= selection.accepts(endpoint) ? endpoint.weight() : 0;
      if (ticket < 0) {
        return endpoint;
      }
    }
    throw new IllegalStateException("the selection accepted an endpoint and then refused it");
  }

  /** A choice leaves nothing behind but the randomness that it drew. */
  @Override
  public Explanation explain(Selection selection) {
    var chosen = select(selection);
    return Explanation.of(
        ready,
        selection,
        chosen,
        "drawn by weight",
        endpoint -> Double.NaN,
        endpoint -> "weight " + endpoint.weight());
  }

  /** Vose's construction, in whole numbers: a column's height is the sum of all weights. */
  private final class Columns {
    private final long[] rest = new long[endpoints.length];
    private final long height;

    /** Endpoints that do not fill their column, from the start; the others, from the end. */
    private final int[] stacks = new int[endpoints.length];

    private int low;
    private int high = endpoints.length;

    Columns() {
      long sum = 0;
      for (var endpoint : endpoints) {
        sum += endpoint.weight();
      }
      height = sum;
      for (int i = 0; i < endpoints.length; i++) {
        rest[i] = (long) endpoints[i].weight() * endpoints.length;
        push(i);
      }
    }

    private void push(int endpoint) {
      if (rest[endpoint] < height) {
        stacks[low++] = endpoint;
      } else {
        stacks[--high] = endpoint;
      }
    }

    /** Each column that is not full takes what it lacks from an endpoint that has too much. */
    void fill() {
      while (low > 0) {
        int poor = stacks[--low];
        int rich = stacks[high++];
        mark[poor] = (long) ((double) rest[poor] / height * TOP);
        alias[poor] = rich;
        rest[rich] -= height - rest[poor];
        push(rich);
      }
      while (high < endpoints.length) {
        int full = stacks[high++];
        mark[full] = Long.MAX_VALUE;
        alias[full] = full;
      }
    }
  }
}
