package io.steelyard.proxy.pool;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.EndpointState;
import io.steelyard.balance.Outcome;
import io.steelyard.balance.limit.AdaptiveLimit;
import io.steelyard.balance.limit.AdaptiveLimit.Counters;
import io.steelyard.model.AdaptiveSpec;
import io.steelyard.net.TimerWheel;
import io.steelyard.net.TimerWheel.Timeout;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * The adaptive limits of a pool's endpoints: looks at what all event loops have counted, some
 * twenty times a second, and sets the limit of each. Requests cost nothing for it.
 *
 * <p>One event loop does it for all; belongs to that loop.
 */
final class AdaptiveLimits extends Timeout {
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(TimerWheel.TICK_MILLIS);

  private record Limited(EndpointState state, AdaptiveLimit limit) {}

  private final TimerWheel timers;
  private final List<Limited> endpoints;
  private final Runnable whenRoom;

  /**
   * @param whenRoom is told when a limit has grown
   */
  AdaptiveLimits(
      AdaptiveSpec settings,
      List<Endpoint> endpoints,
      TimerWheel timers,
      RandomGenerator random,
      Runnable whenRoom) {
    this.timers = timers;
    this.whenRoom = whenRoom;
    this.endpoints =
        endpoints.stream()
            .map(endpoint ->
                new Limited(
                    endpoint.state(),
                    new AdaptiveLimit(
                        settings.least(),
                        settings.most(),
                        settings.buffer() / 100.0,
                        settings.remeasure().toNanos(),
                        random)))
            .toList();
  }

  /** Begins. On the event loop. */
  void start() {
    endpoints.forEach(each -> each.state.limit(each.limit.limit()));
    timers.arm(this, timers.nanoTime() + LOOK_NANOS);
  }

  /** Ends: there is no limit any more. */
  void stop() {
    timers.cancel(this);
    endpoints.forEach(each -> each.state.limit(0));
  }

  @Override
  protected void expired() {
    long now = timers.nanoTime();
    boolean grown = false;
    for (var each : endpoints) {
      each.limit.look(counters(each.state), now);
      int limit = each.limit.limit();
      grown |= limit > each.state.limit();
      each.state.limit(limit);
    }
    if (grown) {
      whenRoom.run();
    }
    timers.arm(this, now + LOOK_NANOS);
  }

  private static Counters counters(EndpointState state) {
    long answers = state.outcomes(Outcome.SUCCESS) + state.outcomes(Outcome.ERROR_ANSWER);
    long failures = 0;
    for (var outcome : Outcome.values()) {
      failures += outcome.isError() ? state.outcomes(outcome) : 0;
    }
    failures -= state.outcomes(Outcome.ERROR_ANSWER);
    return new Counters(answers, state.nanos(), failures, state.inFlight());
  }
}
