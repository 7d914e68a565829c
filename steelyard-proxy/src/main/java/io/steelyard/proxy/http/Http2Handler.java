package io.steelyard.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.steelyard.net.tls.Ending;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Netty's HTTP/2 frames, with limits on what a hostile client can make it do, for one {@link
 * Http2ClientConnection}. Belongs to its event loop.
 */
final class Http2Handler extends Http2ConnectionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Http2Handler.class);

  /** Streams that a client may reset, or make us reset, in so many seconds (CVE-2023-44487). */
  private static final int MOST_RESETS = 200;

  private static final int RESET_SECONDS = 10;

  private final Http2ClientConnection owner;
  private final Http2Streams streams;

  private Http2Handler(
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings settings,
      Http2ClientConnection owner,
      Http2Streams streams) {
    super(decoder, encoder, settings, false, true);
    this.owner = owner;
    this.streams = streams;
  }

  static Http2Handler create(Http2ClientConnection owner, Http2Settings settings) {
    return new Builder(owner, settings).build();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) throws Exception {
    super.handlerAdded(context);
    owner.begin(context);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    owner.reading(((ByteBuf) message).readableBytes());
    super.channelRead(context, message);
  }

  /** What came, and was counted, before this handler was there. Takes over {@code bytes}. */
  void receive(ChannelHandlerContext context, ByteBuf bytes) {
    try {
      owner.reading(0);
      super.channelRead(context, bytes);
    } catch (Exception e) {
      exceptionCaught(context, e);
    }
  }

  /** The client has reset a stream. */
  void wasReset(int id) {
    streams.reset(id);
  }

  /** Says GOAWAY, and closes when the last stream has ended. */
  void shutDown(ChannelHandlerContext context) {
    try {
      close(context, context.newPromise());
    } catch (Exception e) {
      exceptionCaught(context, e);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) throws Exception {
    owner.readComplete();
    super.channelReadComplete(context);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    owner.readClock();
    try {
      super.channelInactive(context);
    } finally {
      owner.closed();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) throws Exception {
    owner.readClock();
    super.channelWritabilityChanged(context);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    owner.readClock();
    switch (event) {
      // It cannot ask for a window any more, nor reset what it does not want: it has left.
      case ChannelInputShutdownEvent _ -> context.close();
      case SslCloseCompletionEvent _ -> Ending.abruptly(context.channel());
      default -> super.userEventTriggered(context, event);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) != null) {
      onError(context, false, cause);
      return;
    }
    owner.countBrokenTls(cause);
    if (!Secured.isPeersFault(cause)) {
      LOG.error("Closing the connection of {}: a mistake of ours", owner.clientText(), cause);
    }
    Ending.abruptly(context.channel());
  }

  @Override
  protected void onConnectionError(
      ChannelHandlerContext context, boolean outbound, Throwable cause, Http2Exception known) {
    owner.countConnectionError();
    if (known == null && !Secured.isPeersFault(cause)) {
      LOG.error("Closing the connection of {}: a mistake of ours", owner.clientText(), cause);
    }
    super.onConnectionError(context, outbound, cause, known);
    // Nobody will read answers any more. Not at once: one may be on its way here just now.
    context.executor().execute(() -> connection().close(context.voidPromise()));
  }

  @Override
  protected void onStreamError(
      ChannelHandlerContext context,
      boolean outbound,
      Throwable cause,
      Http2Exception.StreamException known) {
    Http2Stream stream = streams.stream(known.streamId());
    if (!outbound && stream == null && known.error() == Http2Error.STREAM_CLOSED) {
      onClosedStream(context, cause, known);
      return;
    }
    owner.countStreamError();
    if (stream != null && isSecondHead(stream, known)) {
      encoder()
          .writeRstStream(
              context, stream.id(), Http2Error.STREAM_CLOSED.code(), context.newPromise());
    } else {
      super.onStreamError(context, outbound, cause, known);
    }
  }

  /** A head after the end of the request: Netty takes it for trailers that came too late. */
  private static boolean isSecondHead(Http2Stream stream, Http2Exception.StreamException known) {
    return stream.state() == Http2Stream.State.HALF_CLOSED_REMOTE
        && known.error() == Http2Error.PROTOCOL_ERROR
        && String.valueOf(known.getMessage()).contains("too many headers");
  }

  /** Something has come for a stream that is no more. */
  private void onClosedStream(
      ChannelHandlerContext context, Throwable cause, Http2Exception.StreamException known) {
    if (!streams.hasEnded(known.streamId())) {
      owner.countStreamError();
      super.onStreamError(context, false, cause, known);
    } else if (!streams.goAwaySent()) {
      Http2Exception error =
          Http2Exception.connectionError(
              Http2Error.STREAM_CLOSED, "stream %d has ended", known.streamId());
      onConnectionError(context, false, error, error);
    }
  }

  @Override
  public ChannelFuture resetStream(
      ChannelHandlerContext context, int id, long error, ChannelPromise promise) {
    streams.reset(id);
    return super.resetStream(context, id, error, promise);
  }

  private static final class Builder
      extends AbstractHttp2ConnectionHandlerBuilder<Http2Handler, Builder> {
    private final Http2ClientConnection owner;
    private final Http2Streams streams = new Http2Streams();

    Builder(Http2ClientConnection owner, Http2Settings settings) {
      this.owner = owner;
      connection(streams);
      initialSettings(settings);
      frameListener(owner);
      validateHeaders(true);
      gracefulShutdownTimeoutMillis(-1); // its owner knows when to lose patience
      decoderEnforceMaxConsecutiveEmptyDataFrames(8);
      decoderEnforceMaxRstFramesPerWindow(MOST_RESETS, RESET_SECONDS);
      encoderEnforceMaxRstFramesPerWindow(MOST_RESETS, RESET_SECONDS);
      decoderEnforceMaxSmallContinuationFrames(8);
      encoderEnforceMaxQueuedControlFrames(1000);
    }

    @Override
    protected Http2Handler build() {
      return super.build();
    }

    @Override
    protected Http2Handler build(
        Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
      return new Http2Handler(decoder, encoder, settings, owner, streams);
    }
  }
}
