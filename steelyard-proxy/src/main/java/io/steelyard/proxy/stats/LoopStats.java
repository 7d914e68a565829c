package io.steelyard.proxy.stats;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The stats of one event loop. Whoever asks again by the same name gets the same object, whatever
 * configurations came and went in between. Asking costs a map look-up: do it when a configuration
 * is loaded, not per request.
 */
public final class LoopStats {
  private final Map<String, ListenerStats> listeners = new ConcurrentHashMap<>();
  private final Map<String, PoolStats> pools = new ConcurrentHashMap<>();

  LoopStats() {}

  /** The stats of the listener with this name. */
  public ListenerStats listener(String name) {
    return listeners.computeIfAbsent(name, key -> new ListenerStats());
  }

  /** The stats of the pool with this name. */
  public PoolStats pool(String name) {
    return pools.computeIfAbsent(name, key -> new PoolStats());
  }

  /** The stats of the endpoint with this name in the pool with that name. */
  public EndpointStats endpoint(String pool, String endpoint) {
    return pool(pool).endpoint(endpoint);
  }

  Map<String, ListenerStats> listeners() {
    return listeners;
  }

  Map<String, PoolStats> pools() {
    return pools;
  }
}
