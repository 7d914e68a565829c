package io.steelyard.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * What a connection begins with, beneath whatever else speaks on it: a PROXY protocol header stands
 * before the TLS handshake. Goes away once it is written.
 *
 * <p>Belongs to the connection's event loop. Owns the bytes until then.
 */
public final class FirstBytes extends ChannelInboundHandlerAdapter {
  private @Nullable ByteBuf bytes;

  public FirstBytes(ByteBuf bytes) {
    this.bytes = bytes;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    ByteBuf first = bytes;
    bytes = null;
    if (first != null) {
      context.write(first, context.voidPromise());
    }
    context.fireChannelActive();
    context.pipeline().remove(this);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    ByteBuf unsent = bytes;
    bytes = null;
    if (unsent != null) {
      unsent.release();
    }
  }
}
