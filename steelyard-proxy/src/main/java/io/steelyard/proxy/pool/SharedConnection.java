package io.steelyard.proxy.pool;

/**
 * A connection to an endpoint that carries several requests at a time. While it carries any, it is
 * where {@link EndpointConnections#withRoom} finds it; else it is idle, as others are.
 *
 * <p>Belongs to one event loop.
 */
public abstract class SharedConnection extends PooledConnection {
  protected SharedConnection(EndpointConnections home, long openedNanos) {
    super(home, openedNanos);
  }

  /** Whether it takes one more request. */
  protected abstract boolean hasRoom();

  /**
   * Whether it was idle and nothing has come from the endpoint since: the endpoint may have closed
   * it.
   */
  protected abstract boolean isDoubtful();
}
