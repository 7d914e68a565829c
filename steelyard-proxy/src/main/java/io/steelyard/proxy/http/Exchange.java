package io.steelyard.proxy.http;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Lease;
import io.steelyard.balance.Outcome;
import io.steelyard.balance.Selection;
import io.steelyard.codec.http1.Method;
import io.steelyard.codec.http1.ResponseHead;
import io.steelyard.proxy.listen.SelectionKey;
import io.steelyard.proxy.log.AccessLogRing;
import io.steelyard.proxy.log.AccessRecord;
import io.steelyard.proxy.pool.EndpointConnections;
import io.steelyard.proxy.pool.LoopPool;
import io.steelyard.proxy.relay.Relay;
import io.steelyard.proxy.route.Router;
import io.steelyard.proxy.stats.EndpointStats;
import io.steelyard.proxy.stats.ListenerStats;
import io.steelyard.proxy.stats.Reason;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way across, whatever protocol its two sides speak: finds its pool, leases an
 * endpoint, gets a connection, sends the request, tries again where that is safe, passes the answer
 * on, and accounts for it all.
 *
 * <pre>
 *   begin ──► dispatch ──► connected ──► sent ──► answering ──► finished
 *     │          ▲  │          │           │          │
 *     │          │  └─ refused─┤           │          └─ endpoint fails: the client sees a broken answer
 *     │          └──── retry ──┴───────────┘
 *     └─ no route, too large …: an error answer
 * </pre>
 *
 * <p>Reused for many requests by one event loop; not thread-safe.
 */
final class Exchange implements Selection, EndpointEvents, Relay.Listener {
  /** More of a request than this is not read while no endpoint takes it. */
  private static final int HELD_LIMIT = 64 * 1024;

  /**
   * What the access log shows when the client left before it was answered (nginx's invention,
   * widely understood).
   */
  private static final int CLIENT_CLOSED_STATUS = 499;

  private final HttpLoop loop;
  private final HeldRequest held = new HeldRequest();
  private final SelectionKey key = new SelectionKey();
  private final @Nullable AccessRecord record;
  private int[] tried = new int[4];
  private int triedCount;

  private @Nullable HttpService service;
  private @Nullable ClientStream client;
  private @Nullable LoopPool pool;
  private @Nullable Lease lease;
  private @Nullable EndpointStats endpointStats;
  private @Nullable EndpointStream endpoint;
  private @Nullable Http1EndpointConnection connecting;

  private Method method = Method.OTHER;
  private boolean upgrade;
  private boolean requestComplete;
  private boolean sent;
  private boolean freshOnly;
  private boolean answerStarted;
  private int attempt;
  private int attempts;
  private @Nullable String endpointName;
  private int status;
  private long startNanos;
  private long dispatchNanos;
  private long connectNanos;
  private long firstByteNanos;
  private long bytesIn;
  private long bytesOut;
  private int answerHeadBytes;

  Exchange(HttpLoop loop) {
    this.loop = loop;
    this.record = loop.isLogging() ? new AccessRecord() : null;
  }

  // ---- the client's side ----

  /** A request has begun to arrive. */
  void start(HttpService listener, ClientStream asker) {
    service = listener;
    client = asker;
    pool = null;
    endpointStats = null;
    startNanos = loop.nanoTime();
    dispatchNanos = startNanos;
    method = Method.OTHER;
    upgrade = false;
    connectNanos = -1;
    firstByteNanos = -1;
    bytesIn = 0;
    bytesOut = 0;
    answerHeadBytes = 0;
    key.clear();
    attempt = 0;
    attempts = 0;
    endpointName = null;
    triedCount = 0;
    status = 0;
    requestComplete = false;
    sent = false;
    freshOnly = false;
    answerStarted = false;
  }

