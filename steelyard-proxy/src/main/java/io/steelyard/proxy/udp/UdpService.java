package io.steelyard.proxy.udp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.steelyard.model.Listener;
import io.steelyard.model.UdpSessions;
import io.steelyard.proxy.listen.ConnectionLimit;
import io.steelyard.proxy.listen.Service;
import io.steelyard.proxy.listen.ServiceLoop;
import io.steelyard.proxy.log.AccessRecord;
import io.steelyard.proxy.pool.LoopPool;
import io.steelyard.proxy.stats.ListenerStats;
import io.steelyard.proxy.stats.Reason;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one event loop does for one UDP listener: receives datagrams, finds the session of each by
 * the address that it came from, and sends the answers of all sessions.
 *
 * <pre>
 *   client ──► listening socket ──► session by address ──► the session's own socket ──► endpoint
 *   client ◄── listening socket ◄─────────────────────────── the session's own socket ◄── endpoint
 *              (many at a time)                             (the kernel lets only the endpoint in)
 * </pre>
 *
 * <p>Several loops listen at one address: the kernel gives all datagrams of one client's address
 * and port to the same. Belongs to its loop.
 */
public final class UdpService implements Service {
  private final String name;
  private final ServiceLoop loop;
  private final ListenerStats stats;
  private final ConnectionLimit limit;
  private final List<LoopPool> pools;
  private final UdpRouter router;
  private final @Nullable QuicConnections quic;
  private final UdpSessions settings;
  private final int largest;
  private final long idleNanos;
  private final @Nullable AccessRecord record;
  private final List<UdpPort> ports = new ArrayList<>();

  /** Those that still wait for answers, though their client's next datagram begins another. */
  private final Map<UdpSession, Boolean> leaving = new HashMap<>();

  /**
   * @param pools the pool of each route, in the order of the routes
   * @param limit counts the sessions of all loops
   * @param quic those that are found by connection ids, of all loops; null: none is
   */
  public UdpService(
      String name,
      Listener settings,
      List<LoopPool> pools,
      ConnectionLimit limit,
      @Nullable QuicConnections quic,
      ServiceLoop loop) {
    this.name = name;
    this.loop = loop;
    this.stats = loop.stats().listener(name);
    this.limit = limit;
    this.pools = List.copyOf(pools);
    this.router = new UdpRouter(settings.effectiveRoutes());
    this.quic = quic;
    this.settings = settings.sessions();
    this.largest = (int) settings.sessions().datagramSize().bytes();
    this.idleNanos = settings.timeouts().idle().toNanos();
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

  /** The sessions by connection ids; null where they are not found by them. */
  @Nullable QuicConnections quic() {
    return quic;
  }

  UdpSessions settings() {
    return settings;
  }

  /** The largest datagram that is passed on, in bytes. */
  int largest() {
    return largest;
  }

  long idleNanos() {
    return idleNanos;
  }

  /** What is filled, offered to the log and cleared again at once; null when there is no log. */
  @Nullable AccessRecord record() {
    return record;
  }

  @Override
  public ChannelFuture listen(SocketAddress address, boolean shared) {
    UdpPort port = new UdpPort(this, ports.size());
    ports.add(port);
    return loop.loop().receive(address, largest, shared, port);
  }

  /** What waits for answers would wait in vain: the socket that sends them has been closed. */
  @Override
  public void drain() {
    closeAll();
  }

  @Override
  public void closeAll() {
    loop.readClock();
    ports.forEach(UdpPort::closeAll);
    List.copyOf(leaving.keySet()).forEach(session -> session.end(Reason.SHUTDOWN));
  }

  /** A session for a client that has none; null when there cannot be one. */
  @Nullable UdpSession begin(UdpPort port, InetSocketAddress client, ByteBuf first) {
    int route = router.route(client, first);
    if (route < 0) {
      stats.reason(Reason.NO_ROUTE);
      return null;
    }
    if (!limit.tryEnter()) {
      stats.reason(Reason.TOO_MANY_SESSIONS);
      return null;
    }
    stats.connections.increment();
    stats.requests.increment();
    stats.active.add(1);
    UdpSession session = new UdpSession(this, port, pools.get(route), client);
    return session.begin(first) ? session : null;
  }

  /** The client's next datagram begins another session. */
  void leave(UdpSession session) {
    if (session.port().forget(session)) {
      leaving.put(session, true);
    }
  }

  /** The session is over. */
  void remove(UdpSession session) {
    session.port().forget(session);
    leaving.remove(session);
    stats.active.add(-1);
    limit.leave();
  }
}
