package io.steelyard.balance.balancer;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Outcome;
import java.util.List;

/**
 * {@code minimum-rtt}: the endpoint with the shortest way to it.
 *
 * <p><b>Rule.</b> The least round-trip time, smoothed as TCP does it: each new one counts for an
 * eighth (RFC 6298 section 2), or for more when the last was long ago ({@code memory}, 10s). A
 * round trip is what a connect takes: SYN, SYN and ACK. An answer that came faster than the known
 * round trip replaces it, for it holds one. Times within a {@code tolerance} (0.25) of each other
 * are equal ({@link Swiftness}); of equals the fewest in flight for its weight, then the next in
 * turn. A failed connect counts as {@code failure-time} (1s). Second chances as in {@link
 * LeastResponseTime}.
 *
 * <p>Only new connections are measured: with connections that are reused for long, a way that
 * became longer is noticed when they come of age (the pool's {@code connections: max-age}).
 *
 * <p><b>When.</b> Endpoints in several places, of which the nearest is to serve. Not as a measure
 * of load: an endpoint's kernel answers a connect when its program hangs.
 */
final class MinimumRtt implements Score {
  static final BalancerFactory FACTORY =
      new BalancerFactory() {
        @Override
        public String name() {
          return "minimum-rtt";
        }

        @Override
        public List<Option<?>> options() {
          return Swiftness.OPTIONS;
        }

        @Override
        public Balancer create(List<Endpoint> ready, BalancerOptions options) {
          var settings = TimeSettings.of(options);
          var score = new MinimumRtt(settings, options.get(Swiftness.TOLERANCE));
          return new Least(ready, score, settings.patience());
        }
      };

  /** RFC 6298's alpha. */
  private static final double LEAST = 1.0 / 8;

  private final TimeSettings settings;
  private final Swiftness swiftness;

  MinimumRtt(TimeSettings settings, double tolerance) {
    this.settings = settings;
    this.swiftness = new Swiftness(settings.memory(), tolerance);
  }

  @Override
  public double of(Endpoint endpoint) {
    return swiftness.score(endpoint, endpoint.state().connectTime());
  }

  @Override
  public void connected(Endpoint endpoint, long nanos, long now, boolean isTrial) {
    var average = endpoint.state().connectTime();
    if (isTrial) {
      average.replace(nanos, now);
    } else {
      average.add(nanos, now, settings.memory(), LEAST);
    }
  }

  @Override
  public void closed(Endpoint endpoint, Outcome outcome, long nanos, long now, boolean isTrial) {
    var average = endpoint.state().connectTime();
    switch (outcome) {
      case SUCCESS -> {
        if (!average.isKnown() || nanos < average.nanos()) {
          average.replace(nanos, now);
        }
      }
      case CONNECT_FAILED, CONNECT_TIMEOUT ->
          average.add(settings.time(outcome, nanos), now, settings.memory(), LEAST);
      case RESET, RESPONSE_TIMEOUT, IDLE_TIMEOUT, BAD_ANSWER, ERROR_ANSWER, CANCELLED -> {}
    }
  }

  @Override
  public String rule() {
    return "the least round-trip time, in classes; of equals the fewest in flight for its weight";
  }

  @Override
  public String detail(Endpoint endpoint) {
    var state = endpoint.state();
    return "round trip %s, in flight %d, weight %d"
        .formatted(state.connectTime(), state.inFlight(), endpoint.weight());
  }
}
