package io.steelyard.net;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends back what comes; says BYE to a client that ends its sending, and closes. */
@Sharable
final class Echo extends ChannelInboundHandlerAdapter {
  static final String BYE = "bye";

  final AtomicInteger connections = new AtomicInteger();

  @Override
  public void channelActive(ChannelHandlerContext context) {
    connections.incrementAndGet();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    context.write(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.flush();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      context
          .writeAndFlush(Unpooled.copiedBuffer(BYE, StandardCharsets.US_ASCII))
          .addListener(ChannelFutureListener.CLOSE);
    }
  }
}
