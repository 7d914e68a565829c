package io.steelyard.model.check;

import io.steelyard.model.BalancerSpec;
import io.steelyard.model.Protocol;
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

  /**
   * What a balancer chooses by that clients of this protocol do not show, in words such as "the URI
   * of a request"; null when there is nothing like that.
   */
  default @Nullable String missing(BalancerSpec spec, Protocol protocol) {
    return null;
  }
}
