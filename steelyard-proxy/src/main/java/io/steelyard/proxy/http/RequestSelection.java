package io.steelyard.proxy.http;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.EndpointState;
import io.steelyard.balance.Selection;
import io.steelyard.proxy.listen.SelectionKey;
import io.steelyard.proxy.pool.LoopPool;
import io.steelyard.proxy.pool.TrafficGate;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What the choice of an endpoint for a request is made from, and which endpoints it has tried.
 * Reused for many requests by one event loop.
 */
final class RequestSelection implements Selection {
  private final HttpLoop loop;
  private final SelectionKey key = new SelectionKey();

  /** By their state: the pool may get other endpoints meanwhile. */
  private @Nullable EndpointState[] tried = new EndpointState[4];

  private int triedCount;
  private int attempt;

  /** Whose limits are kept: those that it has when it is asked, for its endpoints change. */
  private @Nullable LoopPool pool;

  RequestSelection(HttpLoop loop) {
    this.loop = loop;
  }

  /** Begins with another request. */
  void clear() {
    key.clear();
    triedCount = 0;
    attempt = 0;
    pool = null;
  }

  /** Keeps to a pool's limits, if it has any. */
  void keepTo(LoopPool wanted) {
    pool = wanted;
  }

  /** To be filled with what the balancer chooses by. */
  SelectionKey selectionKey() {
    return key;
  }

  /** Another attempt follows. */
  void again() {
    attempt++;
  }

  /** Is not to be chosen again. */
  void exclude(Endpoint endpoint) {
    if (triedCount == tried.length) {
      tried = Arrays.copyOf(tried, triedCount * 2);
    }
    tried[triedCount++] = endpoint.state();
  }

  /** How many are not to be chosen again. */
  int excluded() {
    return triedCount;
  }

  /** Any endpoint may be chosen again. */
  void excludeNone() {
    triedCount = 0;
  }

  @Override
  public boolean accepts(Endpoint candidate) {
    for (int i = 0; i < triedCount; i++) {
      if (tried[i] == candidate.state()) {
        return false;
      }
    }
    TrafficGate gate = pool == null ? null : pool.gate();
    return gate == null || gate.admits(candidate, attempt > 0);
  }

  @Override
  public byte[] key() {
    return key.bytes();
  }

  @Override
  public int keyLength() {
    return key.length();
  }

  @Override
  public int attempt() {
    return attempt;
  }

  @Override
  public RandomGenerator random() {
    return loop.random();
  }

  @Override
  public long nanoTime() {
    return loop.nanoTime();
  }
}
