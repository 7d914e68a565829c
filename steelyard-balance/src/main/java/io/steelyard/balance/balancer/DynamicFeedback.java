package io.steelyard.balance.balancer;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.LoadReport;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code dynamic-feedback}: weighted least connections whose weights follow what the endpoints
 * report of their load: the algorithm of the LVS project.
 *
 * <p><b>Rule.</b> At every {@code interval} (5s) an endpoint's aggregate load is the sum of its
 * metrics × {@code coefficients}, divided by the sum of the coefficients of those that are known:
 * what is reported ({@code cpu}, {@code memory}, {@code disk}, as fractions), and {@code input},
 * which is counted here: the requests that the endpoint got since the interval before, of all event
 * loops, as a multiple of the average over the endpoints. Then
 *
 * <pre>  weight ← weight + gain × ∛(0.95 − load)</pre>
 *
 * unless the change is less than {@code threshold} (1). The configured weight counts 100; weights
 * stay between that and {@code scale} (10) times as much, so that one step is {@code gain} (5) at
 * most. An endpoint without a report younger than {@code expires} (30s) moves back to its
 * configured weight by as much. Chosen is the least (in flight + 1) ÷ weight.
 *
 * <p><b>Source.</b> Wensong Zhang, "Dynamic Feedback Load Balancing Scheduling", LVS project
 * (kb.linuxvirtualserver.org). There the kernel's {@code wlc} does the choosing; here, as weights
 * change by little, one more is counted in ({@link ShortestExpectedDelay}), so that a change shows
 * among idle endpoints, too.
 *
 * <p><b>Cost.</b> O(log n) per choice, O(n) per interval ({@link Control}).
 *
 * <p><b>When.</b> Requests of very different cost, endpoints that do other work as well. {@link
 * LeastConnections} needs no agents and is enough for most.
 */
final class DynamicFeedback implements Score, Control.Rule {
  static final Option<Map<String, Double>> COEFFICIENTS =
      Option.numbers(
          "coefficients", Map.of("input", 0.1, "cpu", 0.4, "memory", 0.3, "disk", 0.2), 0, 1e6);

  static final Option<Double> GAIN = Option.number("gain", 5, 0.1, 1_000);
  static final Option<Double> SCALE = Option.number("scale", 10, 1, 1_000);
  static final Option<Double> THRESHOLD = Option.number("threshold", 1, 0, 1_000);

  static final BalancerFactory FACTORY =
      new BalancerFactory() {
        @Override
        public String name() {
          return "dynamic-feedback";
        }

        @Override
        public List<Option<?>> options() {
          return List.of(COEFFICIENTS, GAIN, SCALE, THRESHOLD, Control.INTERVAL, Control.EXPIRES);
        }

        @Override
        public Balancer create(List<Endpoint> ready, BalancerOptions options) {
          return new Least(ready, new DynamicFeedback(ready, options));
        }
      };

  /** The load that is aimed at. */
  private static final double TARGET = 0.95;

  /** What a configured weight of 1 counts. */
  private static final double UNIT = 100;

  private static final String INPUT = "input";

  private final Map<String, Double> coefficients;
  private final double gain;
  private final double scale;
  private final double threshold;
  private final Endpoint[] endpoints;
  private final Positions positions;
  private final Control control;

  /** What each endpoint had been given at the interval before, and since then. */
  private final long[] picks;

  private final long[] given;
  private double averageGiven;

  DynamicFeedback(List<Endpoint> ready, BalancerOptions options) {
    coefficients = options.get(COEFFICIENTS);
    gain = options.get(GAIN);
    scale = options.get(SCALE);
    threshold = options.get(THRESHOLD);
    endpoints = Weights.chosen(ready);
    positions = new Positions(endpoints);
    picks = new long[endpoints.length];
    given = new long[endpoints.length];
    for (int i = 0; i < endpoints.length; i++) {
      picks[i] = endpoints[i].state().picks();
    }
    control = new Control(FACTORY.name(), endpoints, this, options);
  }

  @Override
  public boolean usesLoadReports() {
    return true;
  }

  @Override
  public double of(Endpoint endpoint) {
    return (endpoint.state().inFlight() + 1) / control.weight(endpoint);
  }

  @Override
  public double share(Endpoint endpoint) {
    return control.weight(endpoint) / UNIT;
  }

  @Override
  public void passed(long now) {
    if (control.isDue(now)) {
      countInput();
      control.passed(now);
    }
  }

  private void countInput() {
    long sum = 0;
    for (int i = 0; i < endpoints.length; i++) {
      long now = endpoints[i].state().picks();
      given[i] = now - picks[i];
      picks[i] = now;
      sum += given[i];
    }
    averageGiven = (double) sum / endpoints.length;
  }

  @Override
  public double start(Endpoint endpoint) {
    return endpoint.weight() * UNIT;
  }

  @Override
  public double next(
      Endpoint endpoint, @Nullable LoadReport report, double weight, Map<String, Double> inputs) {
    double least = start(endpoint);
    if (report == null) {
      return Control.towards(least, weight, gain);
    }
    double change = gain * Math.cbrt(TARGET - load(endpoint, report, inputs));
    return Math.abs(change) < threshold
        ? weight
        : Math.clamp(weight + change, least, least * scale);
  }

  private double load(Endpoint endpoint, LoadReport report, Map<String, Double> inputs) {
    double load = 0;
    double sum = 0;
    for (var coefficient : coefficients.entrySet()) {
      var metric = coefficient.getKey();
      double value = INPUT.equals(metric) ? input(endpoint) : report.get(metric);
      if (!Double.isNaN(value)) {
        inputs.put(metric, value);
        load += value * coefficient.getValue();
        sum += coefficient.getValue();
      }
    }
    return sum == 0 ? TARGET : load / sum;
  }

  private double input(Endpoint endpoint) {
    int position = positions.of(endpoint);
    return position < 0 || averageGiven == 0 ? Double.NaN : given[position] / averageGiven;
  }

  @Override
  public String rule() {
    return "the least (in flight + 1) ÷ effective weight, which follows the reported load";
  }

  @Override
  public String detail(Endpoint endpoint) {
    return "in flight %d, %s".formatted(endpoint.state().inFlight(), control.detail(endpoint));
  }
}
