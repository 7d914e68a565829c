package io.steelyard.proxy.tcp;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.EndpointState;
import io.steelyard.balance.KeySource;
import io.steelyard.balance.Lease;
import io.steelyard.balance.Outcome;
import io.steelyard.balance.Selection;
import io.steelyard.codec.BufferView;
import io.steelyard.codec.rdp.RdpCookie;
import io.steelyard.model.FtpSpec;
import io.steelyard.model.RetryOn.Failure;
import io.steelyard.proxy.ftp.FtpControl;
import io.steelyard.proxy.listen.Agreed;
import io.steelyard.proxy.listen.ClientAddress;
import io.steelyard.proxy.listen.SelectionKey;
import io.steelyard.proxy.listen.ServiceLoop;
import io.steelyard.proxy.log.AccessLogRing;
import io.steelyard.proxy.log.AccessRecord;
import io.steelyard.proxy.pool.EndpointConnections;
import io.steelyard.proxy.pool.LoopPool;
import io.steelyard.proxy.pool.PoolQueue;
import io.steelyard.proxy.pool.Refusal;
import io.steelyard.proxy.pool.RetryRules;
import io.steelyard.proxy.pool.TrafficGate;
import io.steelyard.proxy.relay.Relay;
import io.steelyard.proxy.stats.EndpointStats;
import io.steelyard.proxy.stats.ListenerStats;
import io.steelyard.proxy.stats.PoolStats;
import io.steelyard.proxy.stats.Reason;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One connection on its way across: leases an endpoint, connects to it, tries others while it is
 * not accepted, relays, and accounts for it all.
 *
 * <p>What is measured of an endpoint is the time to connect and, from the client's first bytes to
 * the endpoint's first, the time to answer; a client that takes its time does not count.
 *
 * <p>Belongs to one event loop.
 */
final class Passage implements Selection, Relay.Listener {
  private static final EndpointState[] NONE = {};
  private static final byte[] NO_KEY = {};

  private final TcpConnection client;
  private final TcpService service;
  private final ServiceLoop loop;
  private final ClientAddress address;
  private @Nullable SelectionKey key;
  private final long startNanos;
  private EndpointState[] tried = NONE;
  private int attempt;
  private int attempts;
  private @Nullable EarlyBytes first;
  private @Nullable Agreed agreed;
  private @Nullable String serverName;
  private @Nullable LoopPool pool;
  private @Nullable String serviceClass;
  private @Nullable Turn turn;
  private @Nullable TrafficGate repeating;
  private @Nullable Lease lease;
  private @Nullable EndpointStats stats;
  private @Nullable TcpEndpoint endpoint;
  private @Nullable String endpointName;
  private long dispatchNanos;
  private long connectNanos = -1;
  private long firstByteNanos = -1;
  private long serviceNanos;
  private long askedNanos;
  private boolean asked;
  private Reason reason = Reason.NONE;
  private @Nullable Outcome outcome;
  private boolean finished;

  Passage(TcpConnection client, TcpService service, ClientAddress address) {
    this.client = client;
    this.service = service;
    this.loop = service.loop();
    this.address = address;
    this.startNanos = loop.nanoTime();
  }

  // ---- to an endpoint ----

  /** The client has done its TLS handshake with us. */
  void secured(Agreed now) {
    agreed = now;
    serverName = now.serverName();
  }

  /**
   * Finds the route, and what its pool chooses by.
   *
   * @param bytes what has come from the client; null for nothing
   * @param isAll nothing else is waited for
   * @return true when both are known; a connection without a route has been refused
   */
  boolean look(@Nullable ByteBuf bytes, boolean isAll) {
    if (pool == null && !findPool(bytes, isAll)) {
      return false;
    }
    KeySource source = pool().keySource();
    return source == null || readKey(source, bytes, isAll);
  }

  private boolean findPool(@Nullable ByteBuf bytes, boolean isAll) {
    TcpRouter router = service.router();
    EarlyBytes seen = router.looksAtBytes() ? firstBytes(bytes) : null;
    int route = router.route(address, seen, isAll);
    if (route == TcpRouter.MORE) {
      return false;
    }
    first = null;
    if (seen != null) {
      serverName = seen.serverName();
    }
    if (route == TcpRouter.NONE) {
      refuse(Reason.NO_ROUTE);
      return false;
    }
    pool = service.pool(route).standIn();
    serviceClass = service.serviceClass(route);
    return true;
  }

