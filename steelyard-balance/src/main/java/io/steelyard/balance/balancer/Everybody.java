package io.steelyard.balance.balancer;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Selection;
import java.util.random.RandomGenerator;

/** A selection that accepts every endpoint and knows nothing else. */
enum Everybody implements Selection {
  ACCEPTED;

  private static final byte[] NO_KEY = {};

  @Override
  public byte[] key() {
    return NO_KEY;
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
    throw new UnsupportedOperationException("keys are not placed by chance");
  }

  @Override
  public long nanoTime() {
    throw new UnsupportedOperationException("keys are not placed by time");
  }
}
