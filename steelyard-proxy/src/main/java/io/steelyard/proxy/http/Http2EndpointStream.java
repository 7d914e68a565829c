package io.steelyard.proxy.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.steelyard.balance.Outcome;
import io.steelyard.codec.http1.BodyFraming;
import io.steelyard.codec.http1.HeadLimits;
import io.steelyard.codec.http1.RequestHead;
import io.steelyard.codec.http1.ResponseHead;
import io.steelyard.net.TimerWheel.Timeout;
import io.steelyard.proxy.pool.EndpointConnections;
import io.steelyard.proxy.pool.LoopPool;
import io.steelyard.proxy.relay.RelayEnd;
import io.steelyard.proxy.relay.TunnelEnd;
import io.steelyard.proxy.stats.EndpointStats;
import io.steelyard.proxy.stats.Reason;
import org.jspecify.annotations.Nullable;

/**
 * One request of an HTTP/2 connection to an endpoint. Its {@link Exchange} sees HTTP/1.1: the head
 * and body that it sends are taken apart here, and what comes back is put together.
 *
 * <pre>
 *   WAITING ──► HEAD ──► BODY ──► DONE
 *      │          │        │        ▲
 *      └──────────┴────────┴────────┘  failed, or no longer wanted
 *                 └──► TUNNEL           the endpoint has agreed to one (RFC 8441)
 * </pre>
 */
final class Http2EndpointStream implements EndpointStream, ChunkedData.Target, TunnelEnd, Switched {
  /**
   * What we send was accepted from a client and has got fields of ours: it is not limited again.
   */
  private static final HeadLimits SENT = new HeadLimits(1 << 24, 1 << 16, 1 << 24);

  private enum State {
    WAITING,
    HEAD,
    BODY,
    TUNNEL,
    DONE
  }

  private final HttpLoop loop;
  private final LoopPool pool;
  private final EndpointConnections home;
  private final EndpointStats stats;
  private final Timeout timeout = new Deadline();
  private Http2EndpointConnection connection;
  private @Nullable Attempt attempt;
  private @Nullable Http2Stream stream;
  private @Nullable Http1Answer answer;
  private @Nullable ChunkedData chunks;
  private @Nullable String proof;
  private @Nullable RelayEnd tunnel;
  private @Nullable ChannelFuture lastWrite;
  private State state = State.WAITING;
  private long left;
  private boolean sending;
  private boolean sent;
  private boolean requestSent;
  private boolean awaited;
  private boolean paused;
  private boolean resetSent;
  private boolean answerEnded;
  private boolean unseen;
  private boolean doubtful;
  private int unconsumed;
  private int window;

  private Http2EndpointStream(
      EndpointConnections home, LoopPool pool, HttpLoop loop, Attempt attempt, boolean freshOnly) {
    this.home = home;
    this.pool = pool;
    this.loop = loop;
    this.stats = home.stats();
    this.attempt = attempt;
    this.connection = Http2EndpointConnection.find(home, pool, loop, freshOnly);
  }

  // ---- beginnings ----

  /**
   * Finds {@code attempt} a place on a connection, or begins to open one; the attempt is told how
   * that ends, perhaps before this returns.
   */
  static void begin(
      EndpointConnections home, LoopPool pool, HttpLoop loop, Attempt attempt, boolean freshOnly) {
    Http2EndpointStream stream = new Http2EndpointStream(home, pool, loop, attempt, freshOnly);
    Http2EndpointConnection found = stream.connection;
    if (found.enter(stream)) {
      stream.doubtful = found.isDoubtful();
      attempt.sendOn(stream);
    } else {
      attempt.connecting(stream);
      found.open();
    }
  }

  /** The connection that it waited for is there. */
  void connected() {
    Attempt waiting = attempt();
    waiting.connected(this);
  }

  /** The connection that it waited for has no room for it. */
  void wander() {
    connection = Http2EndpointConnection.find(home, pool, loop, false);
    if (connection.enter(this)) {
      connected();
    } else {
      connection.open();
    }
  }

  void connectFailed(Reason reason, Outcome outcome) {
    state = State.DONE;
    Attempt waiting = attempt();
    attempt = null;
    waiting.connectFailed(reason, outcome);
  }

  @Override
  public void abandon() {
    state = State.DONE;
    attempt = null;
    connection.abandon(this);
  }

