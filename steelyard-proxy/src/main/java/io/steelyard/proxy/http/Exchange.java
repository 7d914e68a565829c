package io.steelyard.proxy.http;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.steelyard.balance.Lease;
import io.steelyard.balance.Outcome;
import io.steelyard.codec.http1.Method;
import io.steelyard.codec.http1.ResponseHead;
import io.steelyard.model.FixedAnswer;
import io.steelyard.model.Redirect;
import io.steelyard.model.RetryOn.Failure;
import io.steelyard.proxy.log.AccessRecord;
import io.steelyard.proxy.pool.HedgeLine;
import io.steelyard.proxy.pool.LoopPool;
import io.steelyard.proxy.pool.PoolQueue;
import io.steelyard.proxy.pool.Refusal;
import io.steelyard.proxy.pool.RetryRules;
import io.steelyard.proxy.relay.Relay;
import io.steelyard.proxy.relay.Tunnel;
import io.steelyard.proxy.route.Router;
import io.steelyard.proxy.stats.EndpointStats;
import io.steelyard.proxy.stats.PoolStats;
import io.steelyard.proxy.stats.Reason;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way across, whatever protocol its two sides speak: finds its pool, leases an
 * endpoint, sends the request there by an {@link Attempt}, makes another where that is safe, passes
 * the answer on, and accounts for it all.
 *
 * <pre>
 *   begin ──► dispatch ──► Attempt: connected ──► sent ──► answering ──► finished
 *     │          ▲             │                   │           │
 *     │          └─── retry ───┴───────────────────┘           └─ endpoint fails: the client sees a broken answer
 *     └─ no route, too large …: an error answer
 * </pre>
 *
 * <p>Reused for many requests by one event loop; not thread-safe.
 */
final class Exchange implements Relay.Listener, Tunnel.Listener {
  /** More of a request than this is not read while no endpoint takes it. */
  private static final int HELD_LIMIT = 64 * 1024;

  /**
   * What the access log shows when the client left before it was answered (nginx's invention,
   * widely understood).
   */
  private static final int CLIENT_CLOSED_STATUS = 499;

  private final HttpLoop loop;
  private final HeldRequest held = new HeldRequest();
  private final RequestSelection selection;
  private final Account account;
  private final Repeats repeats;

  private @Nullable HttpService service;
  private @Nullable ClientStream client;
  private @Nullable LoopPool pool;

  /** The attempt that is under way; of two, the first; of an answer, the one it comes from. */
  private Attempt attempt;

  /** The one beside it; null as long as no pool wanted one. */
  private @Nullable Attempt second;

  private @Nullable Hedge hedge;

  /** Its place when a pool is saturated; null as long as none was. */
  private @Nullable Turn turn;

  /** Which of the two is a hedged request's second. */
  private @Nullable Attempt hedged;

  /** The endpoint that another attempt goes to once the answer before it has been declined. */
  private @Nullable Lease following;

  private Method method = Method.OTHER;
  private boolean upgrade;
  private boolean call;
  private boolean deadline;
  private boolean requestComplete;
  private boolean keeping;
  private boolean answerStarted;
  private int serviceClass;

  /** Whether the next attempt counts among the pool's repeated ones. */
  private boolean counted;

  private int retryAfter;
  private int status;

  Exchange(HttpLoop loop) {
    this.loop = loop;
    this.selection = new RequestSelection(loop);
    this.attempt = new Attempt(loop, this);
    this.account = new Account(loop);
    this.repeats = new Repeats(loop, selection);
  }

  // ---- the client's side ----

  /** A request has begun to arrive. */
  void start(HttpService listener, ClientStream asker) {
    service = listener;
    client = asker;
    pool = null;
    account.begin();
    method = Method.OTHER;
    upgrade = false;
    call = false;
    deadline = false;
    selection.clear();
    attempt.clear();
    hedged = null;
    retryAfter = 0;
    status = 0;
    requestComplete = false;
    keeping = false;
    answerStarted = false;
  }

  /**
   * It is a call of gRPC; after {@link #start}.
   *
   * @param limited the client has said how long it waits
   */
  void isCall(boolean limited) {
    call = true;
    deadline = limited;
  }

