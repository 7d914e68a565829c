package io.steelyard.balance.balancer;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Outcome;
import java.util.List;

/**
 * {@code fastest}: the endpoint that answers the fastest, whatever it has in flight.
 *
 * <p><b>Rule.</b> The least mean response time. Times within a {@code tolerance} (0.25) of each
 * other are equal ({@link Swiftness}); of equals the fewest in flight for its weight, then the next
 * in turn. The mean forgets by e in each {@code memory} (10s), an answer counts for a thirty-second
 * at least, and it falls while nothing is measured. A failure counts as {@code failure-time} (1s),
 * or what it took if that is more. Second chances as in {@link LeastResponseTime}.
 *
 * <p><b>Source.</b> F5 BIG-IP "Fastest (node)": "connections are distributed based upon response
 * time". F5 gives everything to one; the classes are ours, so that equals share.
 *
 * <p><b>When.</b> A few endpoints that are far apart, the near ones able to take it all. Not when
 * the fastest alone can be overrun: it notices only by its answers. {@link LeastResponseTime} looks
 * at what is under way, too, and is the better choice for most.
 */
final class Fastest implements Score {
  static final BalancerFactory FACTORY =
      new BalancerFactory() {
        @Override
        public String name() {
          return "fastest";
        }

        @Override
        public List<Option<?>> options() {
          return Swiftness.OPTIONS;
        }

        @Override
        public Balancer create(List<Endpoint> ready, BalancerOptions options) {
          var settings = TimeSettings.of(options);
          var score = new Fastest(settings, options.get(Swiftness.TOLERANCE));
          return new Least(ready, score, settings.patience());
        }
      };

  /** What an answer counts for at least. */
  private static final double LEAST = 1.0 / 32;

  private final TimeSettings settings;
  private final Swiftness swiftness;

  Fastest(TimeSettings settings, double tolerance) {
    this.settings = settings;
    this.swiftness = new Swiftness(settings.memory(), tolerance);
  }

  @Override
  public double of(Endpoint endpoint) {
    return swiftness.score(endpoint, endpoint.state().responseTime());
  }

  @Override
  public void closed(Endpoint endpoint, Outcome outcome, long nanos, long now, boolean isTrial) {
    if (outcome.concernsEndpoint()) {
      var average = endpoint.state().responseTime();
      long time = settings.time(outcome, nanos);
      if (isTrial) {
        average.replace(time, now);
      } else {
        average.add(time, now, settings.memory(), LEAST);
      }
    }
  }

  @Override
  public String rule() {
    return "the least mean response time, in classes; of equals the fewest in flight for its weight";
  }

  @Override
  public String detail(Endpoint endpoint) {
    var state = endpoint.state();
    return "response time %s, in flight %d, weight %d"
        .formatted(state.responseTime(), state.inFlight(), endpoint.weight());
  }
}