  // ---- the request ----

  @Override
  public void sendHeld(HeldRequest held, boolean keep) {
    state = State.HEAD;
    Http1Answer fresh = loop.takeAnswer();
    fresh.begin(attempt().method());
    answer = fresh;
    stats.requests.increment();
    sending = true;
    if (keep) {
      held.sendAndKeep(this);
    } else {
      held.sendAndForget(this);
    }
    sending = false;
    connection.flushSoon();
  }

  @Override
  public void sendBody(ByteBuf part) {
    stats.bytesSent.add(part.readableBytes());
    if (isOver()) {
      part.release();
      return;
    }
    // A part that is kept may be on its way twice: what is written has positions of its own.
    ByteBuf own = part.slice();
    if (stream == null) {
      sendHead(own);
    }
    if (isOver() || !own.isReadable()) {
      own.release();
    } else if (chunks != null) {
      chunks.read(own, this);
    } else {
      left -= own.readableBytes();
      data(own, left <= 0);
    }
  }

  private void sendHead(ByteBuf message) {
    RequestHead head = loop.sentHead();
    head.reset();
    int length = head.parse(message, message.readerIndex(), message.writerIndex(), SENT);
    if (length < 0) {
      throw new IllegalStateException("a head of ours is not valid: " + head.error());
    }
    boolean connects = attempt().isUpgrade();
    proof = connects ? WebSocketKey.proof(head, message) : null;
    if (connects && (proof == null || !connection.frames().takesTunnels())) {
      neverWas(Reason.NOT_SUPPORTED);
      return;
    }
    Http2Headers headers =
        connects
            ? Http2Fields.ofTunnel(head, message, connection.scheme())
            : Http2Fields.of(head, message, connection.scheme());
    message.skipBytes(length);
    left = head.contentLength();
    if (head.framing() == BodyFraming.CHUNKED) {
      chunks = new ChunkedData();
    }
    try {
      Http2Stream opened = connection.frames().open(this);
      stream = opened;
      boolean ends = head.framing() == BodyFraming.NONE && !connects;
      sent = ends;
      encoder().writeHeaders(frames(), opened.id(), headers, 0, ends, frames().newPromise());
    } catch (Http2Exception e) {
      neverWas(Reason.ENDPOINT_REFUSED);
    }
  }

  /** The request could not be sent: the connection does not carry it. */
  private void neverWas(Reason reason) {
    resetSent = true;
    connection.leave();
    fail(reason, Outcome.CANCELLED);
  }

  @Override
  public void data(ByteBuf slice, boolean last) {
    if (isOver()) {
      slice.release();
      return;
    }
    sent = last;
    ChannelFuture written =
        encoder().writeData(frames(), opened().id(), slice, 0, last, frames().newPromise());
    if (last) {
      lastWrite = written;
    }
  }

  @Override
  public void end(ByteBuf lines, int from, int to) {
    if (isOver() || from >= to) {
      data(Unpooled.EMPTY_BUFFER, true);
    } else {
      sent = true;
      Http2Headers trailers = Http2Fields.trailers(lines, from, to);
      encoder().writeHeaders(frames(), opened().id(), trailers, 0, true, frames().newPromise());
    }
  }

  /** Nothing can be sent any more. */
  private boolean isOver() {
    return state == State.DONE || resetSent;
  }

  @Override
  public void flush() {
    connection.flushSoon();
  }

  @Override
  public void requestSent() {
    requestSent = true;
    if (state == State.HEAD) {
      arm(attempt().responseNanos());
    }
  }

  @Override
  public boolean isReady() {
    Http2Stream current = stream;
    return current == null || isOver() || connection.frames().isWritable(current);
  }

  @Override
  public void awaitReady() {
    awaited = true;
    arm(quietNanos());
  }

  /** The endpoint takes more of the request. */
  void writable() {
    RelayEnd open = tunnel;
    if (open != null) {
      open.writabilityChanged();
    }
    Attempt current = attempt;
    if (current != null && awaited && !requestSent) {
      awaited = false;
      if (state == State.HEAD) {
        loop.timers().disarm(timeout);
      }
      current.endpointReady();
    }
  }

  // ---- the answer ----

