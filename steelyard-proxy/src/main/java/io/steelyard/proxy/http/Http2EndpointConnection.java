package io.steelyard.proxy.http;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.AsciiString;
import io.steelyard.balance.Outcome;
import io.steelyard.net.TimerWheel.Timeout;
import io.steelyard.net.tls.Ending;
import io.steelyard.proxy.pool.EndpointConnections;
import io.steelyard.proxy.pool.LoopPool;
import io.steelyard.proxy.pool.SharedConnection;
import io.steelyard.proxy.stats.EndpointStats;
import io.steelyard.proxy.stats.Reason;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP/2 connection to an endpoint. Each request is a {@link Http2EndpointStream} of it; those
 * that come while it is being opened wait for it.
 *
 * <pre>
 *                 SETTINGS have come             GOAWAY, too old, many resets
 *   CONNECTING ─────────────────────► OPEN ───────────────────────────────────► RETIRED ──► CLOSED
 *                                    ▲    │ last request ended             last request ended
 *                                    └────┘ idle
 * </pre>
 *
 * <p>It is open only when the endpoint's SETTINGS have come: then it is known how many requests it
 * takes, and that it speaks HTTP/2 at all, before anything was sent that cannot be repeated.
 */
final class Http2EndpointConnection extends SharedConnection {
  private static final Logger LOG = LoggerFactory.getLogger(Http2EndpointConnection.class);
  private static final AsciiString HTTP = AsciiString.cached("http");
  private static final AsciiString HTTPS = AsciiString.cached("https");

  /**
   * Requests that may be broken off before the connection retires: endpoints count resets too, and
   * end connections with too many (CVE-2023-44487), with all that is under way on them.
   */
  private static final int MOST_RESETS = 100;

  /** Stream ids are not used up to the last. */
  private static final int LAST_STREAM = 1 << 30;

  private enum State {
    CONNECTING,
    OPEN,
    RETIRED,
    CLOSED
  }

  private final HttpLoop loop;
  private final LoopPool pool;
  private final EndpointStats stats;
  private final Http2EndpointFrames frames;
  private final ArrayDeque<Http2EndpointStream> waiting = new ArrayDeque<>();
  private final Timeout timeout = new Deadline();
  private final Runnable flush = this::flushNow;
  private @Nullable ChannelHandlerContext ctx;
  private State state = State.CONNECTING;
  private int carried;
  private int resets;
  private boolean opening;
  private boolean counted;
  private boolean doubtful;
  private boolean suspected;
  private boolean reading;
  private boolean flushing;
  private Reason end = Reason.ENDPOINT_CLOSED;

  private Http2EndpointConnection(EndpointConnections home, LoopPool pool, HttpLoop loop) {
    super(home, loop.nanoTime());
    this.loop = loop;
    this.pool = pool;
    this.stats = home.stats();
    this.frames =
        new Http2EndpointFrames(
            this, (int) pool.http().streamWindow().bytes(), Http1Answer.LIMITS.headSize());
  }

  // ---- beginnings ----

  /** A connection with room; a new one, not yet being opened, when there is none. */
  static Http2EndpointConnection find(
      EndpointConnections home, LoopPool pool, HttpLoop loop, boolean freshOnly) {
    if (home.withRoom(freshOnly) instanceof Http2EndpointConnection connection) {
      if (connection.carried == 0 && connection.state == State.OPEN) {
        loop.timers().disarm(connection.timeout); // it is idle no more
        connection.doubtful = true;
      }
      return connection;
    }
    Http2EndpointConnection connection = new Http2EndpointConnection(home, pool, loop);
    home.share(connection);
    return connection;
  }

  /**
   * Carries one more request.
   *
   * @return whether it can be sent at once; else it waits until the connection is open
   */
  boolean enter(Http2EndpointStream stream) {
    carried++;
    if (state == State.OPEN) {
      return true;
    }
    waiting.add(stream);
    return false;
  }

  /** Begins to open the connection, if nobody has. */
  void open() {
    if (state == State.CONNECTING && !opening) {
      opening = true;
      loop.timers().arm(timeout, loop.nanoTime() + pool.connectNanos());
      ChannelFuture connected = home().connect(this);
      if (connected.isDone()) {
        connectEnded(connected);
      } else {
        connected.addListener(future -> connectEnded(connected));
      }
    }
  }

