package io.steelyard.proxy.http;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.steelyard.codec.http1.HeadError;
import io.steelyard.codec.http1.Method;
import io.steelyard.codec.http1.RequestHead;
import io.steelyard.codec.http1.ResponseHead;
import io.steelyard.model.FixedAnswer;
import io.steelyard.net.Reading;
import io.steelyard.net.Resets;
import io.steelyard.net.TimerWheel.Timeout;
import io.steelyard.net.Unsent;
import io.steelyard.net.tls.Ending;
import io.steelyard.proxy.listen.ClientAddress;
import io.steelyard.proxy.listen.ConnectionLimit;
import io.steelyard.proxy.listen.Handshakes;
import io.steelyard.proxy.relay.ChannelEnd;
import io.steelyard.proxy.relay.Relay;
import io.steelyard.proxy.relay.RelayEnd;
import io.steelyard.proxy.relay.Tunnel;
import io.steelyard.proxy.stats.Reason;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's HTTP/1.1 connection: finds the requests in its bytes and hands them to {@link Exchange
 * exchanges}, one at a time, in order; sends the answers.
 *
 * <pre>
 *            first byte       head complete      body complete
 *   IDLE ──────────────► HEAD ─────────────► BODY ─────────────► WAIT ──┐
 *     ▲                   │ malformed          │ answered early         │ answered
 *     │                   ▼                    ▼                        │
 *     │                 LINGER ◄───────────────┘                        │
 *     └─────────────────────────────────────────────────────────────────┘  or closed
 * </pre>
 *
 * <p>A connection beyond the listener's limit is WAITING, unread, until others end. With TLS, a
 * HANDSHAKE comes before all else. In LINGER the last answer is on its way or has been sent, and
 * what the client still sends is thrown away: closing at once would reset the connection and could
 * take the answer with it (RFC 9112 section 9.6). A 101 answer ends all this: the connection is a
 * side of a {@link Relay} from then on.
 */
