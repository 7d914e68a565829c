package io.steelyard.balance.balancer;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import java.util.List;

/**
 * {@code observed}: turns by a ratio that is better for those that carry little: F5's Observed.
 *
 * <p><b>Rule.</b> At every {@code interval} (1s) each endpoint whose in flight ÷ weight is not
 * above the average gets the ratio 3, the others 2; all take turns by ratio × weight ({@link
 * RatioSteps}). With {@code response-time: true} the score is in flight ÷ weight × mean response
 * time, the "best balance of connections and response time".
 *
 * <p><b>Source.</b> F5 BIG-IP LTM "Observed (member)", K6406; the ratios 3 and 2 as fir3net.com and
 * f5notes describe them. What F5 gives to who is exactly average is not said; here the better.
 *
 * <p><b>Cost.</b> O(log n), and O(n) once per interval.
 *
 * <p><b>When.</b> To move from F5. It reacts slowly and mildly: {@link LeastConnections} does what
 * it is meant to do at every request.
 */
final class Observed {
  static final BalancerFactory FACTORY =
      new BalancerFactory() {
        @Override
        public String name() {
          return "observed";
        }

        @Override
        public List<Option<?>> options() {
          return RatioSteps.OPTIONS;
        }

        @Override
        public Balancer create(List<Endpoint> ready, BalancerOptions options) {
          return new Least(
              ready, new RatioSteps(ready, options, HIGH, LOW, (now, before) -> now, "load"));
        }
      };

  private static final int HIGH = 3;
  private static final int LOW = 2;

  private Observed() {}
}
