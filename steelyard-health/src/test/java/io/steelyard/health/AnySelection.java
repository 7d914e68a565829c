package io.steelyard.health;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Selection;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** A request of which nothing is known. */
final class AnySelection implements Selection {
  private final RandomGenerator random = new SplittableRandom(1);

  @Override
  public byte[] key() {
    return new byte[0];
  }

  @Override
  public int keyLength() {
    return -1;
  }

  @Override
  public boolean accepts(Endpoint endpoint) {
    return true;
  }

  @Override
  public int attempt() {
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
