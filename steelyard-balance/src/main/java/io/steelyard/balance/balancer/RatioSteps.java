package io.steelyard.balance.balancer;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.EndpointState;
import io.steelyard.balance.Outcome;
import java.time.Duration;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * What {@link Observed} and {@link Predictive} have in common: at each interval the endpoints that
 * carry no more than the average get a high ratio and the others a low one; then all take turns by
 * ratio × weight. Nobody's ratio is 0, so nobody is starved.
 *
 * <p>What an endpoint carries is what it has in flight ÷ weight; with {@code response-time: true},
 * times its mean response time. O(n) once per interval.
 */
final class RatioSteps implements Score {
  static final Option<Duration> INTERVAL =
      Option.duration(
          "interval", Duration.ofSeconds(1), Duration.ofMillis(10), Duration.ofHours(1));

  static final Option<Boolean> RESPONSE_TIME = Option.flag("response-time", false);
  static final List<Option<?>> OPTIONS = List.of(INTERVAL, RESPONSE_TIME);

  /** After so long a time counts for 1 ÷ e of what it did, in intervals. */
  private static final long MEMORY = 10;

  /** What a response time counts for at least. */
  private static final double LEAST = 1.0 / 32;

  /** What an endpoint is taken to carry, from what it carries now and did an interval before. */
  interface Estimate {
    double of(double now, double before);
  }

  private final Endpoint[] endpoints;
  private final Positions positions;
  private final int high;
  private final int low;
  private final Estimate estimate;
  private final String what;
  private final long interval;
  private final boolean usesTime;

  private final int[] ratio;
  private final double[] carried;
  private final double[] expected;
  private double average;
  private boolean isStarted;
  private long next;

  RatioSteps(
      List<Endpoint> ready,
      BalancerOptions options,
      int high,
      int low,
      Estimate estimate,
      String what) {
    this.endpoints = Weights.chosen(ready);
    this.positions = new Positions(endpoints);
    this.high = high;
    this.low = low;
    this.estimate = estimate;
    this.what = what;
    this.interval = options.get(INTERVAL).toNanos();
    this.usesTime = options.get(RESPONSE_TIME);
    this.ratio = new int[endpoints.length];
    this.carried = new double[endpoints.length];
    this.expected = new double[endpoints.length];
    Arrays.fill(ratio, high);
  }

  @Override
  public double of(Endpoint endpoint) {
    return 0; // all are equal: what counts is whose turn is next
  }

  @Override
  public double share(Endpoint endpoint) {
    return (double) ratio(endpoint) * endpoint.weight();
  }

  private int ratio(Endpoint endpoint) {
    int position = positions.of(endpoint);
    return position < 0 ? high : ratio[position];
  }

  @Override
  public void passed(long now) {
    if (!isStarted || now - next >= 0) {
      observe();
      isStarted = true;
      next = now + interval;
    }
  }

  private void observe() {
    double sum = 0;
    for (int i = 0; i < endpoints.length; i++) {
      double load = load(endpoints[i]);
      expected[i] = isStarted ? estimate.of(load, carried[i]) : load;
      carried[i] = load;
      sum += expected[i];
    }
    average = sum / endpoints.length;
    for (int i = 0; i < endpoints.length; i++) {
      ratio[i] = expected[i] <= average ? high : low;
    }
  }

  private double load(Endpoint endpoint) {
    var state = endpoint.state();
    double load = (double) state.inFlight() / endpoint.weight();
    return usesTime ? load * Math.max(state.responseTime().nanos(), 1) : load;
  }

  @Override
  public void closed(Endpoint endpoint, Outcome outcome, long nanos, long now, boolean isTrial) {
    if (usesTime && outcome.concernsEndpoint()) {
      endpoint.state().responseTime().add(nanos, now, MEMORY * interval, LEAST);
    }
  }

  @Override
  public void takeOver(Score previous) {
    if (previous instanceof RatioSteps other && other.usesTime == usesTime) {
      var before = new IdentityHashMap<EndpointState, Integer>();
      for (int i = 0; i < other.endpoints.length; i++) {
        before.put(other.endpoints[i].state(), i);
      }
      for (int i = 0; i < endpoints.length; i++) {
        var position = before.get(endpoints[i].state());
        if (position != null) {
          ratio[i] = other.ratio[position] == other.high ? high : low;
          carried[i] = other.carried[position];
        }
      }
      isStarted = other.isStarted;
      next = other.next;
    }
  }

  @Override
  public String rule() {
    return "turns by ratio × weight: ratio %d for those whose %s is not above the average, else %d"
        .formatted(high, what, low);
  }

  @Override
  public String detail(Endpoint endpoint) {
    int position = positions.of(endpoint);
    return "%s %.3g, average %.3g, ratio %d, weight %d"
        .formatted(what, expected[position], average, ratio[position], endpoint.weight());
  }
}
