package io.steelyard.proxy.http;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.steelyard.balance.Outcome;
import io.steelyard.codec.http1.BodyFraming;
import io.steelyard.codec.http1.ResponseHead;
import io.steelyard.net.FirstBytes;
import io.steelyard.net.Reading;
import io.steelyard.net.TimerWheel.Timeout;
import io.steelyard.net.Unsent;
import io.steelyard.proxy.pool.EndpointConnections;
import io.steelyard.proxy.pool.LoopPool;
import io.steelyard.proxy.pool.PooledConnection;
import io.steelyard.proxy.relay.ChannelEnd;
import io.steelyard.proxy.relay.RelayEnd;
import io.steelyard.proxy.relay.TunnelEnd;
import io.steelyard.proxy.stats.Counter;
import io.steelyard.proxy.stats.EndpointStats;
import io.steelyard.proxy.stats.Reason;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP/1.1 connection to an endpoint: sends one request at a time and finds its answer in the
 * bytes that come back.
 *
 * <pre>
 *                     connected            head complete        body complete
 *   CONNECTING ──────────────────► HEAD ───────────────► BODY ───────────────┐
 *        │ nobody waits any more    ▲                                        │
 *        └───────────► IDLE ────────┘ next request                           │
 *                        ▲                                                   │
 *                        └───────────────────────────────────────────────────┘  or closed
 * </pre>
 */
final class Http1EndpointConnection extends PooledConnection implements EndpointStream, Switched {
  private static final Logger LOG = LoggerFactory.getLogger(Http1EndpointConnection.class);

  private enum State {
    CONNECTING,
    IDLE,
    HEAD,
    BODY,
    TUNNEL,
    CLOSED
  }

  private final HttpLoop loop;
  private final LoopPool pool;
  private final EndpointStats stats;
  private final Timeout timeout = new Deadline();
  private @Nullable ChannelHandlerContext ctx;
  private @Nullable Attempt attempt;
  private @Nullable Http1Answer answer;
  private @Nullable ByteBuf pending;
  private @Nullable RelayEnd tunnel;
  private State state = State.CONNECTING;
  private long unsent;
  private boolean reused;
  private boolean requestSent;
  private boolean paused;
  private boolean counted;
  private boolean encryptionEnded;
  private Reason end = Reason.ENDPOINT_CLOSED;

  private Http1EndpointConnection(EndpointConnections home, LoopPool pool, HttpLoop loop) {
    super(home, loop.nanoTime());
    this.loop = loop;
    this.pool = pool;
    this.stats = home.stats();
  }

  // ---- beginnings ----

  /** An idle connection, for {@code attempt} from now on; null when there is none. */
  static @Nullable Http1EndpointConnection reuse(EndpointConnections home, Attempt attempt) {
    if (home.take() instanceof Http1EndpointConnection connection) {
      connection.reused = true;
      connection.attempt = attempt;
      connection.loop.timers().disarm(connection.timeout); // it is idle no more
      return connection;
    }
    return null;
  }

  /**
   * Begins to open a connection for {@code attempt}, which is told how that ends, perhaps before
   * this returns.
   */
  static void open(EndpointConnections home, LoopPool pool, HttpLoop loop, Attempt attempt) {
    Http1EndpointConnection connection = new Http1EndpointConnection(home, pool, loop);
    connection.attempt = attempt;
    attempt.connecting(connection);
    loop.timers().arm(connection.timeout, loop.nanoTime() + pool.connectNanos());
    ChannelFuture connected =
        home.isTransparent()
            ? home.connect(connection, 0, attempt.source())
            : home.connect(connection);
    if (connected.isDone()) {
      connection.connectEnded(connected);
    } else {
      connected.addListener(future -> connection.connectEnded(connected));
    }
  }

