package io.steelyard.balance.balancer;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.TimeAverage;
import java.util.List;

/**
 * Classes of times that count as equal: those within a tolerance of each other. In a class the one
 * with the fewest in flight for its weight comes first. Without classes the fastest by a hair would
 * get everything. Immutable.
 */
final class Swiftness {
  static final Option<Double> TOLERANCE = Option.number("tolerance", 0.25, 0.01, 10);

  static final List<Option<?>> OPTIONS =
      List.of(
          TimeSettings.MEMORY, TimeSettings.SECOND_CHANCE, TimeSettings.FAILURE_TIME, TOLERANCE);

  /** So much in flight for its weight, at least, weighs as much as one class. */
  private static final double CLASS = 1e4;

  private final long memory;
  private final double width;

  Swiftness(long memory, double tolerance) {
    this.memory = memory;
    this.width = Math.log1p(tolerance);
  }

  /** The score of an endpoint by an average of its times. */
  double score(Endpoint endpoint, TimeAverage average) {
    int inFlight = endpoint.state().inFlight();
    double level = average.level(memory);
    return level == Double.NEGATIVE_INFINITY
        ? Untried.score(inFlight, endpoint.weight())
        : Math.floor(level / width) * CLASS
            + Math.min((double) inFlight / endpoint.weight(), CLASS - 1);
  }
}
