package io.steelyard.balance;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** A selection that a test sets up: accepts all but what it is told to refuse. */
public final class FakeSelection implements Selection {
  private final RandomGenerator random;
  private final Set<Endpoint> refused = Collections.newSetFromMap(new IdentityHashMap<>());

  public FakeSelection(long seed) {
    this.random = new SplittableRandom(seed);
  }

  public void refuse(Endpoint endpoint) {
    refused.add(endpoint);
  }

  public void acceptAll() {
    refused.clear();
  }

  @Override
  public boolean accepts(Endpoint endpoint) {
    return !refused.contains(endpoint);
  }

  @Override
  public int attempt() {
    return refused.size();
  }

  @Override
  public long hashKey() {
    return 0;
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public long nanoTime() {
    return 0;
  }
}
