package io.steelyard.proxy.http;

import static java.util.Objects.requireNonNull;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.steelyard.balance.KeySource;
import io.steelyard.codec.http1.HeadLimits;
import io.steelyard.model.ByteSize;
import io.steelyard.model.ClientCertificates;
import io.steelyard.model.HttpLimits;
import io.steelyard.model.Listener;
import io.steelyard.model.ListenerHttp2;
import io.steelyard.model.Redirect;
import io.steelyard.model.Route;
import io.steelyard.net.ListenSettings;
import io.steelyard.net.tls.ServerTls;
import io.steelyard.proxy.listen.AcceptedChannels;
import io.steelyard.proxy.listen.AcceptingService;
import io.steelyard.proxy.listen.ConnectionLimit;
import io.steelyard.proxy.pool.LoopPool;
import io.steelyard.proxy.pool.PoolQueue;
import io.steelyard.proxy.route.Router;
import io.steelyard.proxy.stats.ListenerStats;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one event loop does for one HTTP listener: its settings, its routes, and the connections
 * that are open. Belongs to its loop.
 */
public final class HttpService implements AcceptingService {
  private final String name;
  private final ListenSettings listening;
  private final Listener settings;
  private final HttpLoop loop;
  private final ListenerStats stats;
  private final ConnectionLimit limit;
  private final @Nullable ServerTls tls;
  private final long handshakeNanos;
  private final boolean certificates;
  private final Router router;
  private final List<@Nullable LoopPool> pools;
  private final @Nullable Redirect[] redirects;
  private final @Nullable KeyReader[] keyReaders;
  private final int[] serviceClasses;
  private final RequestEdits edits;
  private final HeadLimits headLimits;
  private final long bodyLimit;
  private final int requestLimit;
  private final ListenerHttp2 http2;
  private final long headNanos;
  private final long idleNanos;
  private final long bodyNanos;
  private final ClientConnections connections = new ClientConnections();
  private boolean draining;

  /**
   * @param pools the pool of each route, in the order of the routes; null where it redirects
   * @param limit counts the connections of all loops
   * @param tls null: none
   */
  public HttpService(
      String name,
      Listener settings,
      Router router,
      List<@Nullable LoopPool> pools,
      ConnectionLimit limit,
      @Nullable ServerTls tls,
      HttpLoop loop) {
    this.name = name;
    this.settings = settings;
    this.listening = ListenSettings.of(settings.socket());
    this.loop = loop;
    this.stats = loop.stats().listener(name);
    this.limit = limit;
    this.tls = tls;
    this.handshakeNanos = tls == null ? 0 : tls.settings().handshakeTimeout().toNanos();
    this.certificates = tellsCertificates(tls);
    this.router = router;
    this.pools = Collections.unmodifiableList(new ArrayList<>(pools));
    this.redirects =
        settings.effectiveRoutes().stream().map(Route::redirect).toArray(Redirect[]::new);
    this.keyReaders = keyReaders(pools);
    this.serviceClasses = serviceClasses(settings.effectiveRoutes(), pools);
    this.edits = new RequestEdits(loop.edit(), settings.forwarding(), tls != null, certificates);
    HttpLimits limits = settings.limits();
    this.headLimits =
        new HeadLimits(
            (int) limits.headSize().bytes(), limits.fields(), (int) limits.requestLine().bytes());
    ByteSize bodySize = limits.bodySize();
    this.bodyLimit = bodySize == null ? Long.MAX_VALUE : bodySize.bytes();
    this.requestLimit =
        limits.requestsPerConnection() == 0 ? Integer.MAX_VALUE : limits.requestsPerConnection();
    this.http2 = settings.http2();
    this.headNanos = settings.timeouts().head().toNanos();
    this.idleNanos = settings.timeouts().idle().toNanos();
    this.bodyNanos = settings.timeouts().body().toNanos();
  }

  String name() {
    return name;
  }

  HttpLoop loop() {
    return loop;
  }

