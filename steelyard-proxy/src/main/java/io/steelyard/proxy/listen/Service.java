package io.steelyard.proxy.listen;

import io.netty.channel.ChannelFuture;
import java.net.SocketAddress;

/** What one event loop does for one listener, whatever its protocol. Belongs to its loop. */
public interface Service {
  /**
   * Begins to listen, on the service's own loop. Any thread may call this.
   *
   * @param shared other loops listen on the same address
   * @return the listening channel, when it listens
   */
  ChannelFuture listen(SocketAddress address, boolean shared);

  /** Nothing new comes: closes what is idle, and the rest when it has ended. */
  void drain();

  /** Closes all connections, whatever they are at. */
  void closeAll();
}
