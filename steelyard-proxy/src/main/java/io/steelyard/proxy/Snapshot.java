package io.steelyard.proxy;

import io.steelyard.balance.Endpoint;
import io.steelyard.model.Configuration;
import io.steelyard.model.Protocol;
import io.steelyard.proxy.route.Router;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One validated configuration, compiled for use: what all event loops share and nothing that
 * changes. Immutable.
 *
 * @param routers by listener, for those that speak HTTP
 * @param endpoints by pool
 * @param loops how many event loops share it
 */
record Snapshot(
    Configuration configuration,
    Map<String, Router> routers,
    Map<String, List<Endpoint>> endpoints,
    int loops) {

  /**
   * @param state gives each endpoint the state that it had in earlier configurations
   */
  static Snapshot compile(Configuration configuration, ProxyState state) {
    Map<String, Router> routers = new HashMap<>();
    configuration
        .listeners()
        .forEach((name, listener) -> {
          if (listener.protocol() == Protocol.HTTP) {
            routers.put(name, Router.compile(listener.effectiveRoutes()));
          }
        });
    Map<String, List<Endpoint>> endpoints = new HashMap<>();
    configuration
        .pools()
        .forEach((name, pool) -> endpoints.put(name, state.pool(name).endpoints(pool.endpoints())));
    return new Snapshot(
        configuration, Map.copyOf(routers), Map.copyOf(endpoints), state.stats().loops());
  }

  Router router(String listener) {
    return known(routers.get(listener), "listener", listener);
  }

  List<Endpoint> endpointsOf(String pool) {
    return known(endpoints.get(pool), "pool", pool);
  }

  private static <T> T known(@org.jspecify.annotations.Nullable T value, String kind, String name) {
    if (value == null) {
      throw new IllegalArgumentException(
          kind + " " + name + " is not in the configuration, which should have been validated");
    }
    return value;
  }
}
