package io.steelyard.bench;

import java.util.Arrays;

/** What several rounds gave: the median and how far they lie apart. */
record Spread(double median, double min, double max) {
  /**
   * @throws IllegalArgumentException when there is no value
   */
  static Spread of(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("a spread needs at least one value");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1]);
  }
}
