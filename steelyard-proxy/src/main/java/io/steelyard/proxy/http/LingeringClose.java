package io.steelyard.proxy.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import io.steelyard.net.TimerWheel;
import io.steelyard.net.TimerWheel.Timeout;
import io.steelyard.net.Unsent;
import io.steelyard.net.tls.Ending;
import java.util.concurrent.TimeUnit;

/**
 * Makes a close end the output only, and takes what the client is still sending until it ends, or
 * for some seconds. A socket that is closed with something unread resets the connection, and the
 * client may never see what was sent last (RFC 9112 section 9.6): a GOAWAY, the end of an answer.
 *
 * <p>Stands below the handler whose closes it changes. Belongs to its event loop.
 */
final class LingeringClose extends ChannelDuplexHandler {
  /** How long a client may go on sending to a connection that has ended. */
  static final long NANOS = TimeUnit.SECONDS.toNanos(5);

  private final TimerWheel timers;
  private boolean inputEnded;
  private boolean lingering;

  LingeringClose(TimerWheel timers) {
    this.timers = timers;
  }

  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) {
    if (inputEnded || !context.channel().isActive()) {
      context.close(promise);
      return;
    }
    context.channel().closeFuture().addListener(_ -> promise.trySuccess());
    if (!lingering) {
      lingering = true;
      linger(context);
    }
  }

  private void linger(ChannelHandlerContext context) {
    Timeout timeout = new Deadline(context);
    context.channel().closeFuture().addListener(_ -> timers.cancel(timeout));
    timers.arm(timeout, timers.nanoTime() + NANOS);
    Ending.output(context.channel(), () -> {});
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (lingering) {
      ReferenceCountUtil.release(message);
    } else {
      context.fireChannelRead(message);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    inputEnded |= event instanceof ChannelInputShutdownEvent;
    if (inputEnded && lingering) {
      context.close();
    } else {
      context.fireUserEventTriggered(event);
    }
  }

  /** A client that still takes what was sent before has as much time again. */
  private final class Deadline extends Timeout {
    private final ChannelHandlerContext context;
    private long unsent;

    Deadline(ChannelHandlerContext context) {
      this.context = context;
      this.unsent = Unsent.bytes(context.channel());
    }

    @Override
    protected void expired() {
      long before = unsent;
      unsent = Unsent.bytes(context.channel());
      if (unsent < before) {
        timers.arm(this, timers.nanoTime() + NANOS);
      } else {
        context.close();
      }
    }
  }
}
