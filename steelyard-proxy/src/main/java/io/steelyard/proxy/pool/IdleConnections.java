package io.steelyard.proxy.pool;

import org.jspecify.annotations.Nullable;

/**
 * Connections in the order in which they became idle. Each carries its neighbours itself: nothing
 * is allocated, and one may leave from the middle at no cost.
 */
final class IdleConnections {
  private @Nullable PooledConnection youngest;
  private @Nullable PooledConnection oldest;
  private int size;

  int size() {
    return size;
  }

  @Nullable PooledConnection youngest() {
    return youngest;
  }

  @Nullable PooledConnection oldest() {
    return oldest;
  }

  /** Adds one that is not among them. */
  void add(PooledConnection connection) {
    PooledConnection below = youngest;
    connection.idle = true;
    connection.older = below;
    if (below == null) {
      oldest = connection;
    } else {
      below.younger = connection;
    }
    youngest = connection;
    size++;
  }

  /** Removes one that is among them. */
  void remove(PooledConnection connection) {
    PooledConnection above = connection.younger;
    PooledConnection below = connection.older;
    if (above == null) {
      youngest = below;
    } else {
      above.older = below;
    }
    if (below == null) {
      oldest = above;
    } else {
      below.younger = above;
    }
    connection.younger = null;
    connection.older = null;
    connection.idle = false;
    size--;
  }
}
