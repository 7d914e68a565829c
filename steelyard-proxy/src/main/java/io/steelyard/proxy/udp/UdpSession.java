package io.steelyard.proxy.udp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.KeySource;
import io.steelyard.balance.Lease;
import io.steelyard.balance.Outcome;
import io.steelyard.balance.Selection;
import io.steelyard.codec.proxyprotocol.ProxyHeader;
import io.steelyard.codec.proxyprotocol.ProxyHeaderWriter;
import io.steelyard.codec.quic.QuicPacket;
import io.steelyard.codec.radius.RadiusRequest;
import io.steelyard.net.TimerWheel.Timeout;
import io.steelyard.proxy.listen.ServiceLoop;
import io.steelyard.proxy.log.AccessLogRing;
import io.steelyard.proxy.log.AccessRecord;
import io.steelyard.proxy.pool.EndpointConnections;
import io.steelyard.proxy.pool.LoopPool;
import io.steelyard.proxy.stats.EndpointStats;
import io.steelyard.proxy.stats.Reason;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one client sends from one port, and the endpoint that answers it, by a socket of its own:
 * the kernel lets nobody but the endpoint answer, and tells of its ICMP errors.
 *
 * <pre>
 *   begin ──► asking ──► all answers there, or nothing came for too long, or unreachable ──► end
 *                 │ so many datagrams as belong together
 *                 └──► leaving: only answers are waited for ──► end
 * </pre>
 *
 * <p>Belongs to one event loop.
 */
final class UdpSession extends ChannelInboundHandlerAdapter implements Selection {
  private static final Logger LOG = LoggerFactory.getLogger(UdpSession.class);
  private static final byte[] NO_KEY = {};

  /** An endpoint that names itself anew with each packet is not followed. */
  private static final int MOST_IDS = 8;

  private final UdpService service;
  private final UdpPort port;
  private final ServiceLoop loop;
  private final LoopPool pool;
  private InetSocketAddress client;
  private @Nullable List<QuicConnections.Id> ids;
  private byte @Nullable [] header;
  private final Timeout idle = new Idle();
  private final long startNanos;
  private byte @Nullable [] key;
  private @Nullable Lease lease;
  private @Nullable EndpointStats stats;
  private @Nullable String endpointName;
  private @Nullable Channel channel;
  private @Nullable ByteBuf held;
  private long asked;
  private long answered;
  private long bytesIn;
  private long bytesOut;
  private long firstAnswerNanos = -1;
  private boolean unflushed;
  private boolean ended;

  UdpSession(UdpService service, UdpPort port, LoopPool pool, InetSocketAddress client) {
    this.service = service;
    this.port = port;
    this.loop = service.loop();
    this.pool = pool;
    this.client = client;
    this.startNanos = loop.nanoTime();
  }

  UdpPort port() {
    return port;
  }

  InetSocketAddress client() {
    return client;
  }

  /**
   * Chooses an endpoint; false when there is none, and the session is over.
   *
   * @param first the datagram that begins the session
   */
  boolean begin(ByteBuf first) {
    KeySource source = pool.keySource();
    if (source != null) {
      key = readKey(source, first);
    }
    Lease chosen = pool.lease(this);
    if (chosen == null) {
      pool.stats().noEndpoint.increment();
      end(Reason.NO_ENDPOINT);
      return false;
    }
    lease = chosen;
    endpointName = chosen.endpoint().name();
    EndpointConnections connections = pool.connectionsTo(chosen.endpoint());
    stats = connections.stats();
    stats.requests.increment();
    loop.timers().arm(idle, startNanos + service.idleNanos());
    ChannelFuture ready =
        connections.connectDatagrams(
            service.largest(),
            service.settings().answers() != 1 || service.settings().datagrams() != 1,
            connections.hasPorts() ? port.index() : 0,
            client,
            this);
    ready.addListener(done -> {
      if (!done.isSuccess()) {
        loop.readClock();
        unreachable();
      }
    });
    return !ended;
  }

