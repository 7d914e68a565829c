package io.steelyard.proxy;

import io.steelyard.balance.Endpoint;
import io.steelyard.model.Configuration;
import io.steelyard.model.Protocol;
import io.steelyard.model.QuicSessions;
import io.steelyard.proxy.pool.LoopPool;
import io.steelyard.proxy.pool.SharedQueue;
import io.steelyard.proxy.route.Router;
import io.steelyard.proxy.udp.QuicConnections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One validated configuration, compiled for use: what all event loops share and nothing that
 * changes. Immutable.
 *
 * @param routers by listener, for those that speak HTTP
 * @param endpoints by pool
 * @param shared what event loops share of each pool
 * @param quic by listener, for those whose sessions are found by connection ids
 */
record Snapshot(
    Configuration configuration,
    Map<String, Router> routers,
    Map<String, List<Endpoint>> endpoints,
    Map<String, LoopPool.Shared> shared,
    Map<String, QuicConnections> quic) {

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
        .forEach((name, pool) ->
            endpoints.put(name, state.pool(name).endpoints(pool.limitedEndpoints())));
    int loops = state.stats().loops();
    Map<String, LoopPool.Shared> shared = new HashMap<>();
    configuration
        .pools()
        .forEach((name, pool) ->
            shared.put(
                name,
                new LoopPool.Shared(
                    loops,
                    state.pool(name).traffic(),
                    pool.queue() == null ? null : new SharedQueue(loops))));
    return new Snapshot(
        configuration,
        Map.copyOf(routers),
        Map.copyOf(endpoints),
        Map.copyOf(shared),
        quic(configuration));
  }

  private static Map<String, QuicConnections> quic(Configuration configuration) {
    Map<String, QuicConnections> quic = new HashMap<>();
    configuration
        .listeners()
        .forEach((name, listener) -> {
          QuicSessions settings = listener.sessions().quic();
          if (settings != null) {
            quic.put(name, new QuicConnections(settings));
          }
        });
    return Map.copyOf(quic);
  }

  Router router(String listener) {
    return known(routers.get(listener), "listener", listener);
  }

  List<Endpoint> endpointsOf(String pool) {
    return known(endpoints.get(pool), "pool", pool);
  }

  LoopPool.Shared shared(String pool) {
    return known(shared.get(pool), "pool", pool);
  }

  private static <T> T known(@org.jspecify.annotations.Nullable T value, String kind, String name) {
    if (value == null) {
      throw new IllegalArgumentException(
          kind + " " + name + " is not in the configuration, which should have been validated");
    }
    return value;
  }
}
