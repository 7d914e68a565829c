package io.steelyard.proxy.pool;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.limit.Traffic;
import io.steelyard.model.Address;
import io.steelyard.model.PoolConnections;
import io.steelyard.net.Loop;
import io.steelyard.net.Origin;
import io.steelyard.net.SocketSettings;
import io.steelyard.net.tls.ClientTls;
import io.steelyard.proxy.stats.EndpointStats;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's connections to one endpoint: opens new ones and keeps idle ones for reuse, the
 * youngest first, so that those not needed grow old and are closed.
 *
 * <p>Belongs to its event loop.
 */
public final class EndpointConnections {
  private Endpoint endpoint;
  private final SocketAddress address;
  private final PoolConnections limits;
  private final SocketSettings socket;
  private final @Nullable ClientTls tls;
  private final Loop loop;
  private final EndpointStats stats;
  private final long idleNanos;
  private final long maxAgeNanos;
  private final IdleConnections idle = new IdleConnections();
  private final List<SharedConnection> shared = new ArrayList<>(2);
  private @Nullable Traffic poolTraffic;
  private Runnable whenRoom = () -> {};
  private boolean keeping = true;
  private boolean closed;

  EndpointConnections(
      Endpoint endpoint,
      PoolConnections limits,
      SocketSettings socket,
      @Nullable ClientTls tls,
      Loop loop,
      EndpointStats stats) {
    this.endpoint = endpoint;
    this.address = socketAddress(endpoint.address());
    this.limits = limits;
    this.socket = socket;
    this.tls = tls;
    this.loop = loop;
    this.stats = stats;
    this.idleNanos = limits.idleTime().toNanos();
    this.maxAgeNanos = limits.maxAge().toNanos();
  }

  /** Names have been resolved long before: looking one up here would stop the event loop. */
  private static SocketAddress socketAddress(Address address) {
    if (address.isUnix()) {
      return new DomainSocketAddress(address.host());
    }
    return address.isName()
        ? InetSocketAddress.createUnresolved(address.host(), address.port())
        : new InetSocketAddress(address.host(), address.port());
  }

  /**
   * Counts its connections from now on.
   *
   * @param pool where those of the whole pool are counted
   * @param told each time that one has been opened or closed
   */
  void count(Traffic pool, Runnable told) {
    poolTraffic = pool;
    whenRoom = told;
  }

  /** What the endpoint has in use, if it is counted. */
  Traffic traffic() {
    return endpoint.state().traffic();
  }

  /** Whether a request needs no new connection. */
  boolean hasRoom() {
    return idle.size() > 0 || sharedWithRoom(false) != null;
  }

  /** How its sockets behave. */
  public SocketSettings socket() {
    return socket;
  }

  public Endpoint endpoint() {
    return endpoint;
  }

  /** The same endpoint, as the pool has it now. */
  void adopt(Endpoint same) {
    endpoint = same;
  }

  public EndpointStats stats() {
    return stats;
  }

  /**
   * When a connection that becomes idle {@code now} is to be closed, a nanoTime: after the time
   * that it may be idle, or earlier when it comes of age before.
   */
  public long idleUntil(PooledConnection connection, long now) {
    return now + Math.min(idleNanos, maxAgeNanos - (now - connection.openedNanos()));
  }

  /** Begins to open a connection; {@code handler} is told through the channel when it is there. */
  public ChannelFuture connect(ChannelHandler handler) {
    return connect(handler, 0, null);
  }

  /**
   * The same.
   *
   * @param port which of the endpoint's ports, from 0; of one that has {@link #hasPorts several}
   * @param client for whom, where that {@link #isTransparent matters}; null when it does not
   */
  public ChannelFuture connect(
      ChannelHandler handler, int port, @Nullable InetSocketAddress client) {
    stats.connects.increment();
    SocketAddress remote = addressOf(port);
    ChannelFuture connected =
        loop.connect(
            remote, local(remote, client), socket, tls == null ? null : encryption(tls), handler);
    Traffic pool = poolTraffic;
    if (pool != null) {
      count(connected, traffic());
      count(connected, pool);
    }
    return connected;
  }

  private @Nullable SocketAddress local(SocketAddress remote, @Nullable InetSocketAddress client) {
    Origin origin = socket.origin();
    return origin != null && remote instanceof InetSocketAddress to && !to.isUnresolved()
        ? origin.local(to, client)
        : null;
  }