  /**
   * The request's head is there, not yet edited.
   *
   * @return false when no route takes it, which has then been answered
   */
  boolean begin(RequestView request) {
    HttpService current = service();
    method = request.method();
    int route = current.router().route(request.authority(), request.path());
    if (route == Router.NONE) {
      fail(404, Reason.NO_ROUTE);
      return false;
    }
    pool = current.pool(route);
    KeyReader reader = current.keyReader(route);
    if (reader != null) {
      reader.read(request, client(), key);
    }
    return true;
  }

  /** Bytes of the request for the endpoint, its edited head first. Takes over {@code part}. */
  void hold(ByteBuf part) {
    held.add(part);
  }

  /**
   * Everything that has arrived of the request is held: now an endpoint is wanted.
   *
   * @param wantsUpgrade the client asks for another protocol
   * @param complete nothing more of the request is to come
   */
  void dispatch(boolean wantsUpgrade, boolean complete) {
    upgrade = wantsUpgrade;
    requestComplete = complete;
    dispatch();
  }

  private void dispatch() {
    Lease chosen = pool().lease(this);
    if (chosen == null) {
      pool().stats().noEndpoint.increment();
      fail(503, Reason.NO_ENDPOINT);
    } else {
      dispatch(chosen);
    }
  }

  private void dispatch(Lease chosen) {
    LoopPool chosenFrom = pool();
    lease = chosen;
    attempts++;
    endpointName = chosen.endpoint().name();
    dispatchNanos = loop.nanoTime();
    EndpointConnections connections = chosenFrom.connectionsTo(chosen.endpoint());
    endpointStats = connections.stats();
    Http1EndpointConnection idle =
        freshOnly ? null : Http1EndpointConnection.reuse(connections, this);
    if (idle != null) {
      send(idle);
    } else {
      Http1EndpointConnection.open(connections, chosenFrom, loop, this);
    }
  }

  /** A connection is being opened for this exchange. */
  void connecting(Http1EndpointConnection connection) {
    connecting = connection;
  }

  /** More of the request's body. Takes over {@code part}. */
  void requestBody(ByteBuf part, boolean last) {
    requestComplete = last;
    EndpointStream target = endpoint;
    if (target == null || !sent) {
      held.add(part);
      if (held.bytes() > HELD_LIMIT && !last) {
        client().pauseRequest();
      }
      return;
    }
    held.release();
    target.sendBody(part);
    if (last) {
      target.flush();
      target.requestSent();
    }
  }

  /** The client's bytes that were there have been read. */
  void requestFlush() {
    EndpointStream target = endpoint;
    if (target != null && sent && !requestComplete) {
      target.flush();
      if (!target.isReady()) {
        client().pauseRequest();
        target.awaitReady();
      }
    }
  }

  void addBytesIn(int count) {
    bytesIn += count;
  }

  void addBytesOut(int count) {
    bytesOut += count;
  }

  /** So much of what the client gets is a head, of an interim answer or the final one. */
  void addAnswerHeadBytes(int count) {
    answerHeadBytes += count;
  }

  Method method() {
    return method;
  }

  /** Has the client asked for another protocol? */
  boolean isUpgrade() {
    return upgrade;
  }

  /** The client takes bytes again. */
  void clientReady() {
    EndpointStream source = endpoint;
    if (source != null) {
      source.resumeAnswer();
    }
  }

  /** The client has gone: nothing more can be sent to it. */
  void clientGone(Reason reason) {
    leaveEndpoint(Outcome.CANCELLED);
    finished(status == 0 ? CLIENT_CLOSED_STATUS : status, reason);
  }

  /**
   * The request cannot be served: answers so, if no answer has begun, and breaks the answer off if
   * one has.
   */
  void fail(int errorStatus, Reason reason) {
    leaveEndpoint(Outcome.CANCELLED);
    ClientStream target = client();
    if (answerStarted) {
      finished(status, reason);
      target.abort(reason);
    } else {
      answerStarted = true;
      status = errorStatus;
      target.sendError(errorStatus);
      finished(errorStatus, reason);
      target.answered();
    }
  }

  // ---- the endpoint's side ----

