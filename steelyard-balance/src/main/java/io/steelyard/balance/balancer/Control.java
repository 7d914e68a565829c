package io.steelyard.balance.balancer;

import io.steelyard.balance.Adjustment;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.EndpointState;
import io.steelyard.balance.LoadReport;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The loop of the balancers that follow reported load: at every interval it looks at each
 * endpoint's latest report and moves the endpoint's effective weight. What it made of it is kept
 * with the endpoint ({@link EndpointState#adjustment}), where all event loops and every later
 * configuration find it, and where it can be shown; of several event loops the first to come does
 * it.
 *
 * <p>O(n) once per interval. Allocates for endpoints with a report, as often.
 */
final class Control {
  static final Option<Duration> INTERVAL =
      Option.duration(
          "interval", Duration.ofSeconds(5), Duration.ofMillis(10), Duration.ofHours(1));

  static final Option<Duration> EXPIRES =
      Option.duration(
          "expires", Duration.ofSeconds(30), Duration.ofMillis(10), Duration.ofHours(24));

  /** What becomes of an effective weight. */
  interface Rule {
    /** The effective weight as long as there is no report. */
    double start(Endpoint endpoint);

    /**
     * The next effective weight, more than 0.
     *
     * @param report null when there is none that is young enough
     * @param inputs where it puts what it looked at
     */
    double next(
        Endpoint endpoint, @Nullable LoadReport report, double weight, Map<String, Double> inputs);

    /** Whether somebody should know of this. */
    default boolean isAlarm(Map<String, Double> inputs) {
      return false;
    }
  }

  private final String balancer;
  private final Endpoint[] endpoints;
  private final Rule rule;
  private final long interval;
  private final long expires;
  private boolean isStarted;
  private long next;

  Control(String balancer, Endpoint[] endpoints, Rule rule, BalancerOptions options) {
    this.balancer = balancer;
    this.endpoints = endpoints;
    this.rule = rule;
    this.interval = options.get(INTERVAL).toNanos();
    this.expires = options.get(EXPIRES).toNanos();
  }

  /** An endpoint's effective weight. */
  double weight(Endpoint endpoint) {
    var adjustment = own(endpoint);
    return adjustment == null ? rule.start(endpoint) : adjustment.after();
  }

  /** That of another balancer is not gone on from: its weights mean something else. */
  private @Nullable Adjustment own(Endpoint endpoint) {
    var adjustment = endpoint.state().adjustment();
    return adjustment != null && adjustment.balancer().equals(balancer) ? adjustment : null;
  }

  /** Whether it is time to adjust. */
  boolean isDue(long now) {
    return !isStarted || now - next >= 0;
  }

  /** Adjusts all when it is time. */
  void passed(long now) {
    if (!isDue(now)) {
      return;
    }
    isStarted = true;
    next = now + interval;
    for (var endpoint : endpoints) {
      adjust(endpoint, now);
    }
  }

  private void adjust(Endpoint endpoint, long now) {
    var state = endpoint.state();
    var previous = own(endpoint);
    var report = state.report();
    if (report == null && previous == null) {
      return;
    }
    if (previous != null && now - previous.nanos() < interval) {
      return; // another event loop did it
    }
    boolean isFresh = report != null && now - report.nanos() <= expires;
    var inputs = new TreeMap<String, Double>();
    double before = weight(endpoint);
    double after = rule.next(endpoint, isFresh ? report : null, before, inputs);
    state.adjust(
        state.adjustment(),
        new Adjustment(balancer, inputs, before, after, rule.isAlarm(inputs), now));
  }

  /** An endpoint's last adjustment, for explanations. */
  String detail(Endpoint endpoint) {
    var adjustment = own(endpoint);
    return adjustment == null
        ? "no report, effective weight %.4g".formatted(rule.start(endpoint))
        : "%s, effective weight %.4g after %.4g%s"
            .formatted(
                adjustment.inputs().isEmpty()
                    ? "report too old"
                    : new TreeMap<>(adjustment.inputs()),
                adjustment.after(),
                adjustment.before(),
                adjustment.isAlarm() ? ", alarm" : "");
  }

  /** A weight moved towards another, by so much at most. */
  static double towards(double target, double weight, double step) {
    return weight + Math.clamp(target - weight, -step, step);
  }
}