  void headers(Http2Headers headers, boolean ends) {
    RelayEnd open = tunnel;
    if (open != null) {
      answerEnded = true;
      open.inputEnded(); // trailers, which a tunnel does not have
      return;
    }
    if (attempt == null) {
      return; // not wanted any more
    }
    if (state == State.BODY) {
      trailers(headers);
      return;
    }
    Http1Answer current = answer();
    ByteBuf message = head(headers, ends);
    if (message == null) {
      fail(Reason.BAD_ANSWER, Outcome.BAD_ANSWER);
      return;
    }
    ResponseHead head = current.head;
    int length = head.parse(message, 0, message.writerIndex(), Http1Answer.LIMITS);
    if (length != message.readableBytes() || (ends && head.interim())) {
      message.release();
      fail(Reason.BAD_ANSWER, Outcome.BAD_ANSWER);
    } else if (head.interim()) {
      interim(current, message);
    } else if (head.status() == 101) {
      switched(head, message, ends);
    } else {
      finalHead(current, headers, message, ends);
    }
  }

  private @Nullable ByteBuf head(Http2Headers headers, boolean ends) {
    ByteBufAllocator allocator = connection.context().alloc();
    String agreed = proof;
    return agreed != null && Http2AnswerHead.isSuccess(headers)
        ? Http2AnswerHead.switching(headers, agreed, allocator)
        : Http2AnswerHead.write(headers, attempt().method(), ends, allocator);
  }

  private void interim(Http1Answer current, ByteBuf message) {
    if (++current.interims > Http1Answer.MOST_INTERIM) {
      message.release();
      fail(Reason.BAD_ANSWER, Outcome.BAD_ANSWER);
      return;
    }
    attempt().interim(current.head, message);
    current.head.parseFor(attempt().method());
  }

  private void finalHead(Http1Answer current, Http2Headers headers, ByteBuf message, boolean ends) {
    ResponseHead head = current.head;
    stats.answers(head.status()).increment();
    callEnded(headers, ends);
    current.body.begin(head.framing(), head.contentLength());
    if (ends && !current.body.isComplete()) {
      message.release();
      fail(Reason.BAD_ANSWER, Outcome.BAD_ANSWER);
      return;
    }
    if (!attempt().wants(head)) {
      message.release();
      decline(head.status());
      return;
    }
    state = State.BODY;
    attempt().answer(head, current.body, message);
    received(ends);
  }

  private void callEnded(Http2Headers headers, boolean ends) {
    if (ends && attempt().isCall()) {
      attempt().callEnded(Grpc.status(headers));
    }
  }

  /** Another attempt follows this answer: the client does not see it. */
  private void decline(int status) {
    Attempt declining = attempt();
    leaveAttempt();
    reset(Http2Error.CANCEL);
    declining.declined(status);
  }

  /**
   * Part of the answer's body.
   *
   * @return how many of the bytes the endpoint may make up for at once
   */
  int answerData(ByteBuf data, boolean ends) {
    int length = data.readableBytes();
    if (tunnel != null) {
      return tunnelData(tunnel, data, ends);
    }
    if (attempt == null) {
      return length; // not wanted any more
    }
    if (state != State.BODY || !isExpected(length)) {
      fail(Reason.BAD_ANSWER, Outcome.BAD_ANSWER);
      return length;
    }
    if (answer().body.framing() == BodyFraming.CHUNKED) {
      chunk(data, ends);
    } else if (length > 0) {
      pass(data.retainedSlice());
    }
    received(ends);
    if (paused) {
      unconsumed += length;
      return 0;
    }
    return length;
  }

  private boolean isExpected(int length) {
    return length == 0 || !answer().body.isComplete();
  }

  private void chunk(ByteBuf data, boolean ends) {
    int length = data.readableBytes();
    if (length > 0) {
      pass(bytes(Integer.toHexString(length) + "\r\n"));
      pass(data.retainedSlice());
      pass(bytes(ends ? "\r\n0\r\n\r\n" : "\r\n"));
    } else if (ends) {
      pass(bytes("0\r\n\r\n"));
    }
  }

  private ByteBuf bytes(String text) {
    ByteBuf buf = connection.context().alloc().directBuffer(text.length());
    buf.writeCharSequence(text, US_ASCII);
    return buf;
  }

