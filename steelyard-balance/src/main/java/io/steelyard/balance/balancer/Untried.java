package io.steelyard.balance.balancer;

/**
 * Where an endpoint stands of which no time is known: first while it is idle, and last once it is
 * being tried, so that a new endpoint is not flooded before its first answer.
 */
final class Untried {
  private static final double LAST = 1e15;

  private Untried() {}

  static double score(int inFlight, int weight) {
    return inFlight == 0 ? -LAST : LAST + (double) inFlight / weight;
  }
}