  private EarlyBytes firstBytes(@Nullable ByteBuf bytes) {
    EarlyBytes seen = first;
    if (seen == null) {
      seen = new EarlyBytes(agreed);
      first = seen;
    }
    seen.set(bytes);
    return seen;
  }

  /** Goes to an endpoint, now that the pool is known. */
  void begin() {
    LoopPool from = pool();
    service.stats().requests.increment();
    PoolQueue queue = from.queue();
    if (queue != null && queue.isTaken() && !from.isUsedUp(0)) {
      await(queue); // nobody overtakes
      return;
    }
    Lease first = from.lease(this);
    if (first == null) {
      waitOrRefuse(from.refusal());
    } else {
      connect(first);
    }
  }

  // ---- when there is no room ----

  private void waitOrRefuse(Refusal why) {
    PoolQueue queue = pool().queue();
    if (queue != null && why != Refusal.NO_ENDPOINT) {
      await(queue);
    } else {
      refuseFull(why.reason());
    }
  }

  private void await(PoolQueue queue) {
    Turn place = new Turn();
    if (queue.join(place, queue.classOf(serviceClass), loop.nanoTime())) {
      turn = place;
    } else {
      refuseFull(Reason.QUEUE_FULL);
    }
  }

  private void refuseFull(Reason why) {
    PoolStats counters = pool().stats();
    (why == Reason.NO_ENDPOINT ? counters.noEndpoint : counters.refused).increment();
    refuse(why);
  }

  /** A place in the queue of the pool. */
  private final class Turn extends PoolQueue.Waiting {
    @Override
    protected Selection selection() {
      return Passage.this;
    }

    @Override
    protected void admitted(Lease lease) {
      loop.readClock();
      turn = null;
      connect(lease);
    }

    @Override
    protected void timedOut() {
      loop.readClock();
      turn = null;
      pool().stats().waitTimeouts.increment();
      refuseFull(Reason.QUEUE_TIMEOUT);
    }
  }

  // ---- what it is chosen by ----

  /** False when more bytes are needed. */
  private boolean readKey(KeySource source, @Nullable ByteBuf bytes, boolean isAll) {
    SelectionKey read = new SelectionKey();
    switch (source.kind()) {
      case SOURCE_ADDRESS -> read.set(address.raw());
      case DESTINATION_ADDRESS -> {
        if (client.channel().localAddress() instanceof InetSocketAddress local) {
          read.set(address.destinationOr(local).getAddress().getAddress());
        }
      }
      case RDP_COOKIE -> {
        if (!readCookie(source, bytes, read) && !isAll) {
          return false;
        }
      }
      // the validator says that connections do not show these
      case URI,
          PARAMETER,
          HEADER,
          COOKIE,
          DNS_NAME,
          RADIUS_USER_NAME,
          RADIUS_CALLING_STATION_ID,
          COMMAND_KEY -> {}
    }
    key = read;
    return true;
  }

  /** False when it may be in bytes that have not come. */
  private static boolean readCookie(KeySource source, @Nullable ByteBuf bytes, SelectionKey key) {
    if (bytes == null) {
      return false;
    }
    int from = new RdpCookie(source.name()).find(bytes, bytes.readerIndex(), bytes.writerIndex());
    if (from >= 0) {
      int end = RdpCookie.endOf(bytes, from, bytes.writerIndex());
      key.set(new BufferView().set(bytes, from, end), 0, end - from);
    }
    return from != RdpCookie.INCOMPLETE;
  }

  // ---- attempts ----

  private void connect(Lease chosen) {
    lease = chosen;
    attempts++;
    endpointName = chosen.endpoint().name();
    dispatchNanos = loop.nanoTime();
    EndpointConnections connections = connections();
    stats = connections.stats();
    TcpEndpoint opening = new TcpEndpoint(this, loop, connections);
    endpoint = opening;
    client.await(pool().connectNanos());
    int port = connections.hasPorts() ? service.portOf(client.channel()) : 0;
    ChannelFuture connected =
        connections.connect(opening, port, connections.isTransparent() ? address.socket() : null);
    if (connected.isDone()) {
      opening.connectEnded(connected);
    } else {
      connected.addListener(_ -> opening.connectEnded(connected));
    }
  }

