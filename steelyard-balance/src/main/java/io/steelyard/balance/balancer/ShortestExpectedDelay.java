package io.steelyard.balance.balancer;

import io.steelyard.balance.Endpoint;

/**
 * {@code shortest-expected-delay}: LVS's {@code sed}: the endpoint that would be done with one more
 * the soonest, when its weight is its speed.
 *
 * <p><b>Rule.</b> The least (in flight + 1) ÷ weight. Of several, those take turns by weight
 * ({@link Ranking}); LVS takes the first.
 *
 * <p><b>Source.</b> Linux, net/netfilter/ipvs/ip_vs_sed.c.
 *
 * <p><b>When.</b> Few requests in flight and weights that differ much: {@link LeastConnections}
 * gives an idle endpoint of weight 1 the same rank as an idle one of weight 10, this one prefers
 * the latter, up to leaving slow ones unused. Not for equal weights, where the two are the same.
 * See {@link NeverQueue}.
 */
final class ShortestExpectedDelay implements Score {
  static final BalancerFactory FACTORY =
      BalancerFactory.plain(
          "shortest-expected-delay", ready -> new Least(ready, new ShortestExpectedDelay()));

  @Override
  public double of(Endpoint endpoint) {
    return (endpoint.state().inFlight() + 1.0) / endpoint.weight();
  }

  @Override
  public String rule() {
    return "the least (in flight + 1) ÷ weight; equals take turns by weight";
  }

  @Override
  public String detail(Endpoint endpoint) {
    return "in flight %d, weight %d".formatted(endpoint.state().inFlight(), endpoint.weight());
  }
}
