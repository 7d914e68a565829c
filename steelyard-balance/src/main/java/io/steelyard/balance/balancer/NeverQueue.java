package io.steelyard.balance.balancer;

import io.steelyard.balance.Endpoint;

/**
 * {@code never-queue}: LVS's {@code nq}: an endpoint that is idle, however slow; when there is
 * none, the {@linkplain ShortestExpectedDelay shortest expected delay}.
 *
 * <p><b>Rule.</b> 0 when nothing is in flight, else (in flight + 1) ÷ weight; the least. Idle
 * endpoints take turns by weight ({@link Ranking}); LVS takes the first of them.
 *
 * <p><b>Source.</b> Linux, net/netfilter/ipvs/ip_vs_nq.c.
 *
 * <p><b>When.</b> Work that keeps an endpoint busy as a whole: renderers, batch jobs, one request
 * at a time. Not where a slow endpoint takes much longer than a fast one with a request in front.
 */
final class NeverQueue implements Score {
  static final BalancerFactory FACTORY =
      BalancerFactory.plain("never-queue", ready -> new Least(ready, new NeverQueue()));

  @Override
  public double of(Endpoint endpoint) {
    int inFlight = endpoint.state().inFlight();
    return inFlight == 0 ? 0 : (inFlight + 1.0) / endpoint.weight();
  }

  @Override
  public String rule() {
    return "an idle one, else the least (in flight + 1) ÷ weight; equals take turns by weight";
  }

  @Override
  public String detail(Endpoint endpoint) {
    return "in flight %d, weight %d".formatted(endpoint.state().inFlight(), endpoint.weight());
  }
}
