package io.steelyard.net.tls;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/** Ends one direction of a connection, or all of it, encrypted or not. On its event loop. */
public final class Ending {
  private Ending() {}

  /**
   * Ends the output when all is sent; the peer may go on sending. In TLS it is told so by a
   * close_notify before (RFC 8446 section 6.1).
   *
   * @param then runs afterwards
   */
  public static void output(Channel channel, Runnable then) {
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(_ -> {
          SslHandler tls = channel.pipeline().get(SslHandler.class);
          if (tls == null) {
            shutdown(channel, then);
          } else {
            tls.closeOutbound().addListener(_ -> shutdown(channel, then));
          }
        });
  }

  /**
   * The same beneath TLS: the peer sees that something may be missing, for there is no
   * close_notify.
   */
  public static void outputUnannounced(Channel channel) {
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> shutdown(channel, () -> {}));
  }

  private static void shutdown(Channel channel, Runnable then) {
    if (channel instanceof DuplexChannel duplex) {
      duplex.shutdownOutput();
      then.run();
    }
  }

  /**
   * Closes the socket beneath TLS, so that the peer sees that something is missing: there is no
   * close_notify.
   */
  public static void abruptly(Channel channel) {
    ChannelHandlerContext first = channel.pipeline().firstContext();
    if (first != null) {
      first.close();
    }
  }
}
