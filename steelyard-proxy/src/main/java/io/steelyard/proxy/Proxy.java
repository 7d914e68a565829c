package io.steelyard.proxy;

import io.steelyard.balance.balancer.Balancers;
import io.steelyard.model.Configuration;
import io.steelyard.model.EndpointTls;
import io.steelyard.model.Listener;
import io.steelyard.model.ListenerTls;
import io.steelyard.model.Pool;
import io.steelyard.net.Loop;
import io.steelyard.net.Origin;
import io.steelyard.net.Transport;
import io.steelyard.net.tls.CertificateReader;
import io.steelyard.net.tls.ClientTls;
import io.steelyard.net.tls.ServerTls;
import io.steelyard.net.tls.TlsException;
import io.steelyard.proxy.http.HttpLoop;
import io.steelyard.proxy.listen.ConnectionLimit;
import io.steelyard.proxy.log.AccessLog;
import io.steelyard.proxy.stats.LoopStats;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The listeners of one configuration, on the event loops of one transport: begins to serve when it
 * is started, and ends when it is shut down. Several may live in one process. Thread-safe.
 */
public final class Proxy {
  private static final long LOOK_NANOS = Duration.ofMillis(10).toNanos();

  private final Map<String, ConnectionLimit> limits = new LinkedHashMap<>();
  private final Map<String, ServerTls> tls = new LinkedHashMap<>();
  private final Map<String, ClientTls> poolTls = new LinkedHashMap<>();
  private final List<LoopServices> loops = new ArrayList<>();
  private final ListeningSockets sockets;

  private Proxy(Transport transport) {
    this.sockets = new ListeningSockets(transport, loops);
  }

  /**
   * Compiles the configuration and listens.
   *
   * @param configuration validated
   * @param certificates knows those that have been checked
   * @param state what earlier configurations left; the counters go on in it
   * @param care knows which endpoints may be used; see {@link #refresh}
   * @param log null: no access log
   * @param random the seed of every random choice
   * @throws ListenException when an address cannot be had; nothing listens then
   */
  public static Proxy start(
      Configuration configuration,
      Transport transport,
      Balancers balancers,
      CertificateReader certificates,
      ProxyState state,
      PoolCare care,
      @Nullable AccessLog log,
      SplittableRandom random)
      throws ListenException {
    Proxy proxy = new Proxy(transport);
    checkOrigins(configuration, transport);
    Snapshot snapshot = Snapshot.compile(configuration, state);
    proxy.openTls(configuration, certificates);
    proxy.openPoolTls(configuration);
    care.begin(snapshot.endpoints());
    configuration
        .listeners()
        .forEach((name, listener) ->
            proxy.limits.put(name, new ConnectionLimit(listener.maxConnections())));
    for (Loop loop : transport.loops()) {
      LoopStats stats = state.stats().loop(loop.index());
      HttpLoop http =
          new HttpLoop(loop, stats, random.split(), log == null ? null : log.ring(loop.index()));
      proxy.loops.add(
          new LoopServices(
              snapshot,
              balancers,
              care,
              proxy.limits,
              proxy.tls,
              proxy.poolTls,
              http,
              loop,
              stats));
    }
    try {
      for (Map.Entry<String, Listener> listener : configuration.listeners().entrySet()) {
        proxy.sockets.listen(
            listener.getKey(), listener.getValue(), proxy.limits.get(listener.getKey()));
      }
    } catch (ListenException e) {
      proxy.shutdown(Duration.ZERO);
      throw e;
    }
    return proxy;
  }

  private static void checkOrigins(Configuration configuration, Transport transport)
      throws ListenException {
    for (Map.Entry<String, Pool> pool : configuration.pools().entrySet()) {
      Origin origin = Origin.of(pool.getValue().socket());
      try {
        if (origin != null) {
          transport.check(origin);
        }
      } catch (IOException e) {
        throw new ListenException(
            "pool " + pool.getKey() + ": socket: connections " + e.getMessage(), e);
      }
    }
  }

  private void openTls(Configuration configuration, CertificateReader certificates)
      throws ListenException {
    for (Map.Entry<String, Listener> listener : configuration.listeners().entrySet()) {
      ListenerTls settings = listener.getValue().tls();
      if (settings != null) {
        tls.put(
            listener.getKey(),
            openTls(listener.getKey(), settings, Alpn.of(listener.getValue()), certificates));
      }
    }
  }

  private ServerTls openTls(
      String listener, ListenerTls settings, List<String> protocols, CertificateReader certificates)
      throws ListenException {
    try {
      return ServerTls.open(listener, settings, protocols, certificates);
    } catch (TlsException e) {
      closeTls();
      throw new ListenException("listener " + listener + ": tls: " + e.getMessage(), e);
    }
  }

  private void openPoolTls(Configuration configuration) throws ListenException {
    for (Map.Entry<String, Pool> pool : configuration.pools().entrySet()) {
      EndpointTls settings = pool.getValue().tls();
      if (settings != null) {
        try {
          poolTls.put(
              pool.getKey(), ClientTls.open(settings, Alpn.of(pool.getKey(), configuration)));
        } catch (TlsException e) {
          closeTls();
          throw new ListenException("pool " + pool.getKey() + ": tls: " + e.getMessage(), e);
        }
      }
    }
  }

  private void closeTls() {
    tls.values().forEach(ServerTls::close);
    poolTls.values().forEach(ClientTls::close);
  }

  /** The TLS of the listeners that have it, by their names. */
  public Map<String, ServerTls> tls() {
    return Collections.unmodifiableMap(tls);
  }

  /**
   * Other endpoints of a pool may be used than before: each event loop asks for them and chooses
   * among them. Thread-safe; does not wait.
   */
  public void refresh(String pool) {
    loops.forEach(services -> services.refresh(pool));
  }

  /** The same for all pools. */
  public void refresh() {
    loops.forEach(LoopServices::refreshAll);
  }

  /**
   * The address on which each listener listens, with the port that the kernel chose where 0 was
   * configured; the first port of a range. Listeners with a Unix socket are not among them.
   */
  public Map<String, InetSocketAddress> addresses() {
    return sockets.addresses();
  }

  /** Where each listener listens, as a configuration has it: an address, a range, a Unix socket. */
  public Map<String, String> listening() {
    return sockets.names();
  }

  /**
   * Stops accepting, lets requests end, closes idle connections, and after {@code patience} closes
   * the rest. Waits until all are closed.
   *
   * @return how many connections had to be cut off
   */
  public int shutdown(Duration patience) {
    sockets.close();
    onEachLoop(LoopServices::drain);
    long deadline = System.nanoTime() + patience.toNanos();
    while (openConnections() > 0 && deadline - System.nanoTime() > 0) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    int cut = openConnections();
    onEachLoop(LoopServices::closeAll);
    closeTls();
    return cut;
  }

  /** The open connections of all listeners. */
  public int openConnections() {
    return limits.values().stream().mapToInt(ConnectionLimit::open).sum();
  }

  private void onEachLoop(java.util.function.Consumer<LoopServices> action) {
    CompletableFuture<?>[] done =
        loops.stream()
            .map(services ->
                CompletableFuture.runAsync(() -> action.accept(services), services.loop()::execute))
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(done).join();
  }
}