  /** Those to the endpoint that is leased. */
  private EndpointConnections connections() {
    return pool().connectionsTo(requireNonNull(lease, "lease").endpoint());
  }

  void connectTimedOut() {
    TcpEndpoint late = requireNonNull(endpoint, "endpoint");
    stats().connectTimeouts.increment();
    late.abandon();
    connectFailed(Reason.CONNECT_TIMEOUT, Outcome.CONNECT_TIMEOUT);
  }

  void connectRefused() {
    stats().connectFailures.increment();
    connectFailed(Reason.CONNECT_REFUSED, Outcome.CONNECT_FAILED);
  }

  void handshakeFailed() {
    stats().connectFailures.increment();
    connectFailed(Reason.TLS_FAILED, Outcome.CONNECT_FAILED);
  }

  private void connectFailed(Reason why, Outcome failure) {
    endpoint = null;
    Lease failed = requireNonNull(lease, "lease");
    tried = Arrays.copyOf(tried, tried.length + 1);
    tried[tried.length - 1] = failed.endpoint().state();
    closeLease(failure);
    Lease next = nextLease();
    if (next == null) {
      refuse(why);
    } else {
      pool().stats().retries.increment();
      stats().retries.increment();
      connect(next);
    }
  }

  private @Nullable Lease nextLease() {
    RetryRules rules = pool().retries();
    if (attempt >= rules.attempts() || !rules.covers(Failure.CONNECT)) {
      return null;
    }
    LoopPool from = pool();
    TrafficGate gate = from.gate();
    if (gate != null && !gate.enterRetry()) {
      from.stats().retriesDenied.increment();
      return null;
    }
    attempt++;
    Lease next = from.lease(this);
    if (gate != null && next != null) {
      gate.retryBegins(next.endpoint());
      repeating = gate;
    } else if (gate != null) {
      gate.leaveRetry();
    }
    LoopPool fallback = from.fallback();
    if (next != null || fallback == null || !from.isUsedUp(tried.length)) {
      return next;
    }
    from.stats().fallbacks.increment();
    LoopPool standIn = fallback.standIn();
    pool = standIn;
    tried = NONE; // those were others
    return standIn.lease(this);
  }

  private void refuse(Reason why) {
    finish(why);
    client.refuse();
  }

  /** The endpoint has accepted the connection. */
  Relay connected(Channel channel) {
    connectNanos = loop.nanoTime() - dispatchNanos;
    endRepeat();
    requireNonNull(lease, "lease").connected(connectNanos);
    serviceNanos = connectNanos;
    askedNanos = loop.nanoTime();
    stats().requests.increment();
    Relay relay = new Relay(client.channel(), channel, loop.timers(), pool().tunnelNanos(), this);
    relay.client().counting(service.stats().bytesIn, service.stats().bytesOut);
    relay.endpoint().counting(stats().bytesReceived, stats().bytesSent);
    FtpSpec ftp = service.ftp();
    if (ftp != null) {
      readAlong(ftp, channel);
    } else if (!service.isSecure() && !connections().isSecure()) {
      relay.splicing(loop.loop());
    }
    return relay;
  }

  private void readAlong(FtpSpec ftp, Channel channel) {
    new FtpControl(
            client.channel(),
            channel,
            ftp,
            connections().socket(),
            loop,
            service.stats(),
            stats(),
            pool().tunnelNanos())
        .begin();
  }

  /** What the endpoint gets before the client's bytes; null for nothing. */
  @Nullable ByteBuf header(ByteBufAllocator allocator) {
    return pool().sendsProxyHeader()
        ? pool()
            .proxyHeader(
                address.socket(),
                address.destinationOr(ClientAddress.local(client.channel())),
                client.channel(),
                allocator)
        : null;
  }

  /** The relay is set up on the endpoint's side. */
  void relayed(Relay relay) {
    client.relayed(relay);
  }

  /** The first bytes of the client go to the endpoint. */
  void asked() {
    if (firstByteNanos < 0) {
      asked = true;
      askedNanos = loop.nanoTime();
    }
  }

  /** Has the client sent something, and does it still listen for an answer in full? */
  boolean isWaitedFor() {
    return asked && !client.inputEnded();
  }

