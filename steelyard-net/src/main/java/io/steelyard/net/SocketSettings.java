package io.steelyard.net;

import org.jspecify.annotations.Nullable;

/**
 * How a TCP socket behaves.
 *
 * @param tcpNodelay send small segments at once (TCP_NODELAY)
 * @param keepAlive let the kernel probe a silent peer (SO_KEEPALIVE)
 * @param origin where connections that we open come from; null where the kernel chooses
 */
public record SocketSettings(boolean tcpNodelay, boolean keepAlive, @Nullable Origin origin) {
  /** Settings without an origin. */
  public SocketSettings(boolean tcpNodelay, boolean keepAlive) {
    this(tcpNodelay, keepAlive, null);
  }
}
