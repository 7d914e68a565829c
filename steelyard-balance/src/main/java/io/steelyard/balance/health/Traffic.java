package io.steelyard.balance.health;

import io.steelyard.balance.EndpointState;
import io.steelyard.balance.Outcome;

/**
 * What an endpoint has done since it became known.
 *
 * @param requests that say something about it, well or badly ended
 * @param errors those of them that failed
 * @param nanos the sum of their times
 */
public record Traffic(long requests, long errors, long nanos) {
  static final Traffic NONE = new Traffic(0, 0, 0);

  /** What the counters say now. */
  public static Traffic of(EndpointState state) {
    long errors = 0;
    for (var outcome : Outcome.values()) {
      errors += outcome.isError() ? state.outcomes(outcome) : 0;
    }
    return new Traffic(errors + state.outcomes(Outcome.SUCCESS), errors, state.nanos());
  }

  /** What has come since then. */
  Traffic since(Traffic earlier) {
    return new Traffic(requests - earlier.requests, errors - earlier.errors, nanos - earlier.nanos);
  }

  double meanNanos() {
    return (double) nanos / requests;
  }
}
