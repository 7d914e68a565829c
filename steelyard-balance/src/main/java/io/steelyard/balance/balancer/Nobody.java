package io.steelyard.balance.balancer;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Explanation;
import io.steelyard.balance.Explanation.Candidate;
import io.steelyard.balance.Explanation.Standing;
import io.steelyard.balance.Selection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chooses nobody: for requests without a key that are to be refused. */
record Nobody(List<Endpoint> ready) implements Balancer {
  @Override
  public @Nullable Endpoint select(Selection selection) {
    return null;
  }

  @Override
  public Explanation explain(Selection selection) {
    return new Explanation(
        null,
        "no key, and without one requests are refused",
        ready.stream().map(e -> new Candidate(e, Standing.RULED_OUT, Double.NaN, "")).toList());
  }
}
