package io.steelyard.proxy.stats;

import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What happened at one pool. An event loop has one and alone writes it, any thread may read; as a
 * sum over loops it is a copy that nobody writes.
 */
public final class PoolStats {
  private final Cells cells = new Cells(6);

  /** Attempts after a request's first. */
  public final Counter retries = cells.counter();

  /** Attempts that would have followed, had the budget not been spent. */
  public final Counter retriesDenied = cells.counter();

  /** Requests that were sent to a second endpoint beside the first. */
  public final Counter hedges = cells.counter();

  /** Of these, those that the second answered first. */
  public final Counter hedgesWon = cells.counter();

  /** Requests for which no endpoint could be chosen. */
  public final Counter noEndpoint = cells.counter();

  /** Requests that went to its fallback. */
  public final Counter fallbacks = cells.counter();

  private final Map<String, EndpointStats> endpoints = new ConcurrentHashMap<>();

  PoolStats() {}

  /**
   * The stats of the endpoint with this name, the same object each time. For when a configuration
   * is loaded.
   */
  public EndpointStats endpoint(String name) {
    return endpoints.computeIfAbsent(name, key -> new EndpointStats());
  }

  /** The endpoints by name, in no order; grows when others are asked for. */
  public Map<String, EndpointStats> endpoints() {
    return Collections.unmodifiableMap(endpoints);
  }

  /** The sum over the endpoints, as the calling thread sees it. */
  public EndpointStats total() {
    EndpointStats total = new EndpointStats();
    endpoints.values().forEach(total::addAll);
    return total;
  }

  void addAll(PoolStats other) {
    cells.addAll(other.cells);
    other.endpoints.forEach((name, stats) -> endpoint(name).addAll(stats));
  }
}