  /** The first bytes of the endpoint have come. */
  void answered() {
    long now = loop.nanoTime();
    firstByteNanos = now - startNanos;
    serviceNanos = connectNanos + now - askedNanos;
  }

  // ---- ends ----

  /** The client has gone before there was an endpoint. */
  void clientGone(Reason why) {
    Turn waiting = turn;
    if (waiting != null) {
      waiting.leave();
    }
    TcpEndpoint pending = endpoint;
    endpoint = null;
    if (pending != null) {
      pending.abandon();
    }
    closeLease(Outcome.CANCELLED);
    finish(why);
  }

  /**
   * Something went wrong: this is what the relay's end is to be taken for. What was said first
   * holds.
   */
  boolean broken(Reason why, Outcome meaning) {
    boolean isFirst = reason == Reason.NONE;
    if (isFirst) {
      reason = why;
      outcome = meaning;
    }
    return isFirst;
  }

  @Override
  public void relayEnded(Relay relay, boolean idle) {
    boolean answered = relay.endpoint().bytes() > 0;
    Outcome known = outcome;
    if (known == null) {
      known = Outcome.SUCCESS;
      if (idle) {
        reason = Reason.IDLE_TIMEOUT;
        known = Outcome.CANCELLED; // a client that has nothing to say, most likely
      }
    }
    closeLease(known == Outcome.CANCELLED && answered ? Outcome.SUCCESS : known);
    finish(Reason.NONE, relay.client().bytes(), relay.endpoint().bytes());
  }

  /** It was an attempt that followed a failed one, as long as it was an attempt. */
  private void endRepeat() {
    TrafficGate gate = repeating;
    Lease current = lease;
    if (gate != null && current != null) {
      repeating = null;
      gate.retryEnded(current.endpoint());
    }
  }

  private void closeLease(Outcome how) {
    Lease current = lease;
    if (current != null) {
      endRepeat();
      lease = null;
      current.close(how, serviceNanos);
      if (how == Outcome.SUCCESS) {
        stats().latency.record(serviceNanos);
      }
    }
  }

  private void finish(Reason why) {
    finish(why, 0, 0);
  }

  /** The connection is over: counts and logs it. */
  private void finish(Reason last, long bytesIn, long bytesOut) {
    if (finished) {
      return;
    }
    finished = true;
    Reason why = reason == Reason.NONE ? last : reason;
    ListenerStats counters = service.stats();
    if (why != Reason.NONE) {
      counters.reason(why);
    }
    long nanos = loop.nanoTime() - startNanos;
    counters.latency.record(nanos);
    AccessLogRing ring = loop.log();
    AccessRecord record = service.record();
    if (ring != null && record != null) {
      fill(record, why, nanos);
      record.bytesIn = bytesIn;
      record.bytesOut = bytesOut;
      ring.offer(record);
      record.clear();
    }
  }

  private void fill(AccessRecord record, Reason why, long nanos) {
    record.startEpochMicros = loop.epochMicros(startNanos);
    record.listener = service.name();
    record.client = address.text();
    record.clientPort = address.port();
    record.reason = why;
    record.totalNanos = nanos;
    record.connectNanos = connectNanos;
    record.firstByteNanos = firstByteNanos;
    record.attempts = attempts;
    LoopPool used = pool;
    record.pool = used == null ? null : used.name();
    record.endpoint = endpointName;
    record.host(serverName);
  }

  private LoopPool pool() {
    return requireNonNull(pool, "pool");
  }

  private EndpointStats stats() {
    return requireNonNull(stats, "stats");
  }

  // ---- the choice of an endpoint ----

  @Override
  public boolean accepts(Endpoint candidate) {
    for (EndpointState state : tried) {
      if (state == candidate.state()) {
        return false;
      }
    }
    TrafficGate gate = pool().gate();
    return gate == null || gate.admits(candidate, attempt > 0);
  }

  @Override
  public byte[] key() {
    return key == null ? NO_KEY : key.bytes();
  }

  @Override
  public int keyLength() {
    return key == null ? -1 : key.length();
  }

  @Override
  public int attempt() {
    return attempt;
  }

  @Override
  public RandomGenerator random() {
    return loop.random();
  }

  @Override
  public long nanoTime() {
    return loop.nanoTime();
  }
}
