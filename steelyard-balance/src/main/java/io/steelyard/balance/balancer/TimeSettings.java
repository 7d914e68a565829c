package io.steelyard.balance.balancer;

import io.steelyard.balance.Outcome;
import java.time.Duration;
import java.util.List;

/**
 * What the balancers that choose by time have in common. Immutable.
 *
 * @param memory after how many nanoseconds a measurement counts for 1 ÷ e of what it did
 * @param patience see {@link SecondChances}
 * @param failureNanos what a failure counts as that was quicker
 */
record TimeSettings(long memory, long patience, long failureNanos) {
  static final Option<Duration> MEMORY =
      Option.duration(
          "memory", Duration.ofSeconds(10), Duration.ofMillis(100), Duration.ofHours(1));

  static final Option<Long> SECOND_CHANCE = Option.integer("second-chance", 20, 0, 1_000_000);

  static final Option<Duration> FAILURE_TIME =
      Option.duration("failure-time", Duration.ofSeconds(1), Duration.ZERO, Duration.ofHours(1));

  static final List<Option<?>> OPTIONS = List.of(MEMORY, SECOND_CHANCE, FAILURE_TIME);

  static final TimeSettings STANDARD = of(BalancerOptions.none());

  static TimeSettings of(BalancerOptions options) {
    return new TimeSettings(
        options.get(MEMORY).toNanos(),
        options.get(SECOND_CHANCE),
        options.get(FAILURE_TIME).toNanos());
  }

  /**
   * The time that a use of an endpoint counts as: who refuses everything at once is not to look
   * fast.
   */
  long time(Outcome outcome, long nanos) {
    return outcome == Outcome.SUCCESS ? nanos : Math.max(nanos, failureNanos);
  }
}
