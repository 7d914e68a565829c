package io.steelyard.proxy.pool;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.KeySource;
import io.steelyard.balance.Lease;
import io.steelyard.balance.Pool;
import io.steelyard.balance.Selection;
import io.steelyard.codec.proxyprotocol.ProxyHeader;
import io.steelyard.codec.proxyprotocol.ProxyHeaderWriter;
import io.steelyard.model.PoolConnections;
import io.steelyard.model.PoolTimeouts;
import io.steelyard.model.ProxyProtocolVersion;
import io.steelyard.net.Loop;
import io.steelyard.net.SocketSettings;
import io.steelyard.proxy.stats.LoopStats;
import io.steelyard.proxy.stats.PoolStats;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pool as one event loop uses it: who is chosen, and the connections to each endpoint. Knows
 * nothing of HTTP.
 *
 * <p>Belongs to its event loop.
 */
public final class LoopPool {
  private final Pool pool;
  private final io.steelyard.model.Pool settings;
  private final PoolStats stats;
  private final List<EndpointConnections> connections;
  private final long connectNanos;
  private final long responseNanos;
  private final long idleNanos;
  private final long tunnelNanos;

  public LoopPool(
      String name, Pool pool, io.steelyard.model.Pool settings, Loop loop, LoopStats stats) {
    this.pool = pool;
    this.settings = settings;
    this.stats = stats.pool(name);
    SocketSettings socket =
        new SocketSettings(settings.socket().tcpNodelay(), settings.socket().keepAlive());
    this.connections =
        pool.endpoints().stream()
            .map(endpoint ->
                new EndpointConnections(
                    endpoint, kept(settings), socket, loop, stats.endpoint(name, endpoint.name())))
            .toList();
    PoolTimeouts timeouts = settings.timeouts();
    this.connectNanos = timeouts.connect().toNanos();
    this.responseNanos = timeouts.response().toNanos();
    this.idleNanos = timeouts.idle().toNanos();
    this.tunnelNanos = timeouts.tunnel().toNanos();
  }

  /** A connection that begins with one client's header is no other's. */
  private static PoolConnections kept(io.steelyard.model.Pool settings) {
    PoolConnections usual = settings.connections();
    return settings.proxyProtocol() == null
        ? usual
        : new PoolConnections(0, usual.idleTime(), usual.maxAge());
  }

  /** Whether connections to its endpoints begin with a PROXY protocol header. */
  public boolean sendsProxyHeader() {
    return settings.proxyProtocol() != null;
  }

  /**
   * What a connection to an endpoint begins with: a PROXY protocol header, if the pool sends one;
   * null if not.
   */
  public @Nullable ByteBuf proxyHeader(
      InetSocketAddress source, InetSocketAddress destination, ByteBufAllocator allocator) {
    ProxyProtocolVersion version = settings.proxyProtocol();
    if (version == null) {
      return null;
    }
    ProxyHeader header = ProxyHeader.of(source, destination);
    return switch (version) {
      case V1 -> ProxyHeaderWriter.version1(header, allocator);
      case V2 -> ProxyHeaderWriter.version2(header, allocator);
    };
  }

  /** All endpoints, those included that may not be used. */
  public List<Endpoint> endpoints() {
    return pool.endpoints();
  }

  /** Chooses among these endpoints from now on. */
  public void rebalance(List<Endpoint> ready, Balancer balancer) {
    pool.rebalance(ready, balancer);
  }

  /** Chooses an endpoint; null when none can be chosen. */
  public @Nullable Lease lease(Selection selection) {
    return pool.lease(selection);
  }

  /** What a selection's key has to hold; null for nothing. */
  public @Nullable KeySource keySource() {
    return pool.keySource();
  }

  /** Whether the reports of load that answers carry are to be read. */
  public boolean usesLoadReports() {
    return pool.usesLoadReports();
  }

  public EndpointConnections connectionsTo(Endpoint endpoint) {
    return connections.get(endpoint.index());
  }

  public String name() {
    return pool.name();
  }

  public PoolStats stats() {
    return stats;
  }

  /** How many attempts may follow the first. */
  public int retries() {
    return settings.retries();
  }

  public long connectNanos() {
    return connectNanos;
  }

  public long responseNanos() {
    return responseNanos;
  }

  public long idleNanos() {
    return idleNanos;
  }

  public long tunnelNanos() {
    return tunnelNanos;
  }

  /** Closes the idle connections; those in use are closed when they become idle. */
  public void close() {
    connections.forEach(EndpointConnections::close);
  }
}
