package io.steelyard.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;

/** Ends connections so that the peer knows that this was no orderly end. */
public final class Resets {
  private Resets() {}

  /**
   * Closes the channel with a TCP reset, beneath TLS; what the kernel has not sent yet is dropped.
   * On the channel's event loop; does nothing to one that is closed.
   */
  public static void close(Channel channel) {
    if (channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      ChannelHandlerContext first = channel.pipeline().firstContext();
      if (first == null) {
        channel.close();
      } else {
        first.close();
      }
    }
  }
}