  /** Is it a call of gRPC? */
  boolean isCall() {
    return call;
  }

  /** How long a side may say nothing: a call is as good as a tunnel. */
  long quietNanos(long usual) {
    LoopPool from = pool;
    return call && from != null ? from.tunnelNanos() : usual;
  }

  /** How long the head of an answer may take: the client's deadline comes before our timeouts. */
  long responseNanos() {
    return deadline ? pool().tunnelNanos() : pool().responseNanos();
  }

  /**
   * The request's head is there, not yet edited.
   *
   * @return false when no route takes it or the route redirects, which has then been answered
   */
  boolean begin(RequestView request) {
    HttpService current = service();
    method = request.method();
    int route = current.router().route(request.authority(), request.path());
    if (route == Router.NONE) {
      fail(404, Reason.NO_ROUTE);
      return false;
    }
    Redirect redirect = current.redirect(route);
    if (redirect != null) {
      redirect(redirect, request);
      return false;
    }
    LoopPool wanted = current.pool(route);
    KeyReader reader;
    if (wanted.isUsedUp(0) && wanted.fallback() != null) {
      enter(wanted.standIn());
      reader = current.keyReader(pool());
    } else {
      enter(wanted);
      serviceClass = current.serviceClass(route);
      reader = current.keyReader(route);
    }
    if (reader != null) {
      reader.read(request, client(), selection.selectionKey());
    }
    return true;
  }

  private void redirect(Redirect redirect, RequestView request) {
    String location = RedirectTarget.of(redirect, request, client().localAddress());
    if (location == null) {
      fail(400, Reason.BAD_REQUEST);
      return;
    }
    answerStarted = true;
    status = redirect.status();
    client().sendRedirect(status, location);
    finished(status, Reason.NONE);
    client().answered();
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
    LoopPool from = pool();
    from.retries().budget().request(loop.nanoTime());
    PoolQueue queue = from.queue();
    if (queue != null && queue.isTaken() && !from.isUsedUp(0)) {
      await(queue);
      return;
    }
    Lease first = from.lease(selection);
    Lease chosen = first == null ? fallbackLease() : first;
    if (chosen == null) {
      waitOrRefuse();
    } else {
      admitted(chosen);
    }
  }

  /** Chooses among the endpoints of this pool from now on. */
  private void enter(LoopPool wanted) {
    PoolQueue queue = wanted.queue();
    pool = wanted;
    selection.keepTo(wanted);
    serviceClass = queue == null ? 0 : queue.classOf(null);
  }

  /** Of the fallback, which takes the pool's place when nobody else is left. */
  private @Nullable Lease fallbackLease() {
    LoopPool from = pool();
    LoopPool next = from.fallback();
    if (next == null || !from.isUsedUp(selection.excluded())) {
      return null;
    }
    from.stats().fallbacks.increment();
    LoopPool standIn = next.standIn();
    enter(standIn);
    selection.excludeNone(); // those were others
    return standIn.lease(selection);
  }

  /** An endpoint has room for it: at once, or after it had waited. */
  void admitted(Lease chosen) {
    awaitHedge(pool());
    go(chosen, false, false);
  }

  private void go(Lease chosen, boolean freshOnly, boolean again) {
    account.attempt();
    attempt.begin(pool(), chosen, freshOnly, again);
  }

  // ---- when there is no room ----

  private void waitOrRefuse() {
    LoopPool full = pool();
    PoolQueue queue = full.queue();
    Refusal why = full.refusal();
    if (queue != null && why != Refusal.NO_ENDPOINT) {
      await(queue);
    } else {
      refuse(why.reason());
    }
  }

  private void await(PoolQueue queue) {
    Turn place = turn == null ? new Turn(loop, this, selection) : turn;
    turn = place;
    if (!queue.join(place, serviceClass, loop.nanoTime())) {
      refuse(Reason.QUEUE_FULL);
    }
  }

  void waitedInVain() {
    pool().stats().waitTimeouts.increment();
    failFor(Reason.QUEUE_TIMEOUT);
  }