  private void connectEnded(ChannelFuture connected) {
    if (!connected.isSuccess() && state == State.CONNECTING) {
      connected.channel().close();
      connectFailed(Reason.CONNECT_REFUSED, Outcome.CONNECT_FAILED);
    }
  }

  private void connectFailed(Reason reason, Outcome outcome) {
    state = State.CLOSED;
    loop.timers().cancel(timeout);
    (outcome == Outcome.CONNECT_TIMEOUT ? stats.connectTimeouts : stats.connectFailures)
        .increment();
    Attempt waiting = attempt;
    attempt = null;
    if (waiting != null) {
      waiting.connectFailed(reason, outcome);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
    // An endpoint that reads no more may have answered: its last words are read before the end.
    context.channel().config().setOption(ChannelOption.AUTO_CLOSE, false);
    if (home().isSecure()) {
      announce(context);
    }
  }

  /** The header of the PROXY protocol is not encrypted, and stands before the handshake. */
  private void announce(ChannelHandlerContext context) {
    Attempt waiting = attempt;
    ByteBuf header = waiting == null ? null : waiting.proxyHeader(context.alloc());
    if (header != null) {
      context.pipeline().addFirst(new FirstBytes(header));
    }
  }

  private static void writeProxyHeader(Attempt waiting, ChannelHandlerContext context) {
    ByteBuf header = waiting.proxyHeader(context.alloc());
    if (header != null) {
      context.write(header, context.voidPromise());
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    loop.readClock();
    if (state != State.CONNECTING) {
      context.close(); // too late
      return;
    }
    if (!home().isSecure()) {
      established();
    }
  }

  private void established() {
    counted = true;
    stats.active.add(1);
    Attempt waiting = attempt;
    if (waiting == null) {
      becomeIdle();
    } else {
      loop.timers().disarm(timeout);
      state = State.IDLE;
      if (!home().isSecure()) {
        writeProxyHeader(waiting, context());
      }
      waiting.connected(this);
    }
  }

  private void handshakeEnded(SslHandshakeCompletionEvent event) {
    if (state != State.CONNECTING) {
      return; // too late
    }
    if (event.isSuccess()) {
      established();
    } else {
      LOG.debug("No TLS with {}", home().endpoint(), event.cause());
      connectFailed(Reason.TLS_FAILED, Outcome.CONNECT_FAILED);
    }
  }

  /** The endpoint has ended TLS in order. */
  private void encryptionEnded() {
    encryptionEnded = true;
    RelayEnd relayed = tunnel;
    if (relayed != null) {
      relayed.inputEnded();
    } else {
      context().close();
    }
  }

  /** Another attempt may use the connection. */
  @Override
  public void abandon() {
    attempt = null;
  }

  // ---- the request ----

  @Override
  public void sendHeld(HeldRequest held, boolean keep) {
    state = State.HEAD;
    requestSent = false;
    Http1Answer fresh = loop.takeAnswer();
    fresh.begin(attempt().method());
    answer = fresh;
    stats.requests.increment();
    if (keep) {
      held.sendAndKeep(this);
    } else {
      held.sendAndForget(this);
    }
    context().flush();
  }

  @Override
  public void sendBody(ByteBuf part) {
    stats.bytesSent.add(part.readableBytes());
    ChannelHandlerContext target = context();
    target.write(part, target.voidPromise());
  }

  @Override
  public void flush() {
    context().flush();
  }

  @Override
  public void requestSent() {
    requestSent = true;
    if (state == State.HEAD) {
      unsent = Unsent.bytes(channel());
      arm(pool.responseNanos());
    }
  }

  @Override
  public boolean isReady() {
    return context().channel().isWritable();
  }

  @Override
  public void awaitReady() {
    unsent = Unsent.bytes(channel());
    arm(pool.idleNanos());
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    loop.readClock();
    RelayEnd relayed = tunnel;
    if (relayed != null) {
      relayed.writabilityChanged();
    } else if (attempt != null && !requestSent && context.channel().isWritable()) {
      if (state == State.HEAD) {
        loop.timers().disarm(timeout);
      }
      attempt.endpointReady();
    }
  }

  // ---- the answer ----

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    loop.readClock();
    ByteBuf buf = (ByteBuf) message;
    stats.bytesReceived.add(buf.readableBytes());
    switch (state) {
      case HEAD -> readHead(joined(buf));
      case BODY -> readBody(buf);
      case TUNNEL -> requireNonNull(tunnel, "tunnel").read(buf);
      case CONNECTING, IDLE, CLOSED -> {
        buf.release(); // an answer to nothing
        close();
      }
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    RelayEnd relayed = tunnel;
    if (relayed != null) {
      relayed.readComplete();
    } else if (state == State.BODY && attempt != null) {
      attempt.answerFlush();
    }
  }

  private ByteBuf joined(ByteBuf buf) {
    ByteBuf before = pending;
    if (before == null) {
      return buf;
    }
    pending = null;
    return Buffers.append(before, buf, context().alloc());
  }

  private void readHead(ByteBuf bytes) {
    ByteBuf buf = bytes;
    ResponseHead head = answer().head;
    while (true) {
      int start = buf.readerIndex();
      int length = head.parse(buf, start, buf.writerIndex(), Http1Answer.LIMITS);
      if (length == ResponseHead.INCOMPLETE) {
        pending = buf;
        return;
      }
      if (length == ResponseHead.MALFORMED) {
        buf.release();
        fail(Reason.BAD_ANSWER, Outcome.BAD_ANSWER);
        return;
      }
      if (!head.interim()) {
        finalHead(buf, start, length);
        return;
      }
      if (++answer().interims > Http1Answer.MOST_INTERIM) {
        buf.release();
        fail(Reason.BAD_ANSWER, Outcome.BAD_ANSWER);
        return;
      }
      ByteBuf rest = passInterim(buf, length);
      if (rest == null) {
        return;
      }
      buf = rest;
    }
  }

  /** Passes an interim answer on; returns what follows it, if anything does. */
  private @Nullable ByteBuf passInterim(ByteBuf buf, int length) {
    ResponseHead head = answer().head;
    ByteBuf rest = buf.readableBytes() == length ? null : buf;
    attempt().interim(head, rest == null ? buf : buf.readRetainedSlice(length));
    head.parseFor(attempt().method());
    return rest;
  }

  private void finalHead(ByteBuf buf, int start, int length) {
    Http1Answer current = answer();
    ResponseHead head = current.head;
    stats.answers(head.status()).increment();
    if (head.status() == 101) {
      switchProtocols(head, buf);
      return;
    }
    current.body.begin(head.framing(), head.contentLength());
    int taken = current.body.take(buf, start + length, buf.writerIndex());
    if (taken == BodyProgress.MALFORMED) {
      buf.release();
      fail(Reason.BAD_ANSWER, Outcome.BAD_ANSWER);
      return;
    }
    boolean excess = dropExcess(buf, length + taken);
    if (!attempt().wants(head)) {
      decline(head, buf, current.body.isComplete() && !excess);
      return;
    }
    state = State.BODY;
    attempt().answer(head, current.body, buf);
    bodyRead(excess);
  }

  /** Another attempt follows this answer: the client does not see it. */
  private void decline(ResponseHead head, ByteBuf buf, boolean complete) {
    Attempt declining = attempt();
    int status = head.status();
    boolean reusable = complete && requestSent && head.persistent();
    buf.release();
    release(reusable);
    declining.declined(status);
  }

  private void readBody(ByteBuf buf) {
    Http1Answer current = answer();
    int taken = current.body.take(buf, buf.readerIndex(), buf.writerIndex());
    if (taken == BodyProgress.MALFORMED) {
      buf.release();
      fail(Reason.BAD_ANSWER, Outcome.BAD_ANSWER);
      return;
    }
    boolean excess = dropExcess(buf, taken);
    attempt().answerBody(buf);
    bodyRead(excess);
  }

  /**
   * Bytes after the end of an answer belong to no request: they are dropped, and the connection is
   * not used again.
   */
  private static boolean dropExcess(ByteBuf buf, int belonging) {
    if (buf.readableBytes() == belonging) {
      return false;
    }
    buf.writerIndex(buf.readerIndex() + belonging);
    return true;
  }

  private void bodyRead(boolean excess) {
    if (answer().body.isComplete()) {
      attempt().answerComplete(answer().head.persistent() && !excess);
    } else if (!paused) {
      arm(pool.idleNanos());
    }
  }

  @Override
  public void pauseAnswer() {
    if (!paused) {
      paused = true;
      setReading(false);
      loop.timers().disarm(timeout);
    }
  }

  @Override
  public void resumeAnswer() {
    if (paused) {
      paused = false;
      setReading(true);
      arm(pool.idleNanos());
    }
  }

  private void setReading(boolean reading) {
    Reading.set(context().channel(), reading);
  }

  // ---- tunnels ----

  private void switchProtocols(ResponseHead head, ByteBuf buf) {
    if (!attempt().isUpgrade()) {
      buf.release();
      fail(Reason.BAD_ANSWER, Outcome.BAD_ANSWER);
      return;
    }
    loop.timers().disarm(timeout);
    context().channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    context().channel().config().setOption(ChannelOption.AUTO_CLOSE, true);
    attempt().switched(this, head, buf);
  }

  @Override
  public long tunnelNanos() {
    return pool.tunnelNanos();
  }

  @Override
  public TunnelEnd tunnelEnd() {
    return new ChannelEnd(channel(), stats.bytesSent, () -> {});
  }

  Channel channel() {
    return context().channel();
  }

  Counter bytesSent() {
    return stats.bytesSent;
  }

  @Override
  public void becomeTunnel(RelayEnd side) {
    attempt = null;
    state = State.TUNNEL;
    tunnel = side;
    giveBackAnswer();
  }

  // ---- ends ----

  @Override
  public boolean tellsRefusals() {
    return false;
  }

  @Override
  public boolean isReused() {
    return reused;
  }

  @Override
  public void release(boolean reusable) {
    attempt = null;
    giveBackAnswer();
    resumeReading();
    if (reusable && context().channel().isActive() && isAllSent()) {
      becomeIdle();
    } else {
      close();
    }
  }

  /** The endpoint may have answered before it took the whole request. */
  private boolean isAllSent() {
    ChannelOutboundBuffer waiting = channel().unsafe().outboundBuffer();
    return waiting != null && waiting.isEmpty();
  }

  private void becomeIdle() {
    long now = loop.nanoTime();
    state = State.IDLE;
    if (home().give(this, now)) {
      loop.timers().arm(timeout, home().idleUntil(this, now));
    } else {
      close();
    }
  }

  private void resumeReading() {
    if (paused) {
      paused = false;
      setReading(true);
    }
  }

  @Override
  public void cancel() {
    attempt = null;
    close();
  }

  @Override
  protected void closeIdle() {
    close();
  }

  private void close() {
    home().forget(this);
    state = State.CLOSED;
    context().close();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    loop.readClock();
    if (event instanceof ChannelInputShutdownEvent) {
      RelayEnd relayed = tunnel;
      if (relayed != null) {
        relayed.inputEnded();
      } else {
        context.close();
      }
    } else if (event instanceof ChannelOutputShutdownEvent) {
      sendingFailed();
    } else if (event instanceof SslHandshakeCompletionEvent handshake) {
      handshakeEnded(handshake);
    } else if (event instanceof SslCloseCompletionEvent close && close.isSuccess()) {
      encryptionEnded();
    }
  }

  /**
   * What the endpoint sent before it stopped listening may still be read. But the write that failed
   * took the socket's error with it: an orderly end, from now on, may have been a reset.
   */
  private void sendingFailed() {
    end = Reason.ENDPOINT_RESET;
    if (state == State.HEAD) {
      arm(pool.responseNanos());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    loop.readClock();
    Attempt current = attempt;
    State before = state;
    state = State.CLOSED;
    if (counted) {
      stats.active.add(-1);
    }
    home().forget(this);
    loop.timers().cancel(timeout);
    RelayEnd relayed = tunnel;
    if (relayed != null) {
      relayed.closed();
    } else if (current != null && counted) {
      ended(before, current);
    }
    attempt = null;
    releaseAll();
  }

  /** The endpoint closed its connection while a request was at it. */
  private void ended(State before, Attempt current) {
    Http1Answer partial = answer;
    if (end == Reason.ENDPOINT_CLOSED
        && before == State.BODY
        && partial != null
        && partial.body.framing() == BodyFraming.UNTIL_CLOSE
        && (encryptionEnded || !home().isSecure())) { // else anybody may have cut it off
      current.answerComplete(false);
      return;
    }
    stats.resets.increment();
    current.endpointFailed(end, Outcome.RESET);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof ClosedChannelException
        || cause instanceof ChannelOutputShutdownException) {
      return; // what could not be written; why it could not is told, or read, otherwise
    }
    if (Secured.isPeersFault(cause)) {
      end = Reason.ENDPOINT_RESET;
    } else {
      LOG.error("Closing the connection to {}: a mistake of ours", home().endpoint(), cause);
      end = Reason.INTERNAL;
    }
    context.close();
  }

  /** Gives the attempt up to its failure and closes. */
  private void fail(Reason reason, Outcome outcome) {
    Attempt failed = attempt();
    attempt = null;
    close();
    failed.endpointFailed(reason, outcome);
  }

  private void timedOut() {
    loop.readClock();
    switch (state) {
      case CONNECTING -> {
        state = State.CLOSED;
        context().close();
        connectFailed(Reason.CONNECT_TIMEOUT, Outcome.CONNECT_TIMEOUT);
      }
      case IDLE -> close();
      case HEAD -> headTimedOut();
      case BODY -> fail(Reason.IDLE_TIMEOUT, Outcome.IDLE_TIMEOUT);
      case TUNNEL, CLOSED -> {}
    }
  }

  private void headTimedOut() {
    if (Unsent.bytes(channel()) < unsent) {
      goOnSending();
    } else if (requestSent) {
      stats.responseTimeouts.increment();
      fail(Reason.RESPONSE_TIMEOUT, Outcome.RESPONSE_TIMEOUT);
    } else {
      fail(Reason.IDLE_TIMEOUT, Outcome.IDLE_TIMEOUT);
    }
  }

  /** The endpoint has taken something of the request: it has as much time again. */
  private void goOnSending() {
    if (requestSent) {
      requestSent();
    } else {
      awaitReady();
    }
  }

  private void giveBackAnswer() {
    Http1Answer current = answer;
    if (current != null) {
      answer = null;
      loop.giveBack(current);
    }
  }

  private void releaseAll() {
    giveBackAnswer();
    ByteBuf current = pending;
    if (current != null) {
      pending = null;
      current.release();
    }
  }

  private void arm(long nanos) {
    loop.timers().arm(timeout, loop.nanoTime() + nanos);
  }

  private Attempt attempt() {
    return requireNonNull(attempt, "attempt");
  }

  private Http1Answer answer() {
    return requireNonNull(answer, "answer");
  }

  private ChannelHandlerContext context() {
    return requireNonNull(ctx, "ctx");
  }

  private final class Deadline extends Timeout {
    @Override
    protected void expired() {
      try {
        timedOut();
      } catch (RuntimeException e) {
        exceptionCaught(context(), e);
      }
    }
  }
}
