package io.steelyard.balance.simulate;

import io.steelyard.model.SimulatedSpeed.Distribution;

/**
 * Distributions by their inverse: one even number from 0 to 1 in, one value out, so that the same
 * request asks the same of every endpoint and every balancer.
 */
final class Chance {
  private static final double SHAPE = 1.5;

  /** The golden ratio's fractional part: multiples of it fill the unit interval evenly. */
  private static final double GOLDEN = 0.6180339887498949;

  private Chance() {}

  /** A value of mean 1. */
  static double value(Distribution distribution, double even) {
    return switch (distribution) {
      case CONSTANT -> 1;
      case UNIFORM -> 2 * even;
      case EXPONENTIAL -> -Math.log1p(-even);
      case LOG_NORMAL -> Math.exp(normal(even) - 0.5);
      case PARETO -> (SHAPE - 1) / SHAPE * Math.pow(1 - even, -1 / SHAPE);
    };
  }

  /** Another number for the n-th attempt of a request. */
  static double again(double even, int attempt) {
    double sum = even + attempt * GOLDEN;
    return sum - Math.floor(sum);
  }

  /**
   * The standard normal distribution's inverse, to within 0.00045. Source: M. Abramowitz, I. A.
   * Stegun, Handbook of Mathematical Functions, 26.2.23.
   */
  private static double normal(double even) {
    double tail = Math.min(Math.max(Math.min(even, 1 - even), 0x1p-53), 0.5);
    double t = Math.sqrt(-2 * Math.log(tail));
    double above =
        t
            - (2.515517 + t * (0.802853 + t * 0.010328))
                / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
    return even < 0.5 ? -above : above;
  }
}
