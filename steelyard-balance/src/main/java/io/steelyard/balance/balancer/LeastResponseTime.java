package io.steelyard.balance.balancer;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Outcome;
import java.util.List;

/**
 * {@code least-response-time}: the endpoint where one more request is likely to be answered the
 * soonest, by its peak-sensitive moving average and what it has in flight.
 *
 * <p><b>Rule.</b> The least cost × (in flight + 1) ÷ weight. The cost jumps up to every answer that
 * takes longer than it, and falls towards those that take less, and towards nothing while there are
 * none, by e in each {@code memory} (10s). A failure counts as {@code failure-time} (1s) or what it
 * took, if that is more; what the client cancelled counts for nothing. Endpoints never tried come
 * first, one request at a time ({@link Untried}). Those passed over get a second chance: at most
 * one choice in {@code second-chance} (20; 0 for none), see {@link SecondChances}.
 *
 * <p><b>Source.</b> Twitter Finagle, {@code p2c/PeakEwma} (load = cost × (pending + 1), decay 10
 * s), there over two random choices, here over all. What is compared is the logarithm with the
 * decay turned into a fixed offset ({@link io.steelyard.balance.TimeAverage#level}): the order
 * changes only when something happens, and {@link Ranking} keeps it.
 *
 * <p><b>When.</b> Endpoints of different or changing speed, other zones, garbage collection pauses,
 * requests of similar cost. Not when requests differ by orders of magnitude in cost: a time then
 * says more of the request than of the endpoint; see {@link LeastConnections}.
 */
final class LeastResponseTime implements Score {
  static final BalancerFactory FACTORY =
      new BalancerFactory() {
        @Override
        public String name() {
          return "least-response-time";
        }

        @Override
        public List<Option<?>> options() {
          return TimeSettings.OPTIONS;
        }

        @Override
        public Balancer create(List<Endpoint> ready, BalancerOptions options) {
          var settings = TimeSettings.of(options);
          return new Least(ready, new LeastResponseTime(settings), settings.patience());
        }
      };

  private final TimeSettings settings;

  LeastResponseTime(TimeSettings settings) {
    this.settings = settings;
  }

  @Override
  public double of(Endpoint endpoint) {
    var state = endpoint.state();
    int inFlight = state.inFlight();
    double level = state.responseTime().level(settings.memory());
    return level == Double.NEGATIVE_INFINITY
        ? Untried.score(inFlight, endpoint.weight())
        : level + Math.log((inFlight + 1.0) / endpoint.weight());
  }

  @Override
  public void closed(Endpoint endpoint, Outcome outcome, long nanos, long now, boolean isTrial) {
    if (outcome.concernsEndpoint()) {
      var average = endpoint.state().responseTime();
      long time = settings.time(outcome, nanos);
      if (isTrial) {
        average.replace(time, now);
      } else {
        average.addPeak(time, now, settings.memory());
      }
    }
  }

  @Override
  public String rule() {
    return "the least response time × (in flight + 1) ÷ weight, compared as logarithms";
  }

  @Override
  public String detail(Endpoint endpoint) {
    var state = endpoint.state();
    return "response time %s, in flight %d, weight %d"
        .formatted(state.responseTime(), state.inFlight(), endpoint.weight());
  }
}
