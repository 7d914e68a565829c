package io.steelyard.proxy.tcp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.steelyard.model.FtpSpec;
import io.steelyard.model.Listener;
import io.steelyard.model.Route;
import io.steelyard.net.ListenSettings;
import io.steelyard.net.tls.ServerTls;
import io.steelyard.proxy.listen.AcceptedChannels;
import io.steelyard.proxy.listen.AcceptingService;
import io.steelyard.proxy.listen.ConnectionLimit;
import io.steelyard.proxy.listen.ServiceLoop;
import io.steelyard.proxy.log.AccessRecord;
import io.steelyard.proxy.pool.LoopPool;
import io.steelyard.proxy.stats.ListenerStats;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one event loop does for one TCP listener: its settings, its routes, and the connections that
 * are open. Belongs to its loop.
 */
public final class TcpService implements AcceptingService {
  private final String name;
  private final int firstPort;
  private final ListenSettings listening;
  private final Listener settings;
  private final @Nullable ServerTls tls;
  private final long handshakeNanos;
  private final TcpRouter router;
  private final long headNanos;
  private final ServiceLoop loop;
  private final ListenerStats stats;
  private final ConnectionLimit limit;
  private final List<LoopPool> pools;
  private final List<Route> routes;
  private final @Nullable FtpSpec ftp;
  private @Nullable TcpConnection first;
  private final @Nullable AccessRecord record;

  /**
   * @param pools the pool of each route, in the order of the routes
   * @param limit counts the connections of all loops
   * @param tls null: none
   */
  public TcpService(
      String name,
      Listener settings,
      List<LoopPool> pools,
      ConnectionLimit limit,
      @Nullable ServerTls tls,
      ServiceLoop loop) {
    this.name = name;
    this.firstPort = settings.address().ports() > 1 ? settings.address().port() : 0;
    this.settings = settings;
    this.tls = tls;
    this.handshakeNanos = tls == null ? 0 : tls.settings().handshakeTimeout().toNanos();
    this.router = TcpRouter.compile(settings.effectiveRoutes());
    this.headNanos = settings.timeouts().head().toNanos();
    this.listening = ListenSettings.of(settings.socket());
    this.loop = loop;
    this.stats = loop.stats().listener(name);
    this.limit = limit;
    this.pools = List.copyOf(pools);
    this.routes = settings.effectiveRoutes();
    this.ftp = settings.ftp();
    this.record = loop.isLogging() ? new AccessRecord() : null;
  }

  String name() {
    return name;
  }

  ServiceLoop loop() {
    return loop;
  }

  ListenerStats stats() {
    return stats;
  }

  ConnectionLimit limit() {
    return limit;
  }

  /** Do clients speak TLS with us? */
  boolean isSecure() {
    return tls != null;
  }

  /** How long a handshake may take. */
  long handshakeNanos() {
    return handshakeNanos;
  }

  /** How data of FTP comes through; null where it is not read along. */
  @Nullable FtpSpec ftp() {
    return ftp;
  }

  TcpRouter router() {
    return router;
  }

  /** How long a client may take to send what its route depends on. */
  long headNanos() {
    return headNanos;
  }

  /** The pool of the route with this number. */
  LoopPool pool(int route) {
    return pools.get(route);
  }

  /** The class of service of this route's connections, in the queue of its pool; null for none. */
  @Nullable String serviceClass(int route) {
    return routes.get(route).serviceClass();
  }

  /** What is filled, offered to the log and cleared again at once; null when there is no log. */
  @Nullable AccessRecord record() {
    return record;
  }

  @Override
  public ChannelFuture listen(SocketAddress address, boolean shared) {
    return loop.loop().listen(address, listening, shared, accepting());
  }

  @Override
  public ChannelHandler accepting() {
    return new AcceptedChannels(settings, tls, loop, stats, () -> new TcpConnection(this));
  }

  /** Which of the listener's ports a connection came to, from 0. */
  int portOf(Channel channel) {
    return firstPort > 0 && channel.localAddress() instanceof InetSocketAddress local
        ? local.getPort() - firstPort
        : 0;
  }

  /** Connections that are relayed go on: nobody can tell where it would not hurt to end them. */
  @Override
  public void drain() {
    forEach(TcpConnection::drain);
  }

  @Override
  public void closeAll() {
    forEach(TcpConnection::closeNow);
  }

  void add(TcpConnection connection) {
    connection.next = first;
    if (first != null) {
      first.previous = connection;
    }
    first = connection;
  }

  void remove(TcpConnection connection) {
    TcpConnection previous = connection.previous;
    TcpConnection next = connection.next;
    if (previous == null) {
      first = next;
    } else {
      previous.next = next;
    }
    if (next != null) {
      next.previous = previous;
    }
    connection.previous = null;
    connection.next = null;
  }

  /** {@code action} may remove the one that it is given. */
  private void forEach(Consumer<TcpConnection> action) {
    TcpConnection connection = first;
    while (connection != null) {
      TcpConnection next = connection.next;
      action.accept(connection);
      connection = next;
    }
  }
}