  private void trailers(Http2Headers headers) {
    callEnded(headers, true);
    ByteBuf lines = Http2Text.trailers(headers, connection.context().alloc());
    if (lines == null) {
      fail(Reason.BAD_ANSWER, Outcome.BAD_ANSWER);
    } else if (answer().body.framing() == BodyFraming.CHUNKED) {
      pass(lines);
      received(true);
    } else {
      lines.release(); // a body with a length has no room for trailers in HTTP/1.1
      received(true);
    }
  }

  /** Passes a part on, if it is still wanted. */
  private void pass(ByteBuf part) {
    Attempt current = attempt;
    if (current == null) {
      part.release();
      return;
    }
    BodyProgress body = answer().body;
    int taken = body.take(part, part.readerIndex(), part.writerIndex());
    if (taken != part.readableBytes()) {
      part.release();
      fail(Reason.BAD_ANSWER, Outcome.BAD_ANSWER);
    } else {
      current.answerBody(part);
    }
  }

  private void received(boolean ends) {
    Attempt current = attempt;
    if (current == null) {
      return;
    }
    if (!ends) {
      if (!paused) {
        arm(quietNanos());
      }
    } else if (answer().body.isComplete()) {
      current.answerComplete(true);
    } else {
      fail(Reason.BAD_ANSWER, Outcome.BAD_ANSWER);
    }
  }

  /** What had come was read. */
  void answerFlush() {
    RelayEnd open = tunnel;
    if (open != null) {
      open.readComplete();
    } else if (state == State.BODY && attempt != null) {
      attempt.answerFlush();
    }
  }

  @Override
  public void pauseAnswer() {
    if (!paused) {
      paused = true;
      loop.timers().disarm(timeout);
    }
  }

  @Override
  public void resumeAnswer() {
    if (!paused) {
      return;
    }
    paused = false;
    if (tunnel == null) {
      arm(quietNanos());
    }
    int count = unconsumed;
    unconsumed = 0;
    if (count > 0) {
      consumed(count);
    }
  }

  /** The endpoint may send as much again. */
  private void consumed(int count) {
    try {
      if (handler().connection().local().flowController().consumeBytes(opened(), count)) {
        connection.flushSoon();
      }
    } catch (Http2Exception e) {
      handler().onError(frames(), true, e);
    }
  }

  // ---- tunnels ----

  private void switched(ResponseHead head, ByteBuf message, boolean ends) {
    stats.answers(head.status()).increment();
    attempt().switched(this, head, message);
    RelayEnd open = tunnel;
    if (ends && open != null) {
      answerEnded = true;
      open.inputEnded();
    }
  }

  @Override
  public long tunnelNanos() {
    return pool.tunnelNanos();
  }

  @Override
  public TunnelEnd tunnelEnd() {
    return this;
  }

  @Override
  public void becomeTunnel(RelayEnd side) {
    leaveAttempt();
    state = State.TUNNEL;
    tunnel = side;
  }

  private int tunnelData(RelayEnd open, ByteBuf data, boolean ends) {
    int length = data.readableBytes();
    open.read(data.retainedSlice());
    if (ends) {
      answerEnded = true;
      open.inputEnded();
    }
    if (!paused) {
      return length;
    }
    unconsumed += length;
    return 0;
  }

  @Override
  public void write(ByteBuf buf) {
    stats.bytesSent.add(buf.readableBytes());
    data(buf, false);
  }

  @Override
  public void endOutput() {
    data(Unpooled.EMPTY_BUFFER, true);
    flush();
  }

  @Override
  public void setReading(boolean reading) {
    if (reading) {
      resumeAnswer();
    } else {
      pauseAnswer();
    }
  }

  @Override
  public long progress() {
    return isOver() ? 0 : windowOf(opened());
  }

  @Override
  public void close() {
    tunnel = null;
    if (!sent) {
      endOutput();
    }
    state = State.DONE;
    if (!answerEnded) {
      // Nobody is there for what else it has to say.
      requireNonNull(lastWrite, "lastWrite").addListener(_ -> reset(Http2Error.CANCEL));
    }
  }

  @Override
  public void cut() {
    tunnel = null;
    reset(Http2Error.CANCEL);
    state = State.DONE;
  }

  private void tunnelClosed() {
    RelayEnd open = tunnel;
    if (open != null) {
      tunnel = null;
      open.closed();
    }
  }

  // ---- ends ----

  @Override
  public boolean tellsRefusals() {
    return true;
  }