  /** What the connection that has been opened for this begins with; null for nothing. */
  @Nullable ByteBuf proxyHeader(ByteBufAllocator allocator) {
    LoopPool chosenFrom = pool();
    return chosenFrom.sendsProxyHeader()
        ? chosenFrom.proxyHeader(client().source(), client().destination(), allocator)
        : null;
  }

  @Override
  public void connected(Http1EndpointConnection connection) {
    connecting = null;
    connectNanos = loop.nanoTime() - dispatchNanos;
    Lease current = lease;
    if (current != null) {
      current.connected(connectNanos);
    }
    send(connection);
  }

  @Override
  public void connectFailed(Reason reason, Outcome outcome) {
    connecting = null;
    remember(lease);
    closeLease(outcome);
    retryOrFail(reason);
  }

  @Override
  public void interim(ResponseHead head, ByteBuf message) {
    client().sendInterim(head, message);
  }

  @Override
  public void answer(ResponseHead head, BodyProgress body, ByteBuf message) {
    answerBegins(head);
    readLoad(head, message);
    client().sendAnswer(head, body, message);
  }

  private void readLoad(ResponseHead head, ByteBuf message) {
    Lease current = lease;
    if (current != null && pool().usesLoadReports()) {
      LoadField.read(head, message, current.endpoint().state(), loop.nanoTime());
    }
  }

  private void answerBegins(ResponseHead head) {
    firstByteNanos = loop.nanoTime() - startNanos;
    answerStarted = true;
    status = head.status();
    held.release();
  }

  @Override
  public void switched(Http1EndpointConnection connection, ResponseHead head, ByteBuf message) {
    answerBegins(head);
    endpoint = null;
    client().tunnel(connection, head, message);
  }

  @Override
  public void relayEnded(Relay relay, boolean idle) {
    bytesIn += relay.client().bytes();
    bytesOut += relay.endpoint().bytes();
    closeLease(Outcome.SUCCESS);
    finished(status, idle ? Reason.IDLE_TIMEOUT : Reason.NONE);
    client().answered();
  }

  @Override
  public void answerBody(ByteBuf part) {
    client().sendBody(part);
  }

  @Override
  public void answerFlush() {
    ClientStream target = client();
    target.flush();
    EndpointStream source = endpoint;
    if (source != null && !target.isReady()) {
      source.pauseAnswer();
      target.awaitReady();
    }
  }

  @Override
  public void answerComplete(boolean reusable) {
    ClientStream target = client();
    target.flush();
    EndpointStream source = endpoint;
    endpoint = null;
    if (source != null) {
      source.release(reusable && requestComplete);
    }
    closeLease(saysItFailed(status) ? Outcome.ERROR_ANSWER : Outcome.SUCCESS);
    finished(status, Reason.NONE);
    target.answered();
  }

  /**
   * 501 and 505 speak of what was asked (RFC 9110 section 15.6), not of the endpoint, as HAProxy's
   * {@code observe layer7} has it.
   */
  private static boolean saysItFailed(int answered) {
    return answered >= 500 && answered != 501 && answered != 505;
  }

  @Override
  public void endpointReady() {
    client().resumeRequest();
  }

  @Override
  public void endpointFailed(Reason reason, Outcome outcome) {
    EndpointStream failed = endpoint;
    endpoint = null;
    boolean stale = failed != null && failed.isReused() && reason != Reason.RESPONSE_TIMEOUT;
    if (!stale) {
      remember(lease);
    }
    closeLease(outcome);
    if (answerStarted) {
      finished(status, reason);
      client().abort(reason);
    } else if (!held.isEmpty() && isRepeatable(reason)) {
      freshOnly = stale;
      retryOrFail(reason);
    } else {
      fail(statusOf(reason), reason);
    }
  }

  private void send(EndpointStream target) {
    endpoint = target;
    sent = true;
    target.sendHeld(held, requestComplete && method.idempotent());
    if (requestComplete) {
      target.requestSent();
    } else {
      client().resumeRequest();
    }
  }

