package io.steelyard.balance;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * What a balancer that follows reported load made of an endpoint's latest report: one turn of its
 * control loop, kept for display, and to go on from. Immutable.
 *
 * @param balancer the balancer's name
 * @param inputs what it was computed from, by name
 * @param before the endpoint's effective weight until then
 * @param after its effective weight from then on
 * @param isAlarm whether something crossed a threshold that somebody should know of
 * @param nanos when, by the clock of the event loops
 */
public record Adjustment(
    String balancer,
    Map<String, Double> inputs,
    double before,
    double after,
    boolean isAlarm,
    long nanos) {
  public Adjustment {
    requireNonNull(balancer, "balancer");
    inputs = Map.copyOf(inputs);
  }
}