  @Override
  public boolean isReused() {
    return unseen || (doubtful && connection.isDoubtful());
  }

  @Override
  public void release(boolean reusable) {
    leaveAttempt();
    if (!sent) {
      reset(Http2Error.NO_ERROR); // the rest of the request is not wanted
    }
  }

  @Override
  public void cancel() {
    leaveAttempt();
    reset(Http2Error.CANCEL);
  }

  private void reset(Http2Error error) {
    Http2Stream current = stream;
    if (current != null && !resetSent) {
      resetSent = true;
      connection.countReset();
      handler().resetStream(frames(), current.id(), error.code(), frames().newPromise());
      connection.flushSoon();
    }
  }

  /** The endpoint has reset it. */
  void resetByEndpoint(long error) {
    resetSent = true;
    stats.resets.increment();
    tunnelClosed();
    fail(
        error == Http2Error.REFUSED_STREAM.code() ? Reason.ENDPOINT_REFUSED : Reason.ENDPOINT_RESET,
        Outcome.RESET);
  }

  /** The endpoint breaks the rules; the stream is about to be reset. */
  void broken(Reason reason, Outcome outcome) {
    resetSent = true;
    tunnelClosed();
    fail(reason, outcome);
  }

  /**
   * It has ended, in order or with its connection.
   *
   * @param unlooked the endpoint says that it has not looked at it
   */
  void closed(boolean unlooked) {
    resetSent = true;
    tunnelClosed();
    if (attempt == null) {
      return;
    }
    unseen = unlooked;
    if (unlooked) {
      fail(Reason.ENDPOINT_REFUSED, Outcome.CANCELLED);
    } else {
      stats.resets.increment();
      fail(connection.endReason(), Outcome.RESET);
    }
  }

  /** Gives the attempt up to its failure. */
  private void fail(Reason reason, Outcome outcome) {
    if (sending) {
      connection.context().executor().execute(() -> fail(reason, outcome));
      return;
    }
    Attempt failed = attempt;
    if (failed != null) {
      leaveAttempt();
      reset(reason == Reason.BAD_ANSWER ? Http2Error.PROTOCOL_ERROR : Http2Error.CANCEL);
      failed.endpointFailed(reason, outcome);
    }
  }

  private void leaveAttempt() {
    attempt = null;
    state = State.DONE;
    loop.timers().cancel(timeout);
    Http1Answer current = answer;
    if (current != null) {
      answer = null;
      loop.giveBack(current);
    }
    ChunkedData held = chunks;
    if (held != null) {
      chunks = null;
      held.release();
    }
  }

  private void timedOut() {
    loop.readClock();
    Http2Stream current = stream;
    if (current != null && (!requestSent || state == State.HEAD) && windowOf(current) != window) {
      arm(requestSent ? attempt().responseNanos() : quietNanos()); // it takes something
      return;
    }
    connection.suspect();
    if (state == State.HEAD && requestSent) {
      stats.responseTimeouts.increment();
      fail(Reason.RESPONSE_TIMEOUT, Outcome.RESPONSE_TIMEOUT);
    } else {
      fail(Reason.IDLE_TIMEOUT, Outcome.IDLE_TIMEOUT);
    }
  }

  private long quietNanos() {
    Attempt current = attempt;
    return current == null ? pool.idleNanos() : current.quietNanos(pool.idleNanos());
  }

  private int windowOf(Http2Stream current) {
    return encoder().flowController().windowSize(current);
  }

  private void arm(long nanos) {
    Http2Stream current = stream;
    window = current == null || isOver() ? 0 : windowOf(current);
    loop.timers().arm(timeout, loop.nanoTime() + nanos);
  }

  // ---- parts ----

  private Http2EndpointHandler handler() {
    return connection.frames().handler();
  }

  private Http2ConnectionEncoder encoder() {
    return handler().encoder();
  }

  private ChannelHandlerContext frames() {
    return connection.frames().context();
  }

  private Http2Stream opened() {
    return requireNonNull(stream, "stream");
  }

  private Attempt attempt() {
    return requireNonNull(attempt, "attempt");
  }

  private Http1Answer answer() {
    return requireNonNull(answer, "answer");
  }

  private final class Deadline extends Timeout {
    @Override
    protected void expired() {
      timedOut();
    }
  }
}