  private void refuse(Reason reason) {
    PoolStats stats = pool().stats();
    (reason == Reason.NO_ENDPOINT ? stats.noEndpoint : stats.refused).increment();
    failFor(reason);
  }

  private void failFor(Reason reason) {
    retryAfter = pool().retryAfterSeconds();
    failUnserved(503, reason);
  }

  /** When the client may ask again, in seconds; 0 when that is not said. */
  int retryAfter() {
    return retryAfter;
  }

  // ---- the client's side, while it lasts ----

  /** More of the request's body. Takes over {@code part}. */
  void requestBody(ByteBuf part, boolean last) {
    requestComplete = last;
    EndpointStream target = attempt.stream();
    if (target == null) {
      held.add(part);
      if (held.bytes() > HELD_LIMIT && !last) {
        client().pauseRequest();
      }
      return;
    }
    keep(part);
    target.sendBody(part);
    if (last) {
      target.flush();
      target.requestSent();
    }
  }

  /** Holds a part that is being sent, if all before it is held and it is not too much. */
  private void keep(ByteBuf part) {
    if (keeping && held.bytes() + part.readableBytes() <= pool().retries().heldLimit()) {
      held.add(part.retain());
    } else {
      keeping = false;
      held.release();
    }
  }

  /** The client's bytes that were there have been read. */
  void requestFlush() {
    EndpointStream target = attempt.stream();
    if (target != null && !requestComplete) {
      target.flush();
      if (!target.isReady()) {
        client().pauseRequest();
        target.awaitReady();
      }
    }
  }

  void addBytesIn(int count) {
    account.addBytesIn(count);
  }

  void addBytesOut(int count) {
    account.addBytesOut(count);
  }

  /** So much of what the client gets is a head, of an interim answer or the final one. */
  void addAnswerHeadBytes(int count) {
    account.addAnswerHeadBytes(count);
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
    EndpointStream source = attempt.stream();
    if (source != null) {
      source.resumeAnswer();
    }
  }

  /** The client has gone: nothing more can be sent to it. */
  void clientGone(Reason reason) {
    leaveEndpoint();
    finished(status == 0 ? CLIENT_CLOSED_STATUS : status, reason);
  }

  /**
   * The request cannot be served: answers so, if no answer has begun, and breaks the answer off if
   * one has.
   */
  void fail(int errorStatus, Reason reason) {
    fail(errorStatus, reason, null);
  }

  /** No endpoint is left: where the configuration has an answer for that, this one is given. */
  private void failUnserved(int errorStatus, Reason reason) {
    FixedAnswer given = pool().isUsedUp(selection.excluded()) ? pool().fallbackAnswer() : null;
    fail(given == null ? errorStatus : given.status(), reason, given);
  }

  private void fail(int errorStatus, Reason reason, @Nullable FixedAnswer given) {
    leaveEndpoint();
    ClientStream target = client();
    if (answerStarted) {
      finished(status, reason);
      target.abort(reason);
    } else {
      answerStarted = true;
      status = errorStatus;
      if (given == null) {
        target.sendError(errorStatus);
      } else {
        target.sendGiven(given);
      }
      finished(errorStatus, reason);
      target.answered();
    }
  }

  // ---- the endpoint's side ----

  /** Where the client connected from. */
  InetSocketAddress source() {
    return client().source();
  }

  /** What a connection that has been opened for this begins with; null for nothing. */
  @Nullable ByteBuf proxyHeader(ByteBufAllocator allocator) {
    LoopPool chosenFrom = pool();
    return chosenFrom.sendsProxyHeader()
        ? chosenFrom.proxyHeader(
            client().source(), client().destination(), client().channel(), allocator)
        : null;
  }

  /** A connection to an endpoint is there: sends as much of the request as there is. */
  void send(EndpointStream target) {
    keeping =
        (method.idempotent() || target.tellsRefusals())
            && held.bytes() <= pool().retries().heldLimit();
    target.sendHeld(held, keeping);
    if (requestComplete) {
      target.requestSent();
    } else {
      client().resumeRequest();
    }
  }

