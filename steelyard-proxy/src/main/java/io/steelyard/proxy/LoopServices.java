package io.steelyard.proxy;

import static java.util.Objects.requireNonNull;

import io.steelyard.balance.Pool;
import io.steelyard.balance.balancer.Balancers;
import io.steelyard.balance.decorate.PoolBalancers;
import io.steelyard.model.Listener;
import io.steelyard.model.Route;
import io.steelyard.net.Loop;
import io.steelyard.net.tls.ClientTls;
import io.steelyard.net.tls.ServerTls;
import io.steelyard.proxy.http.HttpLoop;
import io.steelyard.proxy.http.HttpService;
import io.steelyard.proxy.listen.AcceptingService;
import io.steelyard.proxy.listen.ConnectionLimit;
import io.steelyard.proxy.listen.Service;
import io.steelyard.proxy.pool.LoopPool;
import io.steelyard.proxy.stats.LoopStats;
import io.steelyard.proxy.tcp.TcpService;
import io.steelyard.proxy.udp.UdpService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What one event loop does for one snapshot: its view of each pool, its service of each listener.
 * Belongs to its loop.
 */
final class LoopServices {
  private final Loop loop;
  private final Balancers balancers;
  private final PoolCare care;
  private final Map<String, AtomicBoolean> stale = new HashMap<>();
  private final Map<String, PoolBalancers> makers = new HashMap<>();
  private final Map<String, LoopPool> pools = new HashMap<>();
  private final Map<String, Service> services = new HashMap<>();

  LoopServices(
      Snapshot snapshot,
      Balancers balancers,
      PoolCare care,
      Map<String, ConnectionLimit> limits,
      Map<String, ServerTls> tls,
      Map<String, ClientTls> poolTls,
      HttpLoop http,
      Loop loop,
      LoopStats stats) {
    this.loop = loop;
    this.balancers = balancers;
    this.care = care;
    snapshot.configuration().pools().keySet().forEach(p -> stale.put(p, new AtomicBoolean()));
    snapshot
        .configuration()
        .pools()
        .forEach((name, pool) ->
            pools.put(name, loopPool(name, pool, snapshot, poolTls.get(name), http, stats)));
    snapshot.configuration().pools().forEach(this::fallback);
    snapshot
        .configuration()
        .listeners()
        .forEach((name, listener) -> {
          var limit = limits.getOrDefault(name, new ConnectionLimit(listener.maxConnections()));
          services.put(name, service(name, listener, snapshot, limit, tls.get(name), http));
        });
  }

  private Service service(
      String name,
      Listener listener,
      Snapshot snapshot,
      ConnectionLimit limit,
      @Nullable ServerTls tls,
      HttpLoop http) {
    return switch (listener.protocol()) {
      case HTTP ->
          new HttpService(
              name, listener, snapshot.router(name), poolsOf(listener), limit, tls, http);
      case TCP -> new TcpService(name, listener, allPoolsOf(listener), limit, tls, http);
      case PACKET ->
          throw new IllegalArgumentException(
              "listener " + name + " is the packet plane's, expected one of the proxy");
      case UDP ->
          new UdpService(
              name, listener, allPoolsOf(listener), limit, snapshot.quic().get(name), http);
    };
  }

  private void fallback(String name, io.steelyard.model.Pool settings) {
    var fallback = settings.fallback();
    if (fallback != null && fallback.pool() != null) {
      pool(name).fallback(pool(fallback.pool()));
    }
  }

  private LoopPool loopPool(
      String name,
      io.steelyard.model.Pool settings,
      Snapshot snapshot,
      @Nullable ClientTls tls,
      HttpLoop http,
      LoopStats stats) {
    var endpoints = snapshot.endpointsOf(name);
    var made = new PoolBalancers(balancers, settings, snapshot.configuration().zone());
    makers.put(name, made);
    Pool pool = new Pool(name, endpoints, made.make(endpoints, endpoints), http::nanoTime);
    var loopPool = new LoopPool(name, pool, settings, tls, loop, snapshot.shared(name), stats);
    rebalance(loopPool);
    return loopPool;
  }

  /** One for each route; null where it has none. */
  private List<@Nullable LoopPool> poolsOf(Listener listener) {
    List<@Nullable LoopPool> found = new ArrayList<>();
    for (Route route : listener.effectiveRoutes()) {
      String pool = route.pool();
      found.add(pool == null ? null : pool(pool));
    }
    return found;
  }

  /** The same where every route has one: only HTTP's can do without. */
  private List<LoopPool> allPoolsOf(Listener listener) {
    List<LoopPool> found = new ArrayList<>();
    for (Route route : listener.effectiveRoutes()) {
      found.add(pool(requireNonNull(route.pool(), "pool")));
    }
    return found;
  }

  private LoopPool pool(String name) {
    LoopPool pool = pools.get(name);
    if (pool == null) {
      throw new IllegalArgumentException(
          "a route names the pool " + name + ", which does not exist");
    }
    return pool;
  }

  /**
   * Other endpoints of a pool may be used than before. Called by any thread; however often that is
   * before the loop comes to it, the loop makes one new balancer.
   */
  void refresh(String pool) {
    var flag = stale.get(pool);
    if (flag != null && flag.compareAndSet(false, true)) {
      loop.execute(() -> {
        flag.set(false);
        rebalance(pool(pool));
      });
    }
  }

  /** The same for every pool. */
  void refreshAll() {
    stale.keySet().forEach(this::refresh);
  }

  private void rebalance(LoopPool pool) {
    var members = care.members(pool.name(), pool.endpoints());
    var maker = requireNonNull(makers.get(pool.name()), pool.name());
    var balancer = maker.make(members.all(), members.ready());
    if (members.all().equals(pool.endpoints())) {
      pool.rebalance(members.ready(), balancer);
    } else {
      pool.replace(members.all(), members.ready(), balancer);
    }
  }

  Loop loop() {
    return loop;
  }

  Service service(String listener) {
    Service service = services.get(listener);
    if (service == null) {
      throw new IllegalArgumentException("there is no listener " + listener);
    }
    return service;
  }

  /** One of connections. */
  AcceptingService acceptingService(String listener) {
    return (AcceptingService) service(listener);
  }

  /** Lets what is under way end and closes what is idle. */
  void drain() {
    services.values().forEach(Service::drain);
  }

  /** Closes everything. */
  void closeAll() {
    services.values().forEach(Service::closeAll);
    pools.values().forEach(LoopPool::close);
  }
}
