package io.steelyard.proxy.http;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Lease;
import io.steelyard.balance.Outcome;
import io.steelyard.codec.http1.Method;
import io.steelyard.codec.http1.ResponseHead;
import io.steelyard.proxy.pool.EndpointConnections;
import io.steelyard.proxy.pool.LoopPool;
import io.steelyard.proxy.pool.TrafficGate;
import io.steelyard.proxy.stats.EndpointStats;
import io.steelyard.proxy.stats.Reason;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One sending of a request to one endpoint: its lease, its connection, and what happens there, of
 * which it tells its {@link Exchange}.
 *
 * <pre>
 *   IDLE ──begin──► connecting ──► sent ──► answering ──► IDLE: the lease is closed with an outcome
 * </pre>
 *
 * <p>Reused by its exchange; belongs to the event loop.
 */
final class Attempt implements EndpointEvents {
  private final HttpLoop loop;
  private final Exchange exchange;
  private @Nullable Lease lease;
  private @Nullable EndpointStats stats;
  private @Nullable EndpointStream stream;
  private @Nullable EndpointStream connecting;
  private @Nullable String endpointName;
  private @Nullable TrafficGate repeating;
  private long beganNanos;
  private long connectNanos;
  private long answerNanos;
  private int grpcStatus;

  Attempt(HttpLoop loop, Exchange exchange) {
    this.loop = loop;
    this.exchange = exchange;
  }

  /** Forgets the attempt before, for another request. */
  void clear() {
    stats = null;
    endpointName = null;
    connectNanos = -1;
  }

  /**
   * Goes to an endpoint: over an idle connection, or over a new one.
   *
   * @param freshOnly not over an idle one
   * @param again it follows a failed one
   */
  void begin(LoopPool pool, Lease chosen, boolean freshOnly, boolean again) {
    lease = chosen;
    beganNanos = loop.nanoTime();
    answerNanos = -1;
    grpcStatus = Grpc.NO_STATUS;
    endpointName = chosen.endpoint().name();
    TrafficGate gate = again ? pool.gate() : null;
    if (gate != null) {
      gate.retryBegins(chosen.endpoint());
    }
    repeating = gate;
    EndpointConnections connections = pool.connectionsTo(chosen.endpoint());
    stats = connections.stats();
    if (pool.isMultiplexed()) {
      Http2EndpointStream.begin(connections, pool, loop, this, freshOnly);
      return;
    }
    Http1EndpointConnection idle =
        freshOnly ? null : Http1EndpointConnection.reuse(connections, this);
    if (idle != null) {
      sendOn(idle);
    } else {
      Http1EndpointConnection.open(connections, pool, loop, this);
    }
  }

  /** A connection was there. */
  void sendOn(EndpointStream connection) {
    stream = connection;
    exchange.send(connection);
  }

  /** Where the client connected from. */
  InetSocketAddress source() {
    return exchange.source();
  }

  /** What a connection that has been opened for this begins with; null for nothing. */
  @Nullable ByteBuf proxyHeader(ByteBufAllocator allocator) {
    return exchange.proxyHeader(allocator);
  }

  /** Where the request is being sent; null before there is a connection, and after. */
  @Nullable EndpointStream stream() {
    return stream;
  }

  /** Is an endpoint in use? */
  boolean isUnderWay() {
    return lease != null;
  }

  /** The endpoint in use. */
  Endpoint endpoint() {
    return lease().endpoint();
  }

  /** The endpoint that was in use last; null for none. */
  @Nullable String endpointName() {
    return endpointName;
  }

  /** What the endpoint that was in use last counts; null for none. */
  @Nullable EndpointStats stats() {
    return stats;
  }

  /** How long the connection took; -1 when it was there. */
  long connectNanos() {
    return connectNanos;
  }

  /** Of the request, as the connection has to know it. */
  Method method() {
    return exchange.method();
  }

  /** Is it a call of gRPC? */
  boolean isCall() {
    return exchange.isCall();
  }