  void connectFailed(Attempt failed, Reason reason, Outcome outcome) {
    selection.exclude(failed.endpoint());
    failed.close(outcome);
    if (!goOnBeside(failed)) {
      retryOrFail(false, reason);
    }
  }

  void interim(Attempt attempted, ResponseHead head, ByteBuf message) {
    if (isBeside(attempted)) {
      message.release(); // whose answer it belongs to is not known yet
    } else {
      client().sendInterim(head, message);
    }
  }

  /**
   * Is an answer with this status the client's, rather than to be followed by another attempt?
   *
   * @param grpc its status of gRPC; -1 for none
   */
  boolean wants(Attempt asking, int answered, int grpc) {
    RetryRules rules = pool().retries();
    boolean chosen =
        (rules.covers(answered) && method.idempotent()) || (call && rules.coversGrpc(grpc));
    if (!chosen || held.isEmpty()) {
      return true;
    }
    if (isBeside(asking)) {
      return false;
    }
    LoopPool from = pool();
    selection.exclude(asking.endpoint());
    following = nextLease(null);
    if (following == null && pool() != from) {
      enter(from); // the fallback cannot either: it stays this pool's answer
    }
    return following == null;
  }

  void declined(Attempt declining, Outcome outcome) {
    Lease next = following;
    following = null;
    declining.close(outcome);
    if (next == null) {
      goOnBeside(declining);
    } else {
      retry(next, false);
    }
  }

  void answer(Attempt answering, ResponseHead head, BodyProgress body, ByteBuf message) {
    answerBegins(head);
    settle(answering);
    if (pool().usesLoadReports()) {
      LoadField.read(head, message, answering.endpoint().state(), loop.nanoTime());
    }
    client().sendAnswer(head, body, message);
  }

  private void answerBegins(ResponseHead head) {
    Hedge waiting = hedge;
    if (waiting != null) {
      waiting.answered();
    }
    account.answerBegins();
    answerStarted = true;
    status = head.status();
    keeping = false;
    held.release();
  }

  void switched(Switched endpoint, ResponseHead head, ByteBuf message) {
    answerBegins(head);
    client().tunnel(endpoint, head, message);
  }

  @Override
  public void relayEnded(Relay relay, boolean idle) {
    Reason reason = idle ? Reason.IDLE_TIMEOUT : Reason.NONE;
    tunnelEnded(relay.client().bytes(), relay.endpoint().bytes(), reason);
    client().answered();
  }

  @Override
  public void tunnelEnded(Tunnel tunnel, Reason reason) {
    tunnelEnded(tunnel.client().bytes(), tunnel.endpoint().bytes(), reason);
  }

  private void tunnelEnded(long in, long out, Reason reason) {
    account.addBytesIn(in);
    account.addBytesOut(out);
    attempt.close(Outcome.SUCCESS);
    finished(status, reason);
  }

  void answerBody(ByteBuf part) {
    client().sendBody(part);
  }

  void answerFlush() {
    ClientStream target = client();
    target.flush();
    EndpointStream source = attempt.stream();
    if (source != null && !target.isReady()) {
      source.pauseAnswer();
      target.awaitReady();
    }
  }

  void answerComplete(Attempt answering, @Nullable EndpointStream source, boolean reusable) {
    ClientStream target = client();
    target.flush();
    if (source != null) {
      source.release(reusable && requestComplete);
    }
    answering.close(answering.outcomeOf(status));
    finished(status, Reason.NONE);
    target.answered();
  }

  void endpointReady() {
    client().resumeRequest();
  }

  /**
   * @param stale the connection was idle before: the endpoint may just have closed it, and is not
   *     held guilty
   */
  void endpointFailed(Attempt failed, Reason reason, Outcome outcome, boolean stale) {
    if (!stale) {
      selection.exclude(failed.endpoint());
    }
    failed.close(outcome);
    if (answerStarted) {
      finished(status, reason);
      client().abort(reason);
    } else if (!goOnBeside(failed)) {
      retryOrFail(stale, reason);
    }
  }

  // ---- other attempts ----

