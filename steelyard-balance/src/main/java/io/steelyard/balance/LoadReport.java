package io.steelyard.balance;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an endpoint says of its own load: metrics by name, and when it was heard. Immutable.
 *
 * @param metrics fractions such as {@code cpu} 0.9, or whatever the endpoint counts; each finite
 *     and 0 or more
 * @param nanos when it was heard, by the clock of the event loops
 */
public record LoadReport(Map<String, Double> metrics, long nanos) {
  /** Checks the metrics and copies them, in alphabetical order. */
  public LoadReport {
    metrics.forEach(LoadReport::check);
    metrics = Collections.unmodifiableMap(new TreeMap<>(metrics));
  }

  private static void check(String name, double value) {
    if (!isValid(value)) {
      throw new IllegalArgumentException(
          "metric " + name + " is " + value + ", expected a finite number, 0 or more");
    }
  }

  /** Whether a metric can have this value. */
  public static boolean isValid(double value) {
    return value >= 0 && value <= Double.MAX_VALUE;
  }

  /** A metric's value, or NaN when the report does not have it. */
  public double get(String metric) {
    var value = metrics.get(metric);
    return value == null ? Double.NaN : value;
  }
}
