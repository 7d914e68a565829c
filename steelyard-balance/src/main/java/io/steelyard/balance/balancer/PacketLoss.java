package io.steelyard.balance.balancer;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.LoadReport;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code packet-loss}: turns by weights that are cut while packets are lost on the way.
 *
 * <p><b>Rule.</b> An endpoint whose reported {@code packet-loss} (a fraction: of probes unanswered,
 * of segments sent again) is above {@code threshold} (0.01) has its weight halved at every {@code
 * interval} (5s), down to threshold ÷ loss of it and to {@code least} (0.05), and an alarm stands.
 * Once the loss is below half the threshold the weight doubles at every interval until it is whole;
 * in between it stays, so that it does not swing. Without a report younger than {@code expires}
 * (30s) it recovers, too. Then all take turns by what is left of their weights, smoothly ({@link
 * Ranking}).
 *
 * <p><b>Source.</b> "Loss rate above a threshold changes the route", of the textbook; halving and
 * doubling are ours.
 *
 * <p><b>Cost.</b> O(log n) per choice, O(n) per interval ({@link Control}).
 *
 * <p><b>When.</b> Endpoints over wide or radio links. Not within a data centre, where {@link
 * LeastResponseTime} sees what loss does.
 */
final class PacketLoss implements Score, Control.Rule {
  static final Option<Double> THRESHOLD = Option.number("threshold", 0.01, 1e-6, 1);
  static final Option<Double> LEAST = Option.number("least", 0.05, 0.001, 1);

  static final BalancerFactory FACTORY =
      new BalancerFactory() {
        @Override
        public String name() {
          return "packet-loss";
        }

        @Override
        public List<Option<?>> options() {
          return List.of(THRESHOLD, LEAST, Control.INTERVAL, Control.EXPIRES);
        }

        @Override
        public Balancer create(List<Endpoint> ready, BalancerOptions options) {
          return new Least(ready, new PacketLoss(ready, options));
        }
      };

  private static final String METRIC = "packet-loss";

  private final double threshold;
  private final double least;
  private final Control control;

  PacketLoss(List<Endpoint> ready, BalancerOptions options) {
    threshold = options.get(THRESHOLD);
    least = options.get(LEAST);
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
    double loss = report == null ? Double.NaN : report.get(METRIC);
    if (!Double.isNaN(loss)) {
      inputs.put(METRIC, loss);
    }
    if (loss > threshold) {
      double target = Math.max(threshold / loss, least);
      return factor < target ? factor : Math.max(factor / 2, target);
    }
    return loss > threshold / 2 ? factor : Math.min(factor * 2, 1);
  }

  @Override
  public boolean isAlarm(Map<String, Double> inputs) {
    return inputs.getOrDefault(METRIC, 0.0) > threshold;
  }

  @Override
  public String rule() {
    return "turns by weight × a factor that packet loss reduces";
  }

  @Override
  public String detail(Endpoint endpoint) {
    return control.detail(endpoint) + ", weight " + endpoint.weight();
  }
}