  /**
   * Only while the request has not been forgotten: it was idempotent and complete when it was sent.
   */
  private static boolean isRepeatable(Reason reason) {
    return reason == Reason.ENDPOINT_CLOSED || reason == Reason.ENDPOINT_RESET;
  }

  private void retryOrFail(Reason reason) {
    LoopPool current = pool();
    Lease next = null;
    if (attempt < current.retries()) {
      attempt++;
      next = current.lease(this);
    }
    if (next == null) {
      fail(statusOf(reason), reason);
      return;
    }
    sent = false;
    current.stats().retries.increment();
    EndpointStats stats = endpointStats;
    if (stats != null) {
      stats.retries.increment();
    }
    dispatch(next);
  }

  private static int statusOf(Reason reason) {
    return switch (reason) {
      case CONNECT_TIMEOUT, RESPONSE_TIMEOUT, IDLE_TIMEOUT -> 504;
      case NO_ENDPOINT -> 503;
      case INTERNAL -> 500;
      default -> 502;
    };
  }

  private void leaveEndpoint(Outcome outcome) {
    held.release();
    EndpointStream current = endpoint;
    endpoint = null;
    if (current != null) {
      current.cancel();
    }
    Http1EndpointConnection pending = connecting;
    connecting = null;
    if (pending != null) {
      pending.abandon();
    }
    closeLease(outcome);
  }

  private void closeLease(Outcome outcome) {
    Lease current = lease;
    if (current != null) {
      lease = null;
      long nanos = loop.nanoTime() - dispatchNanos;
      current.close(outcome, nanos);
      EndpointStats stats = endpointStats;
      if (stats != null && (outcome == Outcome.SUCCESS || outcome == Outcome.ERROR_ANSWER)) {
        stats.latency.record(nanos);
      }
    }
  }

  /** The exchange is over: counts and logs it. */
  private void finished(int finalStatus, Reason reason) {
    ListenerStats stats = service().stats();
    if (status != 0) {
      stats.answers(status).increment();
    }
    if (reason != Reason.NONE) {
      stats.reason(reason);
    }
    long nanos = loop.nanoTime() - startNanos;
    stats.latency.record(nanos);
    AccessRecord logged = record;
    AccessLogRing ring = loop.log();
    if (logged != null && ring != null) {
      fill(logged, finalStatus, reason, nanos);
      ring.offer(logged);
      logged.clear();
    }
  }

  private void fill(AccessRecord target, int finalStatus, Reason reason, long nanos) {
    target.startEpochMicros = loop.epochMicros(startNanos);
    target.listener = service().name();
    target.client = client().clientAddress();
    target.clientPort = client().clientPort();
    target.status = finalStatus;
    target.reason = reason;
    target.bytesIn = bytesIn;
    target.bytesOut = bytesOut;
    target.answerHeadBytes = answerHeadBytes;
    target.totalNanos = nanos;
    target.connectNanos = connectNanos;
    target.firstByteNanos = firstByteNanos;
    target.attempts = attempts;
    LoopPool used = pool;
    target.pool = used == null ? null : used.name();
    target.endpoint = endpointName;
  }

  private HttpService service() {
    return requireNonNull(service, "service");
  }

  private ClientStream client() {
    return requireNonNull(client, "client");
  }

  private LoopPool pool() {
    return requireNonNull(pool, "pool");
  }

  /** What the access log is to say of this request; null when there is none. */
  @Nullable AccessRecord record() {
    return record;
  }

  // ---- the choice of an endpoint ----

  @Override
  public boolean accepts(Endpoint candidate) {
    for (int i = 0; i < triedCount; i++) {
      if (tried[i] == candidate.index()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public byte[] key() {
    return key.bytes();
  }

  @Override
  public int keyLength() {
    return key.length();
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

  private void remember(@Nullable Lease failed) {
    if (failed != null) {
      if (triedCount == tried.length) {
        tried = Arrays.copyOf(tried, triedCount * 2);
      }
      tried[triedCount++] = failed.endpoint().index();
    }
  }
}