  ListenerStats stats() {
    return stats;
  }

  ConnectionLimit limit() {
    return limit;
  }

  Router router() {
    return router;
  }

  /** Where a route sends its requests; for routes that do not redirect. */
  LoopPool pool(int route) {
    return requireNonNull(pools.get(route), "pool");
  }

  /** Where a route sends its clients; null when it has a pool. */
  @Nullable Redirect redirect(int route) {
    return redirects[route];
  }

  /** Do clients speak TLS? */
  boolean isSecure() {
    return tls != null;
  }

  /** How long a handshake may take. */
  long handshakeNanos() {
    return handshakeNanos;
  }

  /** Are endpoints told about clients' certificates? */
  boolean tellsCertificates() {
    return certificates;
  }

  private static boolean tellsCertificates(@Nullable ServerTls tls) {
    ClientCertificates client = tls == null ? null : tls.settings().client();
    return client != null && client.forward();
  }

  /** Finds what the balancer of a route's pool chooses by; null when it looks at no request. */
  @Nullable KeyReader keyReader(int route) {
    return keyReaders[route];
  }

  /** The class of service of a route's requests, in the queue of its pool. */
  int serviceClass(int route) {
    return serviceClasses[route];
  }

  private static int[] serviceClasses(List<Route> routes, List<@Nullable LoopPool> pools) {
    int[] classes = new int[pools.size()];
    for (int i = 0; i < classes.length; i++) {
      LoopPool pool = pools.get(i);
      PoolQueue queue = pool == null ? null : pool.queue();
      classes[i] = queue == null ? 0 : queue.classOf(routes.get(i).serviceClass());
    }
    return classes;
  }

  /** The same as {@link #keyReader(int)} for a pool that stands in for a route's. */
  @Nullable KeyReader keyReader(LoopPool standIn) {
    KeySource source = standIn.keySource();
    return source == null ? null : new KeyReader(source);
  }

  private static @Nullable KeyReader[] keyReaders(List<@Nullable LoopPool> pools) {
    @Nullable KeyReader[] readers = new KeyReader[pools.size()];
    for (int i = 0; i < readers.length; i++) {
      LoopPool pool = pools.get(i);
      KeySource source = pool == null ? null : pool.keySource();
      readers[i] = source == null ? null : new KeyReader(source);
    }
    return readers;
  }

  RequestEdits edits() {
    return edits;
  }

  HeadLimits headLimits() {
    return headLimits;
  }

  long bodyLimit() {
    return bodyLimit;
  }

  int requestLimit() {
    return requestLimit;
  }

  /** How many requests of one HTTP/2 connection may be under way. */
  int mostStreams() {
    return http2.maxStreams();
  }

  /** How many bytes of one HTTP/2 request's body may be under way to us. */
  int streamWindow() {
    return (int) http2.streamWindow().bytes();
  }

  /** Is HTTP/2 spoken? */
  boolean speaksHttp2() {
    return http2.enabled();
  }

  long headNanos() {
    return headNanos;
  }

  long idleNanos() {
    return idleNanos;
  }

  long bodyNanos() {
    return bodyNanos;
  }

  ClientConnections connections() {
    return connections;
  }

  /** Is the listener going away? Then connections end with the request they are at. */
  boolean isDraining() {
    return draining;
  }

  @Override
  public ChannelFuture listen(SocketAddress address, boolean shared) {
    return loop.loop().listen(address, listening, shared, accepting());
  }

  @Override
  public ChannelHandler accepting() {
    return new AcceptedChannels(settings, tls, loop, stats, () -> new Http1ClientConnection(this));
  }

  /** Closes what is idle, and the rest when its request is answered. */
  @Override
  public void drain() {
    draining = true;
    connections.forEach(OpenConnection::drain);
  }

  @Override
  public void closeAll() {
    draining = true;
    connections.forEach(OpenConnection::closeNow);
  }

  /** How many connections are open. */
  public int openConnections() {
    return connections.size();
  }
}
