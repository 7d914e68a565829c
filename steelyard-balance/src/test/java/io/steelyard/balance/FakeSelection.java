package io.steelyard.balance;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** A selection that a test sets up: accepts all but what it is told to refuse. */
public final class FakeSelection implements Selection {
  private final RandomGenerator random;
  private byte[] key = {};
  private int keyLength = -1;
  private long now;
  private int attempt = -1;
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
    return attempt < 0 ? refused.size() : attempt;
  }

  /** So many endpoints were tried before, whatever is refused; -1 for as many as are refused. */
  public void attempt(int number) {
    attempt = number;
  }

  /** From now on the request has this key. */
  public void key(byte... bytes) {
    key = bytes;
    keyLength = bytes.length;
  }

  /** From now on the request has this text for a key. */
  public void key(String text) {
    key(text.getBytes(StandardCharsets.UTF_8));
  }

  /** From now on the request has no key. */
  public void noKey() {
    keyLength = -1;
  }

  /** What its clock shows from now on. */
  public void now(long nanos) {
    now = nanos;
  }

  @Override
  public byte[] key() {
    return key;
  }

  @Override
  public int keyLength() {
    return keyLength;
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public long nanoTime() {
    return now;
  }
}