  /** How long the head of an answer may take. */
  long responseNanos() {
    return exchange.responseNanos();
  }

  /** How long the endpoint may say nothing in between. */
  long quietNanos(long usual) {
    return exchange.quietNanos(usual);
  }

  /** Has the client asked for another protocol? */
  boolean isUpgrade() {
    return exchange.isUpgrade();
  }

  /** Ends it from the client's side. */
  void leave(Outcome outcome) {
    EndpointStream current = stream;
    stream = null;
    if (current != null) {
      current.cancel();
    }
    EndpointStream pending = connecting;
    connecting = null;
    if (pending != null) {
      pending.abandon();
    }
    close(outcome);
  }

  /** Closes the lease, if it is open. */
  void close(Outcome outcome) {
    Lease current = lease;
    if (current != null) {
      lease = null;
      TrafficGate gate = repeating;
      if (gate != null) {
        gate.retryEnded(current.endpoint());
      }
      long nanos = loop.nanoTime() - beganNanos;
      current.close(outcome, answerNanos < 0 ? nanos : answerNanos);
      if (outcome == Outcome.SUCCESS || outcome == Outcome.ERROR_ANSWER) {
        requireNonNull(stats, "stats").latency.record(nanos);
      }
    }
  }

  // ---- what happens at the endpoint ----

  @Override
  public void connecting(EndpointStream connection) {
    connecting = connection;
  }

  @Override
  public void connected(EndpointStream connection) {
    connecting = null;
    connectNanos = loop.nanoTime() - beganNanos;
    lease().connected(connectNanos);
    sendOn(connection);
  }

  @Override
  public void connectFailed(Reason reason, Outcome outcome) {
    connecting = null;
    exchange.connectFailed(this, reason, outcome);
  }

  @Override
  public void interim(ResponseHead head, ByteBuf message) {
    exchange.interim(this, head, message);
  }

  @Override
  public boolean wants(ResponseHead head) {
    return exchange.wants(this, head.status(), grpcStatus);
  }

  @Override
  public void callEnded(int status) {
    grpcStatus = status;
  }

  @Override
  public void declined(int status) {
    stream = null;
    answerNanos = loop.nanoTime() - beganNanos;
    exchange.declined(this, outcomeOf(status));
  }

  @Override
  public void answer(ResponseHead head, BodyProgress body, ByteBuf message) {
    answerNanos = loop.nanoTime() - beganNanos;
    exchange.answer(this, head, body, message);
  }

  @Override
  public void switched(Switched endpoint, ResponseHead head, ByteBuf message) {
    answerNanos = loop.nanoTime() - beganNanos;
    stream = null;
    exchange.switched(endpoint, head, message);
  }

  @Override
  public void answerBody(ByteBuf part) {
    exchange.answerBody(part);
  }

  @Override
  public void answerFlush() {
    exchange.answerFlush();
  }

  @Override
  public void answerComplete(boolean reusable) {
    EndpointStream source = stream;
    stream = null;
    exchange.answerComplete(this, source, reusable);
  }

  @Override
  public void endpointReady() {
    exchange.endpointReady();
  }

  @Override
  public void endpointFailed(Reason reason, Outcome outcome) {
    EndpointStream failed = stream;
    stream = null;
    boolean stale =
        failed != null
            && failed.isReused()
            && reason != Reason.RESPONSE_TIMEOUT
            && reason != Reason.BAD_ANSWER;
    exchange.endpointFailed(this, reason, outcome, stale);
  }

  /**
   * 501 and 505 speak of what was asked (RFC 9110 section 15.6), not of the endpoint, as HAProxy's
   * {@code observe layer7} has it.
   */
  Outcome outcomeOf(int status) {
    if (Grpc.isEndpointsFault(grpcStatus)) {
      return Outcome.ERROR_ANSWER;
    }
    return status >= 500 && status != 501 && status != 505 ? Outcome.ERROR_ANSWER : Outcome.SUCCESS;
  }

  private Lease lease() {
    return requireNonNull(lease, "lease");
  }
}