  /** Whether connections come from their client's address. */
  public boolean isTransparent() {
    Origin origin = socket.origin();
    return origin != null && origin.transparent();
  }

  /** Whether the endpoint has a range of ports, one for each of the listener's. */
  public boolean hasPorts() {
    return endpoint.address().ports() > 1;
  }

  private SocketAddress addressOf(int port) {
    return port > 0 && address instanceof InetSocketAddress first
        ? new InetSocketAddress(first.getAddress(), first.getPort() + port)
        : address;
  }

  private void count(ChannelFuture connected, Traffic used) {
    used.connections().enter();
    used.connecting().enter();
    connected.addListener(future -> {
      used.connecting().leave();
      whenRoom.run();
    });
    connected
        .channel()
        .closeFuture()
        .addListener(future -> {
          used.connections().leave();
          whenRoom.run();
        });
  }

  private ChannelHandler encryption(ClientTls client) {
    return client.newHandler(endpoint.host(), endpoint.address().port());
  }

  /** Are connections encrypted? Then one is there when its handshake has ended. */
  public boolean isSecure() {
    return tls != null;
  }

  /**
   * The same for datagrams of up to so many bytes.
   *
   * @param many are several answers to be expected at a time?
   * @param port as with {@link #connect}, and so is {@code client}
   */
  public ChannelFuture connectDatagrams(
      int largest, boolean many, int port, InetSocketAddress client, ChannelHandler handler) {
    stats.connects.increment();
    SocketAddress remote = addressOf(port);
    return loop.connectDatagrams(
        remote, local(remote, client), socket.origin(), largest, many, handler);
  }

  /** The youngest idle connection, which is the caller's from now on; null when there is none. */
  public @Nullable PooledConnection take() {
    PooledConnection connection = idle.youngest();
    if (connection != null) {
      remove(connection);
    }
    return connection;
  }

  /**
   * The oldest connection in use that takes one more request, else an idle one, which is in use
   * from now on; null when there is none.
   *
   * @param freshOnly not one that the endpoint may have closed while it was idle
   */
  public @Nullable SharedConnection withRoom(boolean freshOnly) {
    SharedConnection used = sharedWithRoom(freshOnly);
    if (used == null && !freshOnly && take() instanceof SharedConnection connection) {
      share(connection);
      return connection;
    }
    return used;
  }

  private @Nullable SharedConnection sharedWithRoom(boolean freshOnly) {
    for (int i = 0; i < shared.size(); i++) {
      SharedConnection connection = shared.get(i);
      if (connection.hasRoom() && !(freshOnly && connection.isDoubtful())) {
        return connection;
      }
    }
    return null;
  }

  /** It is in use, or being opened: others may use it too. */
  public void share(SharedConnection connection) {
    shared.add(connection);
  }

  /** It is idle, or takes no request any more. */
  public void unshare(SharedConnection connection) {
    shared.remove(connection);
  }

  /** Whether it is too old to take another request. */
  public boolean isOld(PooledConnection connection, long now) {
    return now - connection.openedNanos() >= maxAgeNanos;
  }

  /**
   * Takes back a connection that may be used again.
   *
   * @return false when it is too old or must not be kept: the caller closes it
   */
  public boolean give(PooledConnection connection, long now) {
    if (!keeping || limits.idle() == 0 || isOld(connection, now)) {
      return false;
    }
    if (idle.size() == limits.idle()) {
      closeOldest();
    }
    idle.add(connection);
    stats.idle.increment();
    endpoint.state().idleAdded();
    return true;
  }

  /** An idle connection has ended; does nothing for one in use. */
  public void forget(PooledConnection connection) {
    if (connection.idle) {
      remove(connection);
    }
  }

  /** Closes the idle connection that is not used for the longest time, if there is one. */
  void shed() {
    closeOldest();
  }

  /** Whether connections are kept for reuse from now on; if not, the idle ones are closed. */
  void keep(boolean wanted) {
    keeping = wanted && !closed;
    while (!keeping && idle.size() > 0) {
      closeOldest();
    }
  }

  /** Closes the idle connections and never keeps one again. */
  void close() {
    closed = true;
    keep(false);
  }

  private void closeOldest() {
    PooledConnection oldest = idle.oldest();
    if (oldest != null) {
      remove(oldest);
      oldest.closeIdle();
    }
  }

  private void remove(PooledConnection connection) {
    idle.remove(connection);
    stats.idle.decrement();
    endpoint.state().idleRemoved();
  }
}
