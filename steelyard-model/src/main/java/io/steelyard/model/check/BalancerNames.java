package io.steelyard.model.check;

import io.steelyard.model.BalancerSpec;
import org.jspecify.annotations.Nullable;

/**
 * Knows which balancers there are and which options they take; implemented where the balancers are.
 */
@FunctionalInterface
public interface BalancerNames {
  /** Takes every balancer for known. */
  BalancerNames ANY = spec -> null;

  /** What is wrong with a pool's choice of balancer and what was expected; null when nothing is. */
  @Nullable String error(BalancerSpec spec);
}
