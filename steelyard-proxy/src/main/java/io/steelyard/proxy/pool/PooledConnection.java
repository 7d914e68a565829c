package io.steelyard.proxy.pool;

import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an endpoint that may be used again: a channel's handler that knows where it
 * stands among the idle ones.
 *
 * <p>Belongs to one event loop.
 */
public abstract class PooledConnection extends ChannelInboundHandlerAdapter {
  private final EndpointConnections home;
  private final long openedNanos;
  private @Nullable PooledConnection younger;
  private @Nullable PooledConnection older;
  private boolean idle;

  protected PooledConnection(EndpointConnections home, long openedNanos) {
    this.home = home;
    this.openedNanos = openedNanos;
  }

  /** Closes this connection, which no request uses. */
  protected abstract void closeIdle();

  /** The connections that this one belongs to. */
  protected final EndpointConnections home() {
    return home;
  }

  final long openedNanos() {
    return openedNanos;
  }

  final boolean isIdle() {
    return idle;
  }

  /** Becomes the youngest idle connection, above {@code formerYoungest}. */
  final void linkAbove(@Nullable PooledConnection formerYoungest) {
    idle = true;
    older = formerYoungest;
    if (formerYoungest != null) {
      formerYoungest.younger = this;
    }
  }

  /** Leaves the idle ones; {@code owner} learns when this was an end of the list. */
  final void unlinkFrom(EndpointConnections owner) {
    owner.ends(this, younger, older);
    if (younger != null) {
      younger.older = older;
    }
    if (older != null) {
      older.younger = younger;
    }
    younger = null;
    older = null;
    idle = false;
  }
}
