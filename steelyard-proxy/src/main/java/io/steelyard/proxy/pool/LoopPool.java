package io.steelyard.proxy.pool;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.EndpointState;
import io.steelyard.balance.KeySource;
import io.steelyard.balance.Lease;
import io.steelyard.balance.Pool;
import io.steelyard.balance.Selection;
import io.steelyard.balance.limit.Traffic;
import io.steelyard.codec.proxyprotocol.ProxyHeader;
import io.steelyard.codec.proxyprotocol.ProxyHeaderWriter;
import io.steelyard.model.AdaptiveSpec;
import io.steelyard.model.EndpointHttp;
import io.steelyard.model.FixedAnswer;
import io.steelyard.model.Hedging;
import io.steelyard.model.Limits;
import io.steelyard.model.PoolConnections;
import io.steelyard.model.PoolTimeouts;
import io.steelyard.model.ProxyProtocolVersion;
import io.steelyard.model.QueueSpec;
import io.steelyard.model.Wish;
import io.steelyard.net.Loop;
import io.steelyard.net.Origin;
import io.steelyard.net.SocketSettings;
import io.steelyard.net.tls.ClientTls;
import io.steelyard.proxy.listen.ProxyExtras;
import io.steelyard.proxy.stats.LoopStats;
import io.steelyard.proxy.stats.PoolStats;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A pool as one event loop uses it: who is chosen, and the connections to each endpoint. Knows
 * nothing of HTTP.
 *
 * <p>Belongs to its event loop.
 */
public final class LoopPool {
  private Pool pool;
  private final PoolStats stats;
  private final @Nullable ClientTls tls;
  private final Loop loop;
  private final LoopStats loopStats;
  private final SocketSettings socket;
  private final PoolConnections limits;
  private List<EndpointConnections> connections;
  private int usable;
  private final @Nullable FixedAnswer fallbackAnswer;
  private @Nullable LoopPool fallback;
  private final @Nullable ProxyProtocolVersion proxyProtocol;
  private final long connectNanos;
  private final long responseNanos;
  private final long idleNanos;
  private final long tunnelNanos;
  private final EndpointHttp http;
  private final RetryRules retries;
  private final @Nullable HedgeLine hedging;
  private final Limits admitted;
  private final Shared shared;
  private @Nullable TrafficGate gate;
  private final @Nullable PoolQueue queue;
  private final int retryAfterSeconds;
  private @Nullable AdaptiveLimits adaptive;

  /**
   * What the event loops share of a pool.
   *
   * @param loops how many there are
   * @param queue null when nobody waits
   */
  public record Shared(int loops, Traffic traffic, @Nullable SharedQueue queue) {}

  /**
   * @param tls what endpoints are spoken to in; null: nothing
   */
  public LoopPool(
      String name,
      Pool pool,
      io.steelyard.model.Pool settings,
      @Nullable ClientTls tls,
      Loop loop,
      Shared shared,
      LoopStats stats) {
    this.pool = pool;
    this.stats = stats.pool(name);
    this.tls = tls;
    this.loop = loop;
    this.loopStats = stats;
    this.limits = kept(settings);
    this.proxyProtocol = settings.proxyProtocol();
    this.socket =
        new SocketSettings(
            settings.socket().tcpNodelay(),
            settings.socket().keepAlive(),
            Origin.of(settings.socket()));
    this.connections = pool.endpoints().stream().map(this::connections).toList();
    PoolTimeouts timeouts = settings.timeouts();
    this.usable = usable(pool.endpoints());
    this.fallbackAnswer = settings.fallback() == null ? null : settings.fallback().answer();
    this.connectNanos = timeouts.connect().toNanos();
    this.responseNanos = timeouts.response().toNanos();
    this.idleNanos = timeouts.idle().toNanos();
    this.tunnelNanos = timeouts.tunnel().toNanos();
    this.http = settings.http();
    this.retryAfterSeconds =
        (int) settings.limits().retryAfter().plusNanos(999_999_999).toSeconds();
    this.admitted = settings.limits();
    this.shared = shared;
    this.queue = queue(settings, shared.queue(), loop);
    Hedging hedged = settings.hedging();
    this.hedging = hedged == null ? null : new HedgeLine(hedged, loop.events());
    this.retries = new RetryRules(settings.retries(), shared.loops(), loop.timers().nanoTime());
    admission();
  }

