package io.steelyard.balance.simulate;

import io.steelyard.model.SimulatedKeys;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Which key a request asks for: by Zipf's law, the n-th most popular in proportion to 1 ÷ n to the
 * power of the exponent. Source: G. K. Zipf, Human Behavior and the Principle of Least Effort,
 * 1949.
 */
final class Popularity {
  /** The share of the first so many keys together. */
  private final double[] cumulative;

  Popularity(SimulatedKeys keys) {
    cumulative = new double[keys.number()];
    double sum = 0;
    for (int i = 0; i < cumulative.length; i++) {
      sum += Math.pow(i + 1.0, -keys.exponent());
      cumulative[i] = sum;
    }
    for (int i = 0; i < cumulative.length; i++) {
      cumulative[i] /= sum;
    }
  }

  /** A key's number, from 0, the most popular. */
  int draw(RandomGenerator random) {
    int found = Arrays.binarySearch(cumulative, random.nextDouble());
    return Math.min(found < 0 ? -1 - found : found + 1, cumulative.length - 1);
  }
}
