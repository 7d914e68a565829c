package io.steelyard.balance.balancer;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.LoadReport;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code reported-load}: the endpoint that reports the least load, by any metrics: CPU, input and
 * output, network.
 *
 * <p><b>Rule.</b> The least load ÷ weight. The load is the mean of the reported metrics by their
 * {@code coefficients}, and {@code step} (0.01) more for each request that this event loop gave the
 * endpoint since it reported: else everybody would run to the same one until the next report. An
 * endpoint that reports nothing that is asked for, or did so longer than {@code expires} (30s) ago,
 * counts as {@code unknown} (0.5). Of equals, those take turns by weight ({@link Ranking}).
 *
 * <p><b>Source.</b> "Pure dynamic node" balancing by CPU, IO or network of the textbook; the step
 * is ours.
 *
 * <p><b>Cost.</b> O(log n).
 *
 * <p><b>When.</b> Load that connections do not show: batch work, streams. Reports must come several
 * times in the time in which load changes. Not with many proxies before the same endpoints, of
 * which each knows its own steps only: see {@link DynamicFeedback}.
 */
final class ReportedLoad implements Score {
  static final Option<Map<String, Double>> COEFFICIENTS =
      Option.numbers("coefficients", Map.of("cpu", 1.0, "io", 1.0, "network", 1.0), 1e-9, 1e6);

  static final Option<Double> STEP = Option.number("step", 0.01, 0, 1e6);
  static final Option<Double> UNKNOWN = Option.number("unknown", 0.5, 0, 1e6);

  static final BalancerFactory FACTORY =
      new BalancerFactory() {
        @Override
        public String name() {
          return "reported-load";
        }

        @Override
        public List<Option<?>> options() {
          return List.of(COEFFICIENTS, STEP, UNKNOWN, Control.EXPIRES);
        }

        @Override
        public Balancer create(List<Endpoint> ready, BalancerOptions options) {
          return new Least(ready, new ReportedLoad(ready, options));
        }
      };

  /** What an endpoint has got since a report. */
  private static final class Given {
    private @Nullable LoadReport since;
    private double load;
    private int requests;

    @SuppressWarnings("ReferenceEquality") // a report that says the same again is another one
    private boolean isOf(@Nullable LoadReport report) {
      return report == since;
    }
  }

  private final Map<String, Double> coefficients;
  private final double step;
  private final double unknown;
  private final long expires;
  private final Positions positions;
  private final Given[] given;
  private long now = Long.MIN_VALUE;

  ReportedLoad(List<Endpoint> ready, BalancerOptions options) {
    coefficients = options.get(COEFFICIENTS);
    step = options.get(STEP);
    unknown = options.get(UNKNOWN);
    expires = options.get(Control.EXPIRES).toNanos();
    var endpoints = Weights.chosen(ready);
    positions = new Positions(endpoints);
    given = new Given[endpoints.length];
    Arrays.setAll(given, i -> new Given());
  }

  @Override
  public boolean usesLoadReports() {
    return true;
  }

  @Override
  public double of(Endpoint endpoint) {
    var report = endpoint.state().report();
    if (report == null || age(report) > expires) {
      return unknown / endpoint.weight();
    }
    var known = given[positions.of(endpoint)];
    return (known.isOf(report) ? known.load + known.requests * step : load(report))
        / endpoint.weight();
  }

  private long age(LoadReport report) {
    return now == Long.MIN_VALUE ? 0 : now - report.nanos();
  }

  private double load(LoadReport report) {
    double load = 0;
    double sum = 0;
    for (var coefficient : coefficients.entrySet()) {
      double value = report.get(coefficient.getKey());
      if (!Double.isNaN(value)) {
        load += value * coefficient.getValue();
        sum += coefficient.getValue();
      }
    }
    return sum == 0 ? unknown : load / sum;
  }

  @Override
  public void opened(Endpoint endpoint) {
    var known = given[positions.of(endpoint)];
    var report = endpoint.state().report();
    if (report != null && !known.isOf(report)) {
      known.since = report;
      known.load = load(report);
      known.requests = 0;
    }
    known.requests++;
  }

  @Override
  public void passed(long clock) {
    now = clock;
  }

  @Override
  public String rule() {
    return "the least reported load, and a step for each request given since, ÷ weight";
  }

  @Override
  public String detail(Endpoint endpoint) {
    var report = endpoint.state().report();
    var known = given[positions.of(endpoint)];
    return "%s, %d requests since, weight %d"
        .formatted(
            report == null ? "no report" : report.metrics(),
            known.isOf(report) ? known.requests : 0,
            endpoint.weight());
  }
}