  /**
   * An endpoint for another attempt, of this pool or its fallback; null when there is none, or no
   * attempt may follow.
   *
   * @param cause what made the attempt before fail; null for its answer
   */
  private @Nullable Lease nextLease(@Nullable Failure cause) {
    LoopPool from = pool();
    if (!repeats.enter(from, cause)) {
      return null;
    }
    Lease chosen = repeats.lease(from, cause);
    Lease next = chosen == null ? fallbackLease() : chosen;
    counted = next != null && pool() == from;
    repeats.entered(from, cause, next != null, counted);
    return next;
  }

  /** Nothing is repeated unless all that was sent is still held. */
  private void retryOrFail(boolean freshOnly, Reason reason) {
    Failure cause = Repeats.failureOf(reason);
    boolean repeatable =
        cause != null
            && (method.idempotent() || Repeats.isBeforeAnything(cause))
            && pool().retries().covers(cause)
            && !held.isEmpty();
    Lease next = repeatable ? nextLease(cause) : null;
    if (next == null) {
      failUnserved(Repeats.statusOf(reason), reason);
    } else {
      retry(next, freshOnly);
    }
  }

  private void retry(Lease next, boolean freshOnly) {
    pool().stats().retries.increment();
    EndpointStats stats = attempt.stats();
    if (stats != null) {
      stats.retries.increment();
    }
    go(next, freshOnly, counted);
  }

  // ---- the attempt beside ----

  private void awaitHedge(LoopPool from) {
    HedgeLine line = from.hedging();
    if (line != null && isHedgeable(from)) {
      Hedge waiting = hedge == null ? new Hedge(loop, this) : hedge;
      hedge = waiting;
      waiting.await(line);
    }
  }

  /** Whole, safe, and held while it is under way. */
  private boolean isHedgeable(LoopPool from) {
    return requestComplete
        && method.safe()
        && !upgrade
        && held.bytes() <= from.retries().heldLimit();
  }

  /** The endpoint takes long: asks a second one, if there is one and the budget allows. */
  void hedge() {
    LoopPool from = pool();
    if (!from.retries().budget().isLeft(loop.nanoTime())) {
      from.stats().retriesDenied.increment();
      return;
    }
    selection.exclude(attempt.endpoint());
    Lease next = from.lease(selection);
    if (next == null) {
      return;
    }
    from.retries().budget().spend(loop.nanoTime());
    from.stats().hedges.increment();
    account.attempt();
    held.share();
    Attempt beside = second == null ? new Attempt(loop, this) : second;
    second = beside;
    hedged = beside;
    beside.clear();
    beside.begin(from, next, false, false);
  }

  /** Is another attempt under way beside this one? */
  private boolean isBeside(Attempt one) {
    Attempt other = one == attempt ? second : attempt;
    return other != null && other.isUnderWay();
  }

  /** One attempt has ended: goes on with the other, if that is under way. */
  private boolean goOnBeside(Attempt ended) {
    boolean goesOn = isBeside(ended);
    if (goesOn && ended == attempt) {
      swap();
    }
    return goesOn;
  }

  private void swap() {
    Attempt first = attempt;
    attempt = requireNonNull(second, "second");
    second = first;
  }

  /** The first answer wins. */
  private void settle(Attempt winner) {
    if (winner != attempt) {
      swap();
    }
    if (winner == hedged) {
      pool().stats().hedgesWon.increment();
    }
    leaveSecond();
  }

  private void leaveSecond() {
    Hedge waiting = hedge;
    if (waiting != null) {
      waiting.forget();
    }
    Attempt other = second;
    if (other != null) {
      other.leave(Outcome.CANCELLED);
    }
  }

  private void leaveEndpoint() {
    keeping = false;
    held.release();
    Turn waiting = turn;
    if (waiting != null) {
      waiting.leave();
    }
    attempt.leave(Outcome.CANCELLED);
    leaveSecond();
  }

  // ---- the end ----

  /** The exchange is over: counts and logs it. */
  private void finished(int finalStatus, Reason reason) {
    account.close(service(), client(), pool, attempt, status, finalStatus, reason);
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
    return account.record();
  }
}
