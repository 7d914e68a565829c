package io.steelyard.balance.balancer;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Explanation;
import io.steelyard.balance.Selection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code random}: each endpoint with a probability in proportion to its weight, independent of all
 * choices before.
 *
 * <p><b>Rule.</b> Drawn from an {@link AliasTable}. An endpoint that is not accepted is drawn
 * again; after {@value #DRAWS} draws one of those accepted is drawn, so that the proportions among
 * these hold exactly.
 *
 * <p><b>Source.</b> As HAProxy's {@code balance random(1)}.
 *
 * <p><b>Cost.</b> O(1); O(endpoints) when most are refused. 12 bytes per endpoint.
 *
 * <p><b>When.</b> Many proxies before the same endpoints, which in step would overrun the same one;
 * very large pools. With few requests it is less even than {@link RoundRobin}.
 */
final class WeightedRandom implements Balancer {
  static final BalancerFactory FACTORY = BalancerFactory.plain("random", WeightedRandom::new);

  private static final int DRAWS = 8;

  private final List<Endpoint> ready;
  private final Endpoint[] endpoints;

  private final AliasTable table;

  WeightedRandom(List<Endpoint> ready) {
    this.ready = ready;
    endpoints = Weights.chosen(ready);
    table = new AliasTable(Weights.of(endpoints));
  }

  @Override
  public @Nullable Endpoint select(Selection selection) {
    if (endpoints.length == 0) {
      return null;
    }
    for (int i = 0; i < DRAWS; i++) {
      var endpoint = endpoints[table.draw(selection.random())];
      if (selection.accepts(endpoint)) {
        return endpoint;
      }
    }
    return amongAccepted(selection);
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
}
