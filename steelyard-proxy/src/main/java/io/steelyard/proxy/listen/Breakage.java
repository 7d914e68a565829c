package io.steelyard.proxy.listen;

import io.netty.channel.socket.ChannelOutputShutdownException;
import java.nio.channels.ClosedChannelException;

/** What an exception on a connection whose bytes are passed on tells. */
public enum Breakage {
  /** Something could not be written any more; why it could not is told otherwise. */
  LATE,

  /** The peer, or the network, has broken the connection. */
  PEER,

  /** A mistake of ours. */
  OURS;

  /** What this one tells. */
  public static Breakage of(Throwable cause) {
    if (cause instanceof ClosedChannelException
        || cause instanceof ChannelOutputShutdownException) {
      return LATE;
    }
    return Handshakes.isPeersFault(cause) ? PEER : OURS;
  }
}
