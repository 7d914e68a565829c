package io.steelyard.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import org.jspecify.annotations.Nullable;

/**
 * Netty's HTTP/2 frames of one {@link Http2EndpointConnection}, with limits on what an endpoint can
 * make it hold. Belongs to its event loop.
 */
final class Http2EndpointHandler extends Http2ConnectionHandler {
  private final Http2EndpointConnection owner;

  private Http2EndpointHandler(
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings settings,
      Http2EndpointConnection owner) {
    super(decoder, encoder, settings, false, true);
    this.owner = owner;
  }

  static Http2EndpointHandler create(
      Http2EndpointConnection owner, Http2EndpointFrames frames, Http2Settings settings) {
    return new Builder(owner, frames, settings).build();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    owner.reading(((ByteBuf) message).readableBytes());
    super.channelRead(context, message);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) throws Exception {
    owner.readClock();
    super.channelWritabilityChanged(context);
  }

  @Override
  protected void onConnectionError(
      ChannelHandlerContext context,
      boolean outbound,
      Throwable cause,
      @Nullable Http2Exception known) {
    owner.broken(cause, known != null);
    super.onConnectionError(context, outbound, cause, known);
  }

  @Override
  protected void onStreamError(
      ChannelHandlerContext context,
      boolean outbound,
      Throwable cause,
      Http2Exception.StreamException known) {
    owner.streamBroken(known, outbound);
    super.onStreamError(context, outbound, cause, known);
  }

  private static final class Builder
      extends AbstractHttp2ConnectionHandlerBuilder<Http2EndpointHandler, Builder> {
    private final Http2EndpointConnection owner;

    Builder(Http2EndpointConnection owner, Http2EndpointFrames frames, Http2Settings settings) {
      this.owner = owner;
      server(false);
      initialSettings(settings);
      frameListener(frames);
      validateHeaders(true);
      gracefulShutdownTimeoutMillis(-1); // its streams have timeouts of their own
      decoderEnforceMaxConsecutiveEmptyDataFrames(8);
      decoderEnforceMaxSmallContinuationFrames(8);
      encoderEnforceMaxQueuedControlFrames(1000);
    }

    @Override
    protected Http2EndpointHandler build() {
      return super.build();
    }

    @Override
    protected Http2EndpointHandler build(
        Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
      return new Http2EndpointHandler(decoder, encoder, settings, owner);
    }
  }
}
