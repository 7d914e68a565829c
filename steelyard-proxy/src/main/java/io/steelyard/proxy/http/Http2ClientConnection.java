package io.steelyard.proxy.http;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.steelyard.net.TimerWheel.Timeout;
import io.steelyard.net.tls.Ending;
import io.steelyard.proxy.listen.ClientAddress;
import io.steelyard.proxy.listen.ConnectionLimit;
import io.steelyard.proxy.listen.Handshakes;
import io.steelyard.proxy.stats.Reason;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client's HTTP/2 connection: frames come in and go out through Netty's {@link Http2Handler};
 * each request is a {@link Http2ClientStream}.
 *
 * <pre>
 *             first stream                GOAWAY sent            last stream ended
 *   IDLE ◄────────────────► BUSY ─────────────────────► DRAINING ─────────────────► closed
 *     └── idle too long ──────────────────────────────────▲
 * </pre>
 *
 * <p>Comes in place of a {@link Http1ClientConnection} when ALPN agrees on it, or when the client
 * begins with the preface of HTTP/2. Belongs to its event loop.
 */
final class Http2ClientConnection extends Http2EventAdapter
    implements OpenConnection, Http2RemoteFlowController.Listener {
  /** SETTINGS, PING and PRIORITY frames that a client may send within a second. */
  private static final int MOST_CONTROL_FRAMES = 500;

  private static final long SECOND_NANOS = 1_000_000_000;

  /** All streams together may have so much under way to us. */
  private static final int CONNECTION_WINDOW = 1 << 20;

  private final HttpService service;
  private final ClientAddress address;
  private final byte @Nullable [] certificateFields;
  private final ClientConnections.Place place;
  private final ConnectionLimit.Waiting seat;
  private final Http2Handler handler;
  private final Http2Connection.PropertyKey streams;
  private final Http2RequestHead heads = new Http2RequestHead();
  private final ArrayDeque<Http2ClientStream> fed = new ArrayDeque<>();
  private final Timeout timeout = new Deadline();
  private final Runnable flush = this::flushNow;
  private @Nullable ChannelHandlerContext ctx;
  private int requests;
  private int controlFrames;
  private long controlSince;
  private boolean reading;
  private boolean flushing;
  private boolean idle;
  private boolean closed;
  private Reason end = Reason.CLIENT_CLOSED;

  /**
   * @param seat what the connection's limit knows it by
   */
  Http2ClientConnection(
      HttpService service,
      ClientAddress address,
      byte @Nullable [] certificateFields,
      ClientConnections.Place place,
      ConnectionLimit.Waiting seat) {
    this.service = service;
    this.address = address;
    this.certificateFields = certificateFields;
    this.place = place;
    this.seat = seat;
    this.handler =
        Http2Handler.create(
            this,
            new Http2Settings()
                .connectProtocolEnabled(true)
                .maxConcurrentStreams(service.mostStreams())
                .initialWindowSize(service.streamWindow())
                .maxHeaderListSize(service.headLimits().headSize()));
    Http2Connection connection = handler.connection();
    streams = connection.newKey();
    connection.addListener(this);
    connection.remote().flowController().listener(this);
  }

  Http2Handler handler() {
    return handler;
  }

  // ---- the connection ----

  void begin(ChannelHandlerContext context) throws Http2Exception {
    ctx = context;
    service.stats().http2Connections.increment();
    Http2Connection connection = handler.connection();
    connection
        .local()
        .flowController()
        .incrementWindowSize(connection.connectionStream(), CONNECTION_WINDOW - 65_535);
    becomeIdle();
  }

  void readClock() {
    service.loop().readClock();
  }

  void reading(int bytes) {
    readClock();
    reading = true;
    service.stats().bytesIn.add(bytes);
  }

  void readComplete() {
    for (Http2ClientStream stream = fed.poll(); stream != null; stream = fed.poll()) {
      stream.requestFlush();
    }
    reading = false; // the handler flushes now
  }

  void closed() {
    if (closed) {
      return;
    }
    closed = true;
    leaveIdle();
    service.loop().timers().cancel(timeout);
    service.connections().remove(place);
    service.limit().leave(seat);
    service.stats().active.add(-1);
  }

  private void becomeIdle() {
    if (!idle && !closed) {
      idle = true;
      service.stats().idle.add(1);
      service.loop().timers().arm(timeout, service.loop().nanoTime() + service.idleNanos());
    }
  }

  private void leaveIdle() {
    if (idle) {
      idle = false;
      service.stats().idle.add(-1);
      service.loop().timers().disarm(timeout);
    }
  }

  @Override
  public void drain() {
    handler.shutDown(context());
  }

  @Override
  public void closeNow() {
    end = Reason.SHUTDOWN;
    forEachRequest(request -> request.gone(Reason.SHUTDOWN));
    Ending.abruptly(context().channel());
  }

  private void forEachRequest(Consumer<Http2ClientStream> action) {
    try {
      handler
          .connection()
          .forEachActiveStream(stream -> {
            Http2ClientStream request = stream.getProperty(streams);
            if (request != null) {
              action.accept(request);
            }
            return true;
          });
    } catch (Http2Exception e) {
      throw new IllegalStateException(e);
    }
  }

  void countConnectionError() {
    service.stats().http2Errors.increment();
  }

  void countBrokenTls(Throwable cause) {
    Handshakes.countBroken(cause, context().channel(), service.stats());
  }

  void countStreamError() {
    service.stats().http2StreamErrors.increment();
  }

  String clientText() {
    return address.text();
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
    handler.flush(context());
  }

  // ---- frames ----

  @Override
  public void onHeadersRead(
      ChannelHandlerContext context,
      int id,
      Http2Headers headers,
      int dependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean ends)
      throws Http2Exception {
    onHeadersRead(context, id, headers, padding, ends);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext context, int id, Http2Headers headers, int padding, boolean ends)
      throws Http2Exception {
    Http2Stream stream = handler.connection().stream(id);
    Http2ClientStream request = stream.getProperty(streams);
    if (request == null) {
      request(stream, headers, ends);
    } else {
      ByteBuf trailers = Http2Text.trailers(headers, context.alloc());
      if (trailers == null) {
        throw malformed(id, "its trailers");
      }
      request.trailers(trailers);
    }
  }

  private void request(Http2Stream stream, Http2Headers headers, boolean ends)
      throws Http2Exception {
    ByteBuf head = heads.write(headers, ends, context().alloc());
    if (head == null) {
      service.stats().malformed.increment();
      throw malformed(stream.id(), "its head");
    }
    leaveIdle();
    Http2ClientStream request = new Http2ClientStream(this, service, stream);
    stream.setProperty(streams, request);
    if (heads.isGrpc()) {
      request.call(heads.timeoutNanos());
    }
    if (heads.isTunnel()) {
      request.connect(heads.isWebSocket());
    }
    request.begin(head, heads.isChunked(ends), ends);
    if (++requests >= service.requestLimit() || service.isDraining()) {
      drain();
    }
  }

  private static Http2Exception malformed(int id, String what) {
    return Http2Exception.streamError(
        id, Http2Error.PROTOCOL_ERROR, "request %d is malformed in %s", id, what);
  }

  @Override
  public int onDataRead(
      ChannelHandlerContext context, int id, ByteBuf data, int padding, boolean ends)
      throws Http2Exception {
    Http2ClientStream request = handler.connection().stream(id).getProperty(streams);
    int taken = data.readableBytes();
    if (request != null) {
      taken = request.requestData(data, ends);
      fed.add(request);
    }
    return taken + padding;
  }

  @Override
  public void onRstStreamRead(ChannelHandlerContext context, int id, long error) {
    Http2Stream stream = handler.connection().stream(id);
    Http2ClientStream request = stream == null ? null : stream.getProperty(streams);
    handler.wasReset(id);
    if (request != null) {
      service.stats().http2Resets.increment();
      request.gone(Reason.CLIENT_RESET);
    }
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings)
      throws Http2Exception {
    countControlFrame();
  }

  @Override
  public void onPingRead(ChannelHandlerContext context, long data) throws Http2Exception {
    countControlFrame();
  }

  @Override
  public void onPriorityRead(
      ChannelHandlerContext context, int id, int dependency, short weight, boolean exclusive)
      throws Http2Exception {
    countControlFrame();
  }

  private void countControlFrame() throws Http2Exception {
    long now = service.loop().nanoTime();
    if (now - controlSince > SECOND_NANOS) {
      controlSince = now;
      controlFrames = 0;
    }
    if (++controlFrames > MOST_CONTROL_FRAMES) {
      throw Http2Exception.connectionError(
          Http2Error.ENHANCE_YOUR_CALM, "more than %d control frames", MOST_CONTROL_FRAMES);
    }
  }

  @Override
  public void onStreamClosed(Http2Stream stream) {
    Http2ClientStream request = stream.removeProperty(streams);
    if (request != null) {
      request.closed(end);
    }
  }

  @Override
  public void onStreamRemoved(Http2Stream stream) {
    if (handler.connection().numActiveStreams() == 0) {
      becomeIdle();
    }
  }

  @Override
  public void writabilityChanged(Http2Stream stream) {
    Http2ClientStream request = stream.getProperty(streams);
    if (request != null && isWritable(stream)) {
      request.writable();
    }
  }

  boolean isWritable(Http2Stream stream) {
    return handler.encoder().flowController().isWritable(stream);
  }

  // ---- what streams need ----

  ChannelHandlerContext context() {
    return requireNonNull(ctx, "ctx");
  }

  Http2RequestHead heads() {
    return heads;
  }

  ClientAddress address() {
    return address;
  }

  byte @Nullable [] certificateFields() {
    return certificateFields;
  }

  InetSocketAddress localAddress() {
    return ClientAddress.local(context().channel());
  }

  private final class Deadline extends Timeout {
    @Override
    protected void expired() {
      readClock();
      drain();
    }
  }
}
