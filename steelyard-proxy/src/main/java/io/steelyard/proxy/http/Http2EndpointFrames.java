package io.steelyard.proxy.http;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Leads the frames of one {@link Http2EndpointConnection} to their streams. Belongs to its event
 * loop.
 */
final class Http2EndpointFrames extends Http2EventAdapter
    implements Http2RemoteFlowController.Listener {
  /** Answers may come as fast as their own windows permit: a slow client stops no other. */
  private static final int CONNECTION_WINDOW = 1 << 30;

  private final Http2EndpointConnection owner;
  private final Http2EndpointHandler handler;
  private final Http2Connection.PropertyKey key;
  private final ArrayDeque<Http2EndpointStream> fed = new ArrayDeque<>();
  private @Nullable ChannelHandlerContext ctx;
  private boolean tunnels;

  /**
   * @param window what may be under way of one answer, in bytes
   * @param headSize what the fields of a head may take
   */
  Http2EndpointFrames(Http2EndpointConnection owner, int window, int headSize) {
    this.owner = owner;
    this.handler =
        Http2EndpointHandler.create(
            owner,
            this,
            new Http2Settings()
                .pushEnabled(false)
                .initialWindowSize(window)
                .maxHeaderListSize(headSize));
    Http2Connection connection = handler.connection();
    key = connection.newKey();
    connection.addListener(this);
    connection.remote().flowController().listener(this);
  }

  Http2EndpointHandler handler() {
    return handler;
  }

  /** Where frames are written. */
  ChannelHandlerContext context() {
    return requireNonNull(ctx, "ctx");
  }

  private Http2Connection connection() {
    return handler.connection();
  }

  /** Comes before {@code context} in its pipeline: the preface is sent. */
  void begin(ChannelHandlerContext context) throws Http2Exception {
    context.pipeline().addBefore(context.name(), null, handler);
    ctx = context.pipeline().context(handler);
    connection()
        .local()
        .flowController()
        .incrementWindowSize(connection().connectionStream(), CONNECTION_WINDOW - 65_535);
    context.flush();
  }

  /** How many streams the endpoint accepts at a time. */
  int mostStreams() {
    return connection().local().maxActiveStreams();
  }

  /** Whether the endpoint has said that streams can become tunnels (RFC 8441 section 3). */
  boolean takesTunnels() {
    return tunnels;
  }

  /** The id of the youngest stream. */
  int lastStream() {
    return connection().local().lastStreamCreated();
  }

  /** A new stream for a request. */
  Http2Stream open(Http2EndpointStream request) throws Http2Exception {
    Http2Connection.Endpoint<?> local = connection().local();
    Http2Stream stream = local.createStream(local.incrementAndGetNextStreamId(), false);
    stream.setProperty(key, request);
    return stream;
  }

  /** Has the endpoint said that it has not looked at that stream, and will not? */
  boolean isUnseen(Http2Stream stream) {
    Http2Connection connection = connection();
    return connection.goAwayReceived() && stream.id() > connection.local().lastStreamKnownByPeer();
  }

  /** What has come of answers is handed on. */
  void flushAnswers() {
    for (Http2EndpointStream stream = fed.poll(); stream != null; stream = fed.poll()) {
      stream.answerFlush();
    }
  }

  @Nullable Http2EndpointStream streamOf(int id) {
    Http2Stream stream = connection().stream(id);
    return stream == null ? null : stream.getProperty(key);
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings) {
    tunnels |= Boolean.TRUE.equals(settings.connectProtocolEnabled());
    owner.settingsRead();
  }

  @Override
  public void onPingAckRead(ChannelHandlerContext context, long data) {
    owner.alive();
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext context,
      int id,
      Http2Headers headers,
      int dependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean ends) {
    onHeadersRead(context, id, headers, padding, ends);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext context, int id, Http2Headers headers, int padding, boolean ends) {
    Http2EndpointStream stream = streamOf(id);
    if (stream != null) {
      stream.headers(headers, ends);
      fed.add(stream);
    }
  }

  @Override
  public int onDataRead(
      ChannelHandlerContext context, int id, ByteBuf data, int padding, boolean ends) {
    Http2EndpointStream stream = streamOf(id);
    int taken = data.readableBytes();
    if (stream != null) {
      taken = stream.answerData(data, ends);
      fed.add(stream);
    }
    return taken + padding;
  }

  @Override
  public void onRstStreamRead(ChannelHandlerContext context, int id, long error) {
    Http2EndpointStream stream = streamOf(id);
    if (stream != null) {
      stream.resetByEndpoint(error);
    }
  }

  @Override
  public void onGoAwayReceived(int last, long error, ByteBuf debug) {
    owner.retire();
  }

  @Override
  public void onStreamClosed(Http2Stream stream) {
    Http2EndpointStream request = stream.removeProperty(key);
    if (request != null) {
      request.closed(isUnseen(stream));
      owner.leave();
    }
  }

  @Override
  public void writabilityChanged(Http2Stream stream) {
    Http2EndpointStream request = stream.getProperty(key);
    if (request != null && isWritable(stream)) {
      request.writable();
    }
  }

  boolean isWritable(Http2Stream stream) {
    return handler.encoder().flowController().isWritable(stream);
  }
}
