package io.steelyard.balance.balancer;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a balancer as a configuration describes it.
 *
 * @param option the option at fault, so that its place in the file can be shown; null when it is
 *     the balancer as a whole
 * @param message what was found and what was expected
 */
public record BalancerProblem(@Nullable String option, String message) {
  public BalancerProblem {
    requireNonNull(message, "message");
  }
}