  private byte @Nullable [] readKey(KeySource source, ByteBuf first) {
    return switch (source.kind()) {
      case SOURCE_ADDRESS -> client.getAddress().getAddress();
      case DESTINATION_ADDRESS -> port.localAddress().getAddress().getAddress();
      case DNS_NAME -> DatagramKeys.dnsName(first);
      case RADIUS_USER_NAME -> DatagramKeys.radius(first, RadiusRequest.USER_NAME);
      case RADIUS_CALLING_STATION_ID ->
          DatagramKeys.radius(first, RadiusRequest.CALLING_STATION_ID);
      // the validator says that datagrams do not show these
      case URI, PARAMETER, HEADER, COOKIE, RDP_COOKIE, COMMAND_KEY -> null;
    };
  }

  /** A datagram of the client for the endpoint. Takes over {@code content}. */
  void ask(ByteBuf content) {
    asked++;
    bytesIn += content.readableBytes();
    loop.timers().arm(idle, loop.nanoTime() + service.idleNanos());
    Channel out = channel;
    if (out != null) {
      send(out, content);
    } else if (held == null && !ended) {
      held = content; // the socket is being made
    } else {
      content.release();
    }
    if (asked == service.settings().datagrams()) {
      service.leave(this);
    }
  }

  private void send(Channel out, ByteBuf content) {
    EndpointStats counters = stats;
    if (counters != null) {
      counters.bytesSent.add(content.readableBytes());
    }
    ByteBuf datagram = pool.sendsProxyHeader() ? announced(content, out.alloc()) : content;
    out.write(datagram, out.voidPromise());
    if (!unflushed) {
      unflushed = true;
      port.flushLater(this);
    }
  }

  /** The client has sent no more for now. */
  void flush() {
    unflushed = false;
    Channel out = channel;
    if (out != null) {
      out.flush();
    }
  }

  /** The datagram after a header that names the client. Takes over {@code content}. */
  private ByteBuf announced(ByteBuf content, ByteBufAllocator allocator) {
    byte[] bytes = header;
    if (bytes == null) {
      bytes = header(allocator);
      header = bytes;
    }
    ByteBuf datagram = allocator.directBuffer(bytes.length + content.readableBytes());
    datagram.writeBytes(bytes).writeBytes(content);
    content.release();
    return datagram;
  }

  private byte[] header(ByteBufAllocator allocator) {
    ByteBuf written =
        ProxyHeaderWriter.version2(
            new ProxyHeader(client, port.localAddress(), true, List.of()), allocator);
    byte[] bytes = ByteBufUtil.getBytes(written);
    written.release();
    return bytes;
  }

  // ---- QUIC ----

  /**
   * A datagram of the client has come from another address, at any event loop. Takes over {@code
   * content}.
   */
  void clientMoved(InetSocketAddress from, ByteBuf content) {
    if (loop.loop().events().inEventLoop()) {
      moved(from, content);
    } else {
      loop.loop()
          .execute(() -> {
            loop.readClock();
            moved(from, content);
          });
    }
  }

  private void moved(InetSocketAddress from, ByteBuf content) {
    if (ended) {
      content.release();
      return;
    }
    if (!from.equals(client)) {
      port.move(this, client, from);
      client = from;
      header = null;
    }
    ask(content);
  }

  /** What the endpoint wants to be called while a connection is set up, it is called later. */
  private void learn(QuicConnections connections, ByteBuf content) {
    QuicPacket packet = new QuicPacket();
    if (packet.parseLong(content, content.readerIndex(), content.writerIndex())
        && packet.sourceLength() > 0) {
      QuicConnections.Id id =
          QuicConnections.Id.of(content, packet.source(), packet.sourceLength());
      List<QuicConnections.Id> known = ids;
      if (known == null) {
        known = new ArrayList<>(2);
        ids = known;
      }
      if (known.size() < MOST_IDS && !known.contains(id) && connections.learn(id, this)) {
        known.add(id);
      }
    }
  }

