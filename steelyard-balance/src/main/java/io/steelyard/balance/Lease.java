package io.steelyard.balance;

import org.jspecify.annotations.Nullable;

/**
 * An endpoint in use by one request or connection, until it is closed with an outcome. Belongs to
 * the event loop of the {@link Pool} that gave it; not thread-safe.
 *
 * <p>The pool recycles it: whoever closes a lease forgets it, for the object may soon be another
 * request's lease. Using it once more before that is an {@link IllegalStateException}.
 */
public final class Lease implements AutoCloseable {
  private final Pool pool;

  /** Null while the lease is closed and waits in its pool to be used again. */
  @Nullable Endpoint endpoint;

  @Nullable Lease nextFree;

  Lease(Pool pool) {
    this.pool = pool;
  }

  /**
   * The endpoint in use.
   *
   * @throws IllegalStateException when the lease is closed
   */
  public Endpoint endpoint() {
    var leased = endpoint;
    if (leased == null) {
      throw new IllegalStateException("this lease of pool " + pool + " is closed");
    }
    return leased;
  }

  /**
   * A new connection to the endpoint is there.
   *
   * @param nanos how long that took, in nanoseconds, 0 or more
   * @throws IllegalStateException when the lease is closed
   */
  public void connected(long nanos) {
    pool.connected(endpoint(), nanos);
  }

  /**
   * Ends the use of the endpoint.
   *
   * @param nanos how long the endpoint took, in nanoseconds, 0 or more; what is measured is the
   *     protocol's choice (for a request: until the head of its answer) and the same for all
   *     endpoints of a pool
   * @throws IllegalStateException when the lease is closed already
   */
  public void close(Outcome outcome, long nanos) {
    pool.release(this, endpoint(), outcome, nanos);
  }

  /** Ends the use of the endpoint as {@link Outcome#CANCELLED}. */
  @Override
  public void close() {
    close(Outcome.CANCELLED, 0);
  }

  /** The endpoint, for messages. */
  @Override
  public String toString() {
    return endpoint == null ? "closed lease of pool " + pool : "lease of " + endpoint;
  }
}
