package io.steelyard.server;

import io.steelyard.balance.balancer.BalancerProblem;
import io.steelyard.balance.balancer.Balancers;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.check.BalancerNames;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells the validator which balancers there are: the model does not know, the registry does. */
final class KnownBalancers implements BalancerNames {
  private final Balancers balancers;

  KnownBalancers(Balancers balancers) {
    this.balancers = balancers;
  }

  @Override
  public @Nullable String error(BalancerSpec spec) {
    List<BalancerProblem> problems = balancers.check(spec);
    return problems.isEmpty() ? null : problems.getFirst().message();
  }
}