  private void connectEnded(ChannelFuture connected) {
    if (!connected.isSuccess() && state == State.CONNECTING) {
      connected.channel().close();
      connectFailed(Reason.CONNECT_REFUSED, Outcome.CONNECT_FAILED);
    }
  }

  private void connectFailed(Reason reason, Outcome outcome) {
    over();
    (outcome == Outcome.CONNECT_TIMEOUT ? stats.connectTimeouts : stats.connectFailures)
        .increment();
    for (var stream = waiting.poll(); stream != null; stream = waiting.poll()) {
      stream.connectFailed(reason, outcome);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) throws Http2Exception {
    loop.readClock();
    if (state != State.CONNECTING) {
      context.close(); // too late
    } else if (!home().isSecure()) {
      frames.begin(context);
    }
  }

  private void handshakeEnded(SslHandshakeCompletionEvent event) throws Http2Exception {
    if (state != State.CONNECTING) {
      return; // too late
    }
    if (!event.isSuccess()) {
      LOG.debug("No TLS with {}", home().endpoint(), event.cause());
      connectFailed(Reason.TLS_FAILED, Outcome.CONNECT_FAILED);
    } else if ("h2".equals(Secured.protocol(context()))) {
      frames.begin(context());
    } else {
      connectFailed(Reason.NO_HTTP2, Outcome.CONNECT_FAILED);
      Ending.abruptly(context().channel());
    }
  }

  /** The endpoint's SETTINGS: the first say that it is there. */
  void settingsRead() {
    if (state != State.CONNECTING) {
      return;
    }
    state = State.OPEN;
    counted = true;
    stats.active.add(1);
    loop.timers().disarm(timeout);
    int room = mostStreams();
    for (int i = 0; i < room && state == State.OPEN && !waiting.isEmpty(); i++) {
      waiting.remove().connected();
    }
    leaveToOthers(room);
    if (carried == 0) {
      becomeIdle();
    }
  }

  /** More wait than the endpoint takes: the others need another connection. */
  private void leaveToOthers(int room) {
    int count = waiting.size();
    for (int i = 0; i < count; i++) {
      Http2EndpointStream stream = waiting.remove();
      carried--;
      if (room == 0) {
        stream.connectFailed(Reason.ENDPOINT_REFUSED, Outcome.CANCELLED);
      } else {
        stream.wander();
      }
    }
  }

  /** It waits no more. */
  void abandon(Http2EndpointStream stream) {
    if (waiting.remove(stream)) {
      carried--;
    }
  }

  // ---- room ----

  private int mostStreams() {
    int ours = pool.http().maxStreams();
    return state == State.CONNECTING ? ours : Math.min(ours, frames.mostStreams());
  }

  @Override
  protected boolean hasRoom() {
    return (state == State.OPEN || state == State.CONNECTING)
        && !suspected
        && carried < mostStreams()
        && !home().isOld(this, loop.nanoTime());
  }

  @Override
  protected boolean isDoubtful() {
    return doubtful;
  }

  /** A request has ended. */
  void leave() {
    carried--;
    if (carried == 0) {
      switch (state) {
        case OPEN -> becomeIdle();
        case RETIRED -> close();
        case CONNECTING, CLOSED -> {}
      }
    }
  }

  private void becomeIdle() {
    home().unshare(this);
    long now = loop.nanoTime();
    if (!suspected && frames.lastStream() < LAST_STREAM && home().give(this, now)) {
      loop.timers().arm(timeout, home().idleUntil(this, now));
    } else {
      close();
    }
  }

  /** Takes no further request; what is under way ends. */
  void retire() {
    if (state == State.OPEN) {
      state = State.RETIRED;
      home().unshare(this);
      home().forget(this);
      if (carried == 0) {
        close();
      }
    }
  }

  /** A request was broken off by us. */
  void countReset() {
    if (++resets >= MOST_RESETS) {
      retire();
    }
  }

  // ---- is it still there? ----

  /** A request got no answer in time: asks whether the endpoint is still there. */
  void suspect() {
    if ((state == State.OPEN || state == State.RETIRED) && !suspected) {
      suspected = true;
      ChannelHandlerContext context = frames.context();
      frames.handler().encoder().writePing(context, false, 0, context.newPromise());
      flushSoon();
      loop.timers().arm(timeout, loop.nanoTime() + pool.connectNanos());
    }
  }

  /** It is. */
  void alive() {
    if (suspected) {
      suspected = false;
      loop.timers().disarm(timeout);
    }
  }

  // ---- what the streams need ----

  Http2EndpointFrames frames() {
    return frames;
  }

  HttpLoop loop() {
    return loop;
  }

  LoopPool pool() {
    return pool;
  }

  EndpointStats stats() {
    return stats;
  }

  AsciiString scheme() {
    return home().isSecure() ? HTTPS : HTTP;
  }

  ChannelHandlerContext context() {
    return requireNonNull(ctx, "ctx");
  }

  /** Sends what has been written when the event loop has done what it is at. */
  void flushSoon() {
    if (!reading && !flushing) {
      flushing = true;
      context().executor().execute(flush);
    }
  }

  private void flushNow() {
    flushing = false;
    ChannelHandlerContext context = context();
    if (!context.isRemoved()) {
      context.flush();
    }
  }

  void readClock() {
    loop.readClock();
  }

  void reading(int bytes) {
    loop.readClock();
    reading = true;
    doubtful = false;
    stats.bytesReceived.add(bytes);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ((ByteBuf) message).release(); // before there was anything to answer
    Ending.abruptly(context.channel());
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    frames.flushAnswers();
    reading = false; // the handler before this one flushes now
  }

  // ---- ends ----

  @Override
  protected void closeIdle() {
    close();
  }

  private void close() {
    over();
    context().close();
  }

  private void over() {
    state = State.CLOSED;
    home().unshare(this);
    home().forget(this);
    loop.timers().cancel(timeout);
  }

  /** A rule of HTTP/2 was broken, or a write failed; the connection is about to be closed. */
  void broken(Throwable cause, boolean rule) {
    if (rule) {
      LOG.debug("The endpoint {} breaks HTTP/2", home().endpoint(), cause);
      end = Reason.BAD_ANSWER;
    } else {
      blame(cause);
    }
    if (state == State.CONNECTING) {
      connectFailed(Reason.NO_HTTP2, Outcome.CONNECT_FAILED);
    } else {
      retire();
    }
  }

  /** A stream's frames are wrong, or cannot be sent. */
  void streamBroken(Http2Exception.StreamException cause, boolean ours) {
    Http2EndpointStream stream = frames.streamOf(cause.streamId());
    if (stream != null) {
      if (ours && cause instanceof Http2Exception.HeaderListSizeException) {
        stream.broken(Reason.HEAD_TOO_LARGE, Outcome.CANCELLED);
      } else {
        LOG.debug("The endpoint {} breaks HTTP/2", home().endpoint(), cause);
        stream.broken(Reason.BAD_ANSWER, Outcome.BAD_ANSWER);
      }
    }
  }

  /** Why the connection ended, for the requests that were under way. */
  Reason endReason() {
    return end;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event)
      throws Http2Exception {
    loop.readClock();
    switch (event) {
      case SslHandshakeCompletionEvent handshake -> handshakeEnded(handshake);
      case SslCloseCompletionEvent _, ChannelInputShutdownEvent _ ->
          Ending.abruptly(context.channel());
      default -> context.fireUserEventTriggered(event);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    loop.readClock();
    if (state == State.CONNECTING) {
      connectFailed(Reason.NO_HTTP2, Outcome.CONNECT_FAILED);
    } else {
      over();
    }
    if (counted) {
      stats.active.add(-1);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    blame(cause);
    Ending.abruptly(context.channel());
  }

  private void blame(Throwable cause) {
    if (Secured.isPeersFault(cause)) {
      end = Reason.ENDPOINT_RESET;
    } else {
      LOG.error("Closing the connection to {}: a mistake of ours", home().endpoint(), cause);
      end = Reason.INTERNAL;
    }
  }

  private void timedOut() {
    loop.readClock();
    if (state == State.CONNECTING) {
      connectFailed(Reason.CONNECT_TIMEOUT, Outcome.CONNECT_TIMEOUT);
      context().channel().close();
    } else if (suspected) {
      Ending.abruptly(context().channel()); // its streams fail by that
    } else {
      close();
    }
  }

  private final class Deadline extends Timeout {
    @Override
    protected void expired() {
      timedOut();
    }
  }
}