  private @Nullable PoolQueue queue(
      io.steelyard.model.Pool settings, @Nullable SharedQueue shared, Loop loop) {
    QueueSpec wanted = settings.queue();
    if (wanted == null || shared == null) {
      return null;
    }
    return new PoolQueue(this, wanted, shared, loop, stats);
  }

  /** Whatever limits what is in use, for the endpoints that there are. */
  private void admission() {
    SharedQueue waiting = shared.queue();
    if (queue != null && waiting != null) {
      pool.whenReleased(waiting::wake);
    }
    gate = gate(admitted, shared);
    if (admitted.inFlight() > 0) {
      pool.limit(shared.traffic().inFlight(), admitted.inFlight());
    }
    if (adaptive != null) {
      adaptive.stop();
    }
    adaptive = adaptive(admitted.adaptive(), waiting, loop);
  }

  private @Nullable TrafficGate gate(Limits limits, Shared shared) {
    if (!limits.limitsConnectionsOrRetries()) {
      return null;
    }
    SharedQueue waiting = shared.queue();
    Runnable told = waiting == null ? () -> {} : waiting::wake;
    connections.forEach(each -> each.count(shared.traffic(), told));
    return new TrafficGate(limits, shared.traffic(), connections);
  }

  /** The first event loop finds the limits for all. */
  private @Nullable AdaptiveLimits adaptive(
      @Nullable AdaptiveSpec wanted, @Nullable SharedQueue waiting, Loop loop) {
    if (wanted == null) {
      return null;
    }
    pool.adapt();
    if (loop.index() > 0) {
      return null;
    }
    AdaptiveLimits limits =
        new AdaptiveLimits(
            wanted,
            pool.endpoints(),
            loop.timers(),
            new SplittableRandom(pool.name().hashCode()),
            waiting == null ? () -> {} : waiting::wake);
    loop.execute(limits::start);
    return limits;
  }

  private EndpointConnections connections(Endpoint endpoint) {
    return new EndpointConnections(
        endpoint, limits, socket, tls, loop, loopStats.endpoint(pool.name(), endpoint.name()));
  }

  /**
   * Has other endpoints from now on. Those that stay keep their connections; of those that are gone
   * the idle ones are closed, and the others when they become idle.
   *
   * @param all each at its {@link Endpoint#index}
   * @param ready those of them that may be used
   */
  public void replace(List<Endpoint> all, List<Endpoint> ready, Balancer balancer) {
    IdentityHashMap<EndpointState, EndpointConnections> known = new IdentityHashMap<>();
    connections.forEach(to -> known.put(to.endpoint().state(), to));
    List<EndpointConnections> next = new ArrayList<>(all.size());
    for (Endpoint endpoint : all) {
      EndpointConnections same = known.remove(endpoint.state());
      next.add(same == null ? connections(endpoint) : same);
      next.getLast().adopt(endpoint);
    }
    known.values().forEach(EndpointConnections::close);
    connections = List.copyOf(next);
    pool = pool.successor(all, ready, balancer);
    admission();
    readyChanged(ready);
  }

  private void readyChanged(List<Endpoint> ready) {
    usable = usable(ready);
    connections.forEach(to -> to.keep(to.endpoint().wish() == Wish.READY));
    if (queue != null) {
      queue.wakeUp();
    }
  }

  /**
   * A connection that begins with one client's header, or comes from its address, is no other's.
   */
  private static PoolConnections kept(io.steelyard.model.Pool settings) {
    PoolConnections usual = settings.connections();
    return settings.proxyProtocol() == null && !settings.socket().transparent()
        ? usual
        : new PoolConnections(0, usual.idleTime(), usual.maxAge());
  }

  /** Whether connections to its endpoints begin with a PROXY protocol header. */
  public boolean sendsProxyHeader() {
    return proxyProtocol != null;
  }

