package io.steelyard.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;

/** What a connection has been given to send and the kernel has not taken yet. */
public final class Unsent {
  private Unsent() {}

  /**
   * How much that is, in bytes and a little more; 0 once the connection is closed. It falls with
   * every byte that the kernel takes, where {@link Channel#isWritable} only tells when much has
   * been taken: so it tells a slow reader from one that has stopped.
   *
   * <p>On the channel's event loop.
   */
  public static long bytes(Channel channel) {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    return buffer == null ? 0 : buffer.totalPendingWriteBytes() - buffer.currentProgress();
  }
}
