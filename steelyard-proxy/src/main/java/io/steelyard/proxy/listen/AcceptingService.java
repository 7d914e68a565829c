package io.steelyard.proxy.listen;

import io.netty.channel.ChannelHandler;

/** A service of connections, which may be accepted on another event loop than its own. */
public interface AcceptingService extends Service {
  /** What is added to the pipeline of each connection that the service gets; sharable. */
  ChannelHandler accepting();
}