  /**
   * What a connection to an endpoint begins with: a PROXY protocol header, if the pool sends one;
   * null if not.
   *
   * @param client its connection, which may have more to tell than addresses
   */
  public @Nullable ByteBuf proxyHeader(
      InetSocketAddress source,
      InetSocketAddress destination,
      Channel client,
      ByteBufAllocator allocator) {
    ProxyProtocolVersion version = proxyProtocol;
    if (version == null) {
      return null;
    }
    if (source.getAddress().isAnyLocalAddress()) { // of a Unix socket
      return version == ProxyProtocolVersion.V1
          ? ProxyHeaderWriter.version1(ProxyHeader.LOCAL, allocator)
          : ProxyHeaderWriter.version2(ProxyHeader.LOCAL, allocator);
    }
    return switch (version) {
      case V1 -> ProxyHeaderWriter.version1(ProxyHeader.of(source, destination), allocator);
      case V2 ->
          ProxyHeaderWriter.version2(
              ProxyHeader.of(source, destination, ProxyExtras.of(client)), allocator);
    };
  }

  /** All endpoints, those included that may not be used. */
  public List<Endpoint> endpoints() {
    return pool.endpoints();
  }

  /**
   * Chooses among these endpoints from now on. Where the administrator wants no traffic, idle
   * connections are closed and none is kept.
   */
  public void rebalance(List<Endpoint> ready, Balancer balancer) {
    pool.rebalance(ready, balancer);
    readyChanged(ready);
  }

  private static int usable(List<Endpoint> ready) {
    return (int) ready.stream().filter(endpoint -> endpoint.weight() > 0).count();
  }

  /**
   * Whether nobody is left to choose: no endpoint can be used, or all that can be have failed.
   *
   * @param failed how many have
   */
  public boolean isUsedUp(int failed) {
    return usable <= failed;
  }

  /** The pool that serves when this one cannot. */
  public void fallback(LoopPool pool) {
    fallback = pool;
  }

  /** The pool that serves when this one cannot; null when there is none. */
  public @Nullable LoopPool fallback() {
    return fallback;
  }

  /** The first pool that can serve, or the last, on the way from one to its fallback. */
  public LoopPool standIn() {
    LoopPool at = this;
    for (LoopPool next = fallback; at.isUsedUp(0) && next != null; next = at.fallback) {
      at.stats.fallbacks.increment();
      at = next;
    }
    return at;
  }

  /** What is answered when neither can; null when that was not said. */
  public @Nullable FixedAnswer fallbackAnswer() {
    return fallbackAnswer;
  }

  /** Chooses an endpoint; null when none can be chosen, see {@link #refusal}. */
  public @Nullable Lease lease(Selection selection) {
    if (gate != null) {
      gate.begin();
    }
    return pool.lease(selection);
  }

  /** Why the last {@link #lease} gave none. */
  public Refusal refusal() {
    if (pool.isSaturated()) {
      return Refusal.IN_FLIGHT;
    }
    return gate == null ? Refusal.NO_ENDPOINT : gate.refusal();
  }

  /** The limits of connections and repeated attempts; null when there are none. */
  public @Nullable TrafficGate gate() {
    return gate;
  }

  /** Where requests wait for room; null when they do not. */
  public @Nullable PoolQueue queue() {
    return queue;
  }

  /** When a client that is refused may ask again, in seconds; 0 when that is not said. */
  public int retryAfterSeconds() {
    return retryAfterSeconds;
  }

  /** Another event loop needs connections: closes an idle one to each endpoint. */
  void shed() {
    connections.forEach(EndpointConnections::shed);
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

  /** When failed attempts are followed by others. */
  public RetryRules retries() {
    return retries;
  }

  /** Where requests wait to be sent to a second endpoint; null when none are. */
  public @Nullable HedgeLine hedging() {
    return hedging;
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

  /** Which HTTP its endpoints are spoken to in, where it is HTTP at all. */
  public EndpointHttp http() {
    return http;
  }

  /** Whether several requests share a connection, as in HTTP/2. */
  public boolean isMultiplexed() {
    return http.version() == 2;
  }

  /** Closes the idle connections; those in use are closed when they become idle. */
  public void close() {
    connections.forEach(EndpointConnections::close);
    if (adaptive != null) {
      adaptive.stop();
    }
  }
}