final class Http1ClientConnection extends ChannelInboundHandlerAdapter
    implements ClientStream, OpenConnection, ConnectionLimit.Waiting {
  private static final Logger LOG = LoggerFactory.getLogger(Http1ClientConnection.class);

  /** Why reading is paused; several may hold. */
  private static final int PIPELINED = 1;

  private static final int ENDPOINT_FULL = 2;

  private enum State {
    WAITING,
    HANDSHAKE,
    IDLE,
    HEAD,
    BODY,
    WAIT,
    LINGER,
    TUNNEL,
    CLOSED
  }

  private final HttpService service;
  private final Timeout timeout = new Deadline();
  private @Nullable ChannelHandlerContext ctx;
  private @Nullable ByteBuf pending;
  private @Nullable Http1Request request;
  private @Nullable ClientAddress address;
  private @Nullable RelayEnd tunnel;
  private State state = State.WAITING;
  private int requests;
  private int paused;
  private long unsent;
  private boolean keepAlive;
  private boolean clientCloses;
  private boolean inputEnded;
  private boolean processing;
  private Reason end = Reason.CLIENT_CLOSED;

  private final ClientConnections.Place place = new ClientConnections.Place(this);
  private byte @Nullable [] certificateFields;

  Http1ClientConnection(HttpService service) {
    this.service = service;
  }

  // ---- the connection ----

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    service.loop().readClock();
    // Asked now, for a closed socket may not know it any more.
    address = ClientAddress.of(context.channel());
    service.connections().add(place);
    if (service.limit().enter(this)) {
      admitted();
    } else {
      service.stats().waited.increment();
      setReading(false);
    }
  }

  @Override
  public void admit() {
    ChannelHandlerContext current = context();
    current
        .executor()
        .execute(() -> {
          if (state == State.WAITING) {
            service.loop().readClock();
            admitted();
            setReading(true);
          }
        });
  }

  private void admitted() {
    service.stats().connections.increment();
    service.stats().active.add(1);
    if (service.isSecure()) {
      enter(State.HANDSHAKE);
      arm(service.handshakeNanos());
    } else {
      becomeIdle();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    service.loop().readClock();
    ByteBuf buf = (ByteBuf) message;
    service.stats().bytesIn.add(buf.readableBytes());
    ByteBuf before = pending;
    if (before != null) {
      pending = null;
      buf = Buffers.append(before, buf, context.alloc());
    }
    process(buf);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    RelayEnd relayed = tunnel;
    if (relayed != null) {
      relayed.readComplete();
    } else if (state == State.BODY) {
      request().exchange.requestFlush();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    service.loop().readClock();
    Http1Request current = request;
    RelayEnd relayed = tunnel;
    if (relayed != null) {
      relayed.writabilityChanged();
    } else if (current != null && context.channel().isWritable()) {
      awaitBody();
      current.exchange.clientReady();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    service.loop().readClock();
    switch (event) {
      case ChannelInputShutdownEvent _ -> inputEnded();
      case SslHandshakeCompletionEvent handshake -> handshakeEnded(handshake);
      case SslCloseCompletionEvent _ -> encryptionEnded();
      default -> {}
    }
  }

  private void handshakeEnded(SslHandshakeCompletionEvent event) {
    if (state != State.HANDSHAKE) {
      return; // too late, or a failure that has been counted
    }
    Secured.count(event, context(), service.stats());
    if (event.isSuccess()) {
      X509Certificate certificate =
          service.tellsCertificates() ? Secured.certificate(context()) : null;
      certificateFields = certificate == null ? null : CertificateFields.lines(certificate);
      if ("h2".equals(Secured.protocol(context()))) {
        becomeHttp2();
      } else {
        becomeIdle();
      }
    } else {
      enter(State.LINGER); // the handler below closes
      if (event.cause() instanceof NotSslRecordException) {
        Secured.answerPlain(context());
      }
    }
  }

  /** HTTP/2 takes over, with this connection's place among the others. */
  private ChannelHandlerContext becomeHttp2() {
    enter(State.CLOSED);
    service.loop().timers().cancel(timeout);
    Http2ClientConnection successor =
        new Http2ClientConnection(service, address(), certificateFields, place, this);
    place.handOver(successor);
    ChannelPipeline pipeline = context().pipeline();
    pipeline.addBefore(context().name(), null, new LingeringClose(service.loop().timers()));
    pipeline.replace(this, null, successor.handler());
    return pipeline.context(successor.handler());
  }

  private void pass(ChannelHandlerContext successor, ByteBuf bytes) {
    ((Http2Handler) successor.handler()).receive(successor, bytes);
  }

  /** The client has ended TLS. Our half ends with it, so that no answer can reach it any more. */
  private void encryptionEnded() {
    RelayEnd relayed = tunnel;
    if (relayed != null) {
      relayed.inputEnded();
    } else {
      context().close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    service.loop().readClock();
    closed();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Handshakes.countBroken(cause, context.channel(), service.stats());
    if (!Secured.isPeersFault(cause)) {
      LOG.error("Closing the connection of {}: a mistake of ours", clientAddress(), cause);
      end = Reason.INTERNAL;
    } else if (!(cause instanceof ClosedChannelException)) {
      end = Reason.CLIENT_RESET;
    }
    context.close();
  }

  /** The client will send no more. What it asked for so far is still answered. */
  private void inputEnded() {
    inputEnded = true;
    switch (state) {
      case WAITING, HANDSHAKE -> context().close();
      case HEAD -> {
        countPartialHead();
        closeAfterFlush();
      }
      case IDLE, LINGER -> closeAfterFlush();
      case BODY -> {
        request().exchange.clientGone(Reason.CLIENT_CLOSED);
        forgetRequest();
        closeAtOnce();
      }
      case TUNNEL -> requireNonNull(tunnel, "tunnel").inputEnded();
      case WAIT, CLOSED -> {}
    }
  }

  private void closed() {
    if (state == State.CLOSED) {
      return;
    }
    countPartialHead();
    if (state != State.WAITING) {
      service.stats().active.add(-1);
    }
    enter(State.CLOSED);
    service.connections().remove(place);
    service.limit().leave(this);
    service.loop().timers().cancel(timeout);
    releasePending();
    RelayEnd relayed = tunnel;
    if (relayed != null) {
      relayed.closed();
    }
    Http1Request current = request;
    if (current != null) {
      current.exchange.clientGone(end);
      forgetRequest();
    }
  }

  // ---- requests ----

  /**
   * Takes over {@code bytes} and does with them what can be done; keeps the rest as {@link
   * #pending}.
   */
  private void process(ByteBuf bytes) {
    processing = true;
    ByteBuf rest = bytes;
    while (rest != null) {
      rest =
          switch (state) {
            case IDLE, HEAD -> readHead(rest);
            case BODY -> readBody(rest);
            case WAIT -> holdPipelined(rest);
            case TUNNEL -> passOn(rest);
            case WAITING, HANDSHAKE, LINGER, CLOSED -> discard(rest);
          };
    }
    processing = false;
  }

  private @Nullable ByteBuf readHead(ByteBuf buf) {
    Http1Request current = state == State.IDLE ? beginRequest() : request();
    int start = buf.readerIndex();
    int length = current.head.parse(buf, start, buf.writerIndex(), service.headLimits());
    if (length == RequestHead.INCOMPLETE) {
      pending = buf;
      return null;
    }
    if (length == RequestHead.MALFORMED) {
      if (requests == 0 && service.speaksHttp2() && Http2Preface.begins(buf)) {
        forgetRequest();
        pass(becomeHttp2(), buf);
        return null;
      }
      current.exchange.addBytesIn(buf.readableBytes());
      buf.release();
      refuse(current, current.head.error());
      return null;
    }
    return accept(current, buf, start, length);
  }

  private Http1Request beginRequest() {
    Http1Request fresh = service.loop().takeRequest();
    request = fresh;
    enter(State.HEAD);
    fresh.exchange.start(service, this);
    fresh.answer.start(context(), service.stats().bytesOut);
    arm(service.headNanos());
    keepAlive = false;
    clientCloses = false;
    return fresh;
  }

  private void refuse(Http1Request current, HeadError error) {
    service.stats().malformed.increment();
    Reason reason =
        switch (error.status()) {
          case 414, 431 -> Reason.HEAD_TOO_LARGE;
          case 417, 501, 505 -> Reason.NOT_SUPPORTED;
          default -> Reason.BAD_REQUEST;
        };
    current.exchange.fail(error.status(), reason);
  }

  /**
   * The head is complete and well-formed: {@code buf} holds it at {@code start}, and perhaps more.
   */
  private @Nullable ByteBuf accept(Http1Request current, ByteBuf buf, int start, int length) {
    RequestHead head = current.head;
    service.stats().requests.increment();
    requests++;
    clientCloses = !head.persistent();
    keepAlive = !clientCloses && requests < service.requestLimit() && !service.isDraining();
    if (head.minorVersion() == 0) {
      current.answer.old();
    }
    current.look(buf, start);
    current.describe(current.exchange.record());
    current.body.begin(head.framing(), head.contentLength());
    int bodyBytes = current.body.take(buf, start + length, buf.writerIndex());
    int received = length + Math.max(bodyBytes, 0);
    state = current.body.isComplete() ? State.WAIT : State.BODY;
    current.exchange.addBytesIn(received);
    if (!isServed(current, bodyBytes) || !current.exchange.begin(current)) {
      return Buffers.skip(buf, received);
    }
    ByteBuf message = buf;
    ByteBuf rest = null;
    if (buf.readableBytes() > received) {
      message = buf.readRetainedSlice(received);
      rest = buf;
    }
    forward(current, message);
    return rest;
  }

  private void forward(Http1Request current, ByteBuf message) {
    boolean upgrade = RequestEdits.wantsUpgrade(current.head, message, message.readerIndex());
    service.edits().hold(current, this, upgrade, message, context().alloc());
    awaitBody();
    current.exchange.dispatch(upgrade, state == State.WAIT);
  }

  /** Answers what is not served whatever the routes say; false when it did. */
  private boolean isServed(Http1Request current, int bodyBytes) {
    if (current.head.method() == Method.CONNECT) {
      keepAlive = false;
      current.exchange.fail(405, Reason.NOT_SUPPORTED);
      return false;
    }
    return isBodyFine(current, bodyBytes);
  }

  private boolean isBodyFine(Http1Request current, int taken) {
    if (taken == BodyProgress.MALFORMED) {
      service.stats().malformed.increment();
      current.exchange.fail(400, Reason.BAD_REQUEST);
      return false;
    }
    if (Math.max(current.head.contentLength(), current.body.dataBytes()) > service.bodyLimit()) {
      keepAlive = false;
      current.exchange.fail(413, Reason.BODY_TOO_LARGE);
      return false;
    }
    return true;
  }

  private @Nullable ByteBuf readBody(ByteBuf buf) {
    Http1Request current = request();
    int taken = current.body.take(buf, buf.readerIndex(), buf.writerIndex());
    current.exchange.addBytesIn(Math.max(taken, 0));
    if (!isBodyFine(current, taken)) {
      buf.release();
      return null;
    }
    ByteBuf part = buf;
    ByteBuf rest = null;
    if (buf.readableBytes() > taken) {
      part = buf.readRetainedSlice(taken);
      rest = buf;
    }
    if (current.body.isComplete()) {
      state = State.WAIT;
    }
    awaitBody();
    current.exchange.requestBody(part, state == State.WAIT);
    return rest;
  }

  /** The client has to send more of the body in time, if more is due. */
  private void awaitBody() {
    if (state == State.BODY && paused == 0) {
      arm(service.bodyNanos());
    } else {
      service.loop().timers().disarm(timeout);
    }
  }

  /** The next request came before this one was answered: it waits, and nothing more is read. */
  private @Nullable ByteBuf holdPipelined(ByteBuf buf) {
    pending = buf;
    pause(PIPELINED);
    return null;
  }

  private @Nullable ByteBuf passOn(ByteBuf buf) {
    requireNonNull(tunnel, "tunnel").read(buf);
    return null;
  }

  private static @Nullable ByteBuf discard(ByteBuf buf) {
    buf.release();
    return null;
  }

  // ---- answers ----

  @Override
  public void sendInterim(ResponseHead head, ByteBuf message) {
    request().answer.interim(head, message);
    context().flush();
  }

  @Override
  public void sendAnswer(ResponseHead head, BodyProgress body, ByteBuf message) {
    AnswerWriter answer = request().answer;
    boolean endsAtClose = answer.frame(body.framing());
    keepAlive &= !endsAtClose && state == State.WAIT && !service.isDraining();
    answer.answer(head, message, keepAlive);
  }

  @Override
  public void sendBody(ByteBuf part) {
    request().answer.body(part);
  }

  @Override
  public void flush() {
    context().flush();
  }

  @Override
  public void sendError(int status) {
    keepAlive &= state == State.WAIT && !service.isDraining();
    Http1Request current = request();
    current.answer.error(status, current.head.method() == Method.HEAD, keepAlive);
    context().flush();
  }

  @Override
  public void sendGiven(FixedAnswer answer) {
    keepAlive &= state == State.WAIT && !service.isDraining();
    Http1Request current = request();
    current.answer.given(answer, current.head.method() == Method.HEAD, keepAlive);
    context().flush();
  }

  @Override
  public void sendRedirect(int status, String location) {
    keepAlive &= state == State.WAIT && !service.isDraining();
    request().answer.redirect(status, location, keepAlive);
    context().flush();
  }

  @Override
  public boolean isReady() {
    return context().channel().isWritable();
  }

  @Override
  public void awaitReady() {
    unsent = Unsent.bytes(context().channel());
    arm(service.bodyNanos());
  }

  @Override
  public void answered() {
    forgetRequest();
    switch (state) {
      case WAIT -> {
        if (keepAlive && !service.isDraining()) {
          becomeIdle();
          goOn();
        } else if (clientCloses && pending == null && !processing) {
          closeAfterFlush(); // it said that no more comes
        } else {
          linger();
        }
      }
      case HEAD, BODY -> linger();
      case TUNNEL -> {} // the relay closes both ends
      case WAITING, HANDSHAKE, IDLE, LINGER, CLOSED -> {}
    }
  }

  @Override
  public void abort(Reason reason) {
    boolean endsAtClose = request().answer.endsAtClose();
    forgetRequest();
    if (endsAtClose) {
      resetConnection();
    } else {
      closeAfterFlush();
    }
  }

  /** Where the end of the connection is the end of the answer, only this says that it is not. */
  private void resetConnection() {
    enter(State.LINGER);
    Resets.close(context().channel());
  }

  @Override
  public void tunnel(Switched endpoint, ResponseHead head, ByteBuf message) {
    enter(State.TUNNEL);
    request().answer.switching(head, message);
    RelayEnd side =
        switch (endpoint) {
          case Http1EndpointConnection connection -> relay(connection);
          case Http2EndpointStream stream -> tunnel(stream);
        };
    tunnel = side;
    context().flush();
    passEarly(side);
  }

  private RelayEnd relay(Http1EndpointConnection endpoint) {
    Relay relay =
        new Relay(
            context().channel(),
            endpoint.channel(),
            service.loop().timers(),
            endpoint.tunnelNanos(),
            request().exchange);
    relay.client().counting(service.stats().bytesOut);
    relay.endpoint().counting(endpoint.bytesSent());
    endpoint.becomeTunnel(relay.endpoint());
    return relay.client();
  }

  private RelayEnd tunnel(Http2EndpointStream endpoint) {
    Tunnel open =
        new Tunnel(
            new ChannelEnd(context().channel(), service.stats().bytesOut, this::answered),
            endpoint,
            service.loop().timers(),
            endpoint.tunnelNanos(),
            request().exchange);
    endpoint.becomeTunnel(open.endpoint());
    return open.client();
  }

  /** What the client sent before it could know that it may. */
  private void passEarly(RelayEnd side) {
    ByteBuf early = pending;
    pending = null;
    if (early != null) {
      side.read(early);
      side.readComplete();
    }
    if (inputEnded) {
      side.inputEnded();
    }
  }

  private void becomeIdle() {
    enter(State.IDLE);
    arm(service.idleNanos());
    resume(ENDPOINT_FULL);
  }

  /** Turns to the requests that waited for this answer. */
  private void goOn() {
    if (processing) {
      return; // the loop that this was called from does
    }
    ByteBuf waiting = pending;
    pending = null;
    if (waiting != null) {
      process(waiting);
    }
    if (state != State.WAIT || pending == null) {
      resume(PIPELINED);
    }
    if (inputEnded) {
      inputEnded();
    }
  }

  /** Ends the output when all is sent, and waits for the client to end its own. */
  private void linger() {
    enter(State.LINGER);
    releasePending();
    if (inputEnded) {
      closeAfterFlush();
      return;
    }
    awaitReady();
    resume(PIPELINED | ENDPOINT_FULL);
    Channel channel = context().channel();
    Ending.output(
        channel,
        () -> {
          if (state == State.LINGER) {
            service.loop().readClock();
            arm(LingeringClose.NANOS);
          }
        });
  }

  private void closeAfterFlush() {
    enter(State.LINGER);
    awaitReady();
    context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  private void closeAtOnce() {
    enter(State.LINGER);
    context().close();
  }

  private void enter(State next) {
    if (state == State.CLOSED) {
      return;
    }
    if (state == State.IDLE) {
      service.stats().idle.add(-1);
    } else if (next == State.IDLE) {
      service.stats().idle.add(1);
    }
    state = next;
  }

  // ---- reading, time, end ----

  @Override
  public void pauseRequest() {
    pause(ENDPOINT_FULL);
    awaitBody();
  }

  @Override
  public void resumeRequest() {
    if (paused != 0) {
      resume(ENDPOINT_FULL);
      awaitBody();
    }
  }

  private void pause(int reason) {
    if (paused == 0) {
      setReading(false);
    }
    paused |= reason;
  }

  private void resume(int reasons) {
    int before = paused;
    paused &= ~reasons;
    if (before != 0 && paused == 0) {
      setReading(true);
    }
  }

  private void setReading(boolean reading) {
    Reading.set(context().channel(), reading);
  }

  private void arm(long nanos) {
    service.loop().timers().arm(timeout, service.loop().nanoTime() + nanos);
  }

  private void timedOut() {
    service.loop().readClock();
    switch (state) {
      case HANDSHAKE -> {
        service.stats().slowHandshakes.increment();
        closeAtOnce();
      }
      case IDLE -> context().close();
      case HEAD -> {
        countPartialHead();
        request().exchange.fail(408, Reason.HEAD_TIMEOUT);
      }
      case BODY -> request().exchange.fail(408, Reason.BODY_TIMEOUT);
      case WAIT -> {
        if (!goesOnSending()) {
          request().exchange.clientGone(Reason.BODY_TIMEOUT);
          forgetRequest();
          resetConnection();
        }
      }
      case LINGER -> {
        if (!goesOnSending()) {
          context().close();
        }
      }
      case WAITING, TUNNEL, CLOSED -> {}
    }
  }

  /** Has the client taken something since it was last asked? Then it has as much time again. */
  private boolean goesOnSending() {
    boolean progress = Unsent.bytes(context().channel()) < unsent;
    if (progress) {
      awaitReady();
    }
    return progress;
  }

  /** What has come of a head that will not become complete. */
  private void countPartialHead() {
    Http1Request current = request;
    ByteBuf partial = pending;
    if (state == State.HEAD && current != null && partial != null) {
      current.exchange.addBytesIn(partial.readableBytes());
    }
  }

  @Override
  public void drain() {
    if (state == State.IDLE || state == State.WAITING || state == State.HANDSHAKE) {
      context().close();
    }
  }

  @Override
  public void closeNow() {
    Http1Request current = request;
    if (current != null && state != State.TUNNEL) {
      current.exchange.clientGone(Reason.SHUTDOWN);
      forgetRequest();
    }
    context().close();
  }

  private void forgetRequest() {
    Http1Request current = request;
    if (current != null) {
      request = null;
      service.loop().giveBack(current);
    }
  }

  private void releasePending() {
    ByteBuf current = pending;
    if (current != null) {
      pending = null;
      current.release();
    }
  }

  private Http1Request request() {
    return requireNonNull(request, "request");
  }

  private ChannelHandlerContext context() {
    return requireNonNull(ctx, "ctx");
  }

  // ---- the client ----

  @Override
  public String clientAddress() {
    return address().text();
  }

  @Override
  public int clientPort() {
    return address().port();
  }

  @Override
  public byte[] sourceAddress() {
    return address().raw();
  }

  @Override
  public InetSocketAddress source() {
    return address().socket();
  }

  @Override
  public Channel channel() {
    return context().channel();
  }

  @Override
  public InetSocketAddress destination() {
    return address().destinationOr(localAddress());
  }

  @Override
  public byte[] destinationAddress() {
    return destination().getAddress().getAddress();
  }

  @Override
  public byte[] addressBytes() {
    return address().bytes();
  }

  private ClientAddress address() {
    return requireNonNull(address, "address");
  }

  @Override
  public InetSocketAddress localAddress() {
    return ClientAddress.local(context().channel());
  }

  @Override
  public byte @Nullable [] certificateFields() {
    return certificateFields;
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
