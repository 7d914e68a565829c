package io.steelyard.proxy;

import io.steelyard.balance.PoolState;
import io.steelyard.proxy.stats.Stats;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What outlives configurations: the state of every endpoint, by pool and address, and the counters.
 * A configuration comes and goes; what it does not change goes on as it was. Thread-safe.
 */
public final class ProxyState {
  private final Stats stats;
  private final Map<String, PoolState> pools = new ConcurrentHashMap<>();

  /**
   * @param loops how many event loops there are
   */
  public ProxyState(int loops) {
    this.stats = new Stats(loops);
  }

  public Stats stats() {
    return stats;
  }

  /** The state of the pool with that name, the same object each time. */
  public PoolState pool(String name) {
    return pools.computeIfAbsent(name, PoolState::new);
  }

  /** The pools that a configuration has named. */
  public Map<String, PoolState> pools() {
    return Collections.unmodifiableMap(pools);
  }
}
