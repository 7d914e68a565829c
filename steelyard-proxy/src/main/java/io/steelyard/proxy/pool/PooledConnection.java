package io.steelyard.proxy.pool;

import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an endpoint that may be used again: a channel's handler.
 *
 * <p>Belongs to one event loop.
 */
public abstract class PooledConnection extends ChannelInboundHandlerAdapter {
  private final EndpointConnections home;
  private final long openedNanos;

  /** Where it stands among the {@link IdleConnections}, which alone change this. */
  @Nullable PooledConnection younger;

  @Nullable PooledConnection older;
  boolean idle;

  protected PooledConnection(EndpointConnections home, long openedNanos) {
    this.home = home;
    this.openedNanos = openedNanos;
  }

  /** Closes this connection, which no request uses and none will. */
  protected abstract void closeIdle();

  /** The connections that this one belongs to. */
  protected final EndpointConnections home() {
    return home;
  }

  final long openedNanos() {
    return openedNanos;
  }
}
