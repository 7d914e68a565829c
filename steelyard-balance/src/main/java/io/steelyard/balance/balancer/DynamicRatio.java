package io.steelyard.balance.balancer;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.LoadReport;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code dynamic-ratio}: turns by weights that follow what the endpoints report of their load: F5's
 * Dynamic Ratio.
 *
 * <p><b>Rule.</b> Each metric is worth (threshold − value) ÷ threshold × coefficient, and nothing
 * above its threshold. The sum, divided by that of the coefficients of all metrics that are
 * reported, is the factor by which the endpoint's weight counts; a reported {@code weight} (an
 * agent's {@code 75%}) multiplies it. The factor moves by {@code step} (0.1) per {@code interval}
 * (5s) at most, and not below {@code least} (0.02), so that an endpoint is never without the
 * requests that would show that it is well again. Without a report, or with one older than {@code
 * expires} (30s), it moves back to 1. Then all take turns by factor × weight, smoothly ({@link
 * Ranking}).
 *
 * <p><b>Source.</b> F5 BIG-IP, SNMP DCA and WMI monitors: the formula and the coefficients and
 * thresholds that are the defaults here: CPU 1.5 to 80 %, memory 1 to 70 %, disk 2 to 90 %. The
 * bound on steps is ours.
 *
 * <p><b>Cost.</b> O(log n) per choice, O(n) per interval ({@link Control}).
 *
 * <p><b>When.</b> Endpoints whose load has other causes than this proxy. Not with reports that are
 * older than the load's changes: it then swings.
 */
final class DynamicRatio implements Score, Control.Rule {
  static final Option<Map<String, Double>> COEFFICIENTS =
      Option.numbers("coefficients", Map.of("cpu", 1.5, "memory", 1.0, "disk", 2.0), 0, 1e6);

  static final Option<Map<String, Double>> THRESHOLDS =
      Option.numbers("thresholds", Map.of("cpu", 0.8, "memory", 0.7, "disk", 0.9), 1e-9, 1e12);

  static final Option<Double> STEP = Option.number("step", 0.1, 0.001, 1);
  static final Option<Double> LEAST = Option.number("least", 0.02, 0.001, 1);

  static final BalancerFactory FACTORY =
      new BalancerFactory() {
        @Override
        public String name() {
          return "dynamic-ratio";
        }

        @Override
        public List<Option<?>> options() {
          return List.of(COEFFICIENTS, THRESHOLDS, STEP, LEAST, Control.INTERVAL, Control.EXPIRES);
        }

        @Override
        public Balancer create(List<Endpoint> ready, BalancerOptions options) {
          return new Least(ready, new DynamicRatio(ready, options));
        }
      };

  private final Map<String, Double> coefficients;
  private final Map<String, Double> thresholds;
  private final double step;
  private final double least;
  private final Control control;

  DynamicRatio(List<Endpoint> ready, BalancerOptions options) {
    coefficients = options.get(COEFFICIENTS);
    thresholds = options.get(THRESHOLDS);
    step = options.get(STEP);
    least = options.get(LEAST);
    for (var metric : coefficients.keySet()) {
      if (!thresholds.containsKey(metric)) {
        throw new IllegalArgumentException(
            "metric " + metric + " has a coefficient and no threshold, expected both");
      }
    }
    control = new Control(FACTORY.name(), Weights.chosen(ready), this, options);
  }

  @Override
  public boolean usesLoadReports() {
    return true;
  }

  @Override
  public double of(Endpoint endpoint) {
    return 0; // all are equal: what counts is whose turn is next
  }

  @Override
  public double share(Endpoint endpoint) {
    return control.weight(endpoint) * endpoint.weight();
  }

  @Override
  public void passed(long now) {
    control.passed(now);
  }

  @Override
  public double start(Endpoint endpoint) {
    return 1;
  }

  @Override
  public double next(
      Endpoint endpoint, @Nullable LoadReport report, double factor, Map<String, Double> inputs) {
    double target = report == null ? 1 : target(report, inputs);
    return Math.max(Control.towards(target, factor, step), least);
  }

  private double target(LoadReport report, Map<String, Double> inputs) {
    double worth = 0;
    double most = 0;
    for (var coefficient : coefficients.entrySet()) {
      double value = report.get(coefficient.getKey());
      if (!Double.isNaN(value)) {
        inputs.put(coefficient.getKey(), value);
        double threshold = thresholds.getOrDefault(coefficient.getKey(), 1.0);
        worth += Math.max((threshold - value) / threshold, 0) * coefficient.getValue();
        most += coefficient.getValue();
      }
    }
    double factor = most == 0 ? 1 : worth / most;
    double weight = report.get("weight");
    if (!Double.isNaN(weight)) {
      inputs.put("weight", weight);
      factor *= weight;
    }
    return factor;
  }

  @Override
  public String rule() {
    return "turns by weight × a factor that follows the reported load";
  }

  @Override
  public String detail(Endpoint endpoint) {
    return control.detail(endpoint) + ", weight " + endpoint.weight();
  }
}
