package io.steelyard.balance.balancer;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import java.util.List;

/**
 * {@code predictive}: turns by a ratio that is much better for those whose load is falling: F5's
 * Predictive.
 *
 * <p><b>Rule.</b> As {@link Observed}, with two differences: compared is what an endpoint will
 * carry at the next interval if it goes on as in the last one, now + (now − before) and 0 at least,
 * so that one that is getting better beats one as busy that is getting worse; and the ratios are 4
 * and 1.
 *
 * <p><b>Source.</b> F5 BIG-IP LTM "Predictive (member)", K6406: ranks by trend over time; the
 * ratios 4 and 1 as fir3net.com and f5notes describe them. F5 does not publish its formula; the
 * line through the last two points is ours.
 *
 * <p><b>Cost.</b> O(log n), and O(n) once per interval.
 *
 * <p><b>When.</b> To move from F5. Not for short bursts: noise has trends, too.
 */
final class Predictive {
  static final BalancerFactory FACTORY =
      new BalancerFactory() {
        @Override
        public String name() {
          return "predictive";
        }

        @Override
        public List<Option<?>> options() {
          return RatioSteps.OPTIONS;
        }

        @Override
        public Balancer create(List<Endpoint> ready, BalancerOptions options) {
          return new Least(
              ready,
              new RatioSteps(ready, options, HIGH, LOW, Predictive::predicted, "predicted load"));
        }
      };

  private static final int HIGH = 4;
  private static final int LOW = 1;

  private Predictive() {}

  private static double predicted(double now, double before) {
    return Math.max(now + (now - before), 0);
  }
}
