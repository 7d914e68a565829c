package io.steelyard.balance.balancer;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Explanation;
import io.steelyard.balance.Selection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code two-choices}: draws two endpoints by weight and takes the less busy one.
 *
 * <p><b>Rule.</b> Two different endpoints are drawn with probabilities in proportion to their
 * weights ({@link AliasTable}); the one with fewer requests in flight for its weight is chosen, the
 * first one drawn when they are equal, so that idle endpoints share by weight. Endpoints that are
 * not accepted are drawn again; after {@value #DRAWS} draws all are looked at.
 *
 * <p><b>Source.</b> M. Mitzenmacher, "The power of two choices in randomized load balancing", IEEE
 * TPDS 12(10), 2001: the busiest of n endpoints has log log n more than the mean in place of log n
 * ÷ log log n for one draw. As nginx {@code random two least_conn} and HAProxy {@code balance
 * random(2)}.
 *
 * <p><b>Cost.</b> O(1), whatever the number of endpoints; O(n) when most are refused. 12 bytes per
 * endpoint.
 *
 * <p><b>When.</b> Many proxies before the same endpoints: those with {@link LeastConnections} all
 * run to the endpoint that has just become the least busy, these do not. Very many endpoints. Not
 * for few requests over few endpoints, where {@link LeastConnections} is more even.
 */
final class TwoChoices implements Balancer {
  static final BalancerFactory FACTORY = BalancerFactory.plain("two-choices", TwoChoices::new);

  private static final int DRAWS = 8;

  private final List<Endpoint> ready;
  private final Endpoint[] endpoints;
  private final AliasTable table;

  TwoChoices(List<Endpoint> ready) {
    this.ready = ready;
    this.endpoints = Weights.chosen(ready);
    this.table = new AliasTable(Weights.of(endpoints));
  }

  @Override
  public @Nullable Endpoint select(Selection selection) {
    if (endpoints.length == 0) {
      return null;
    }
    var first = draw(selection, null);
    if (first == null) {
      return leastBusy(selection);
    }
    var second = draw(selection, first);
    return second != null && isLessBusy(second, first) ? second : first;
  }

  /** One that is accepted and not the other; null when the draws did not find it. */
  private @Nullable Endpoint draw(Selection selection, @Nullable Endpoint other) {
    for (int i = 0; i < DRAWS; i++) {
      var endpoint = endpoints[table.draw(selection.random())];
      if (endpoint != other && selection.accepts(endpoint)) {
        return endpoint;
      }
    }
    return null;
  }

  private @Nullable Endpoint leastBusy(Selection selection) {
    Endpoint best = null;
    for (var endpoint : endpoints) {
      if (selection.accepts(endpoint) && (best == null || isLessBusy(endpoint, best))) {
        best = endpoint;
      }
    }
    return best;
  }

  private static boolean isLessBusy(Endpoint endpoint, Endpoint other) {
    return (long) endpoint.state().inFlight() * other.weight()
        < (long) other.state().inFlight() * endpoint.weight();
  }

  /** A choice leaves nothing behind but the randomness that it drew. */
  @Override
  public Explanation explain(Selection selection) {
    var chosen = select(selection);
    return Explanation.of(
        ready,
        selection,
        chosen,
        "of two drawn by weight the one with fewer in flight for its weight, the first of equals",
        endpoint -> (double) endpoint.state().inFlight() / endpoint.weight(),
        endpoint ->
            "in flight %d, weight %d".formatted(endpoint.state().inFlight(), endpoint.weight()));
  }
}