  private void forgetIds() {
    QuicConnections connections = service.quic();
    List<QuicConnections.Id> known = ids;
    if (connections != null && known != null) {
      known.forEach(id -> connections.forget(id, this));
      ids = null;
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    if (ended) {
      context.close();
      return;
    }
    channel = context.channel();
    if (stats != null) {
      stats.active.add(1);
    }
    ByteBuf first = held;
    held = null;
    if (first != null) {
      send(context.channel(), first);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf content = ((DatagramPacket) message).content();
    if (ended || content.readableBytes() > service.largest()) {
      content.release();
      return;
    }
    loop.readClock();
    answer(content);
  }

  private void answer(ByteBuf content) {
    int size = content.readableBytes();
    if (stats != null) {
      stats.bytesReceived.add(size);
    }
    if (answered++ == 0) {
      firstAnswerNanos = loop.nanoTime() - startNanos;
    }
    bytesOut += size;
    QuicConnections connections = service.quic();
    if (connections != null) {
      learn(connections, content);
    }
    port.answer(client, content);
    if (isComplete()) {
      end(Reason.NONE);
    } else {
      loop.timers().arm(idle, loop.nanoTime() + service.idleNanos());
    }
  }

  private boolean isComplete() {
    int each = service.settings().answers();
    return each > 0 && answered >= each * asked && asked >= service.settings().datagrams();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    loop.readClock();
    if (cause instanceof IOException) {
      unreachable();
    } else {
      LOG.error("Ending a session of listener {}: a mistake of ours", service.name(), cause);
      end(Reason.INTERNAL);
    }
  }

  /** ICMP says that nobody is there. What the client sends next goes elsewhere. */
  private void unreachable() {
    if (!ended && stats != null) {
      stats.connectFailures.increment();
    }
    end(Reason.CONNECT_REFUSED);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (channel != null && stats != null) {
      stats.active.add(-1);
    }
    end(Reason.NONE);
  }

  /** The session is over; does nothing when it was before. */
  void end(Reason reason) {
    if (ended) {
      return;
    }
    ended = true;
    loop.timers().cancel(idle);
    service.remove(this);
    forgetIds();
    ByteBuf unsent = held;
    if (unsent != null) {
      held = null;
      unsent.release();
    }
    closeLease(reason);
    finish(reason);
    Channel open = channel;
    if (open != null) {
      open.close();
    }
  }

  private void closeLease(Reason reason) {
    Lease current = lease;
    if (current == null) {
      return;
    }
    lease = null;
    Outcome outcome = outcome(reason);
    long nanos = answered > 0 ? firstAnswerNanos : loop.nanoTime() - startNanos;
    current.close(outcome, nanos);
    if (stats != null && outcome == Outcome.SUCCESS) {
      stats.latency.record(nanos);
    } else if (stats != null && outcome == Outcome.RESPONSE_TIMEOUT) {
      stats.responseTimeouts.increment();
    }
  }

  private Outcome outcome(Reason reason) {
    return switch (reason) {
      case CONNECT_REFUSED -> Outcome.CONNECT_FAILED;
      case RESPONSE_TIMEOUT -> Outcome.RESPONSE_TIMEOUT;
      default -> answered > 0 ? Outcome.SUCCESS : Outcome.CANCELLED;
    };
  }

  private void finish(Reason reason) {
    if (reason != Reason.NONE) {
      service.stats().reason(reason);
    }
    long nanos = loop.nanoTime() - startNanos;
    service.stats().latency.record(nanos);
    AccessLogRing ring = loop.log();
    AccessRecord record = service.record();
    if (ring != null && record != null) {
      fill(record, reason, nanos);
      ring.offer(record);
      record.clear();
    }
  }

  private void fill(AccessRecord record, Reason reason, long nanos) {
    record.startEpochMicros = loop.epochMicros(startNanos);
    record.listener = service.name();
    record.client = client.getAddress().getHostAddress();
    record.clientPort = client.getPort();
    record.reason = reason;
    record.bytesIn = bytesIn;
    record.bytesOut = bytesOut;
    record.totalNanos = nanos;
    record.firstByteNanos = firstAnswerNanos;
    record.attempts = endpointName == null ? 0 : 1;
    record.pool = pool.name();
    record.endpoint = endpointName;
  }

  /** Nothing came for too long: that is a failure only where an answer was due. */
  private final class Idle extends Timeout {
    @Override
    protected void expired() {
      loop.readClock();
      boolean isDue = service.settings().answers() > 0 && answered == 0;
      end(isDue ? Reason.RESPONSE_TIMEOUT : Reason.NONE);
    }
  }

  // ---- the choice of an endpoint ----

  @Override
  public boolean accepts(Endpoint candidate) {
    return true;
  }

  @Override
  public byte[] key() {
    return key == null ? NO_KEY : key;
  }

  @Override
  public int keyLength() {
    return key == null ? -1 : key.length;
  }

  @Override
  public int attempt() {
    return 0;
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
