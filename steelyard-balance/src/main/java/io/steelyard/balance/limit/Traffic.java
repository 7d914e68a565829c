package io.steelyard.balance.limit;

/**
 * What a pool or an endpoint has in use at a time, over all event loops; counted only where
 * something of it is limited. Thread-safe.
 *
 * @param inFlight requests at endpoints; only of pools, for endpoints count their own anyway
 * @param connections open connections, and those being opened
 * @param connecting of these, those being opened
 * @param retries attempts under way that follow failed ones
 */
public record Traffic(
    SharedCount inFlight, SharedCount connections, SharedCount connecting, SharedCount retries) {
  /** Nothing in use. */
  public Traffic() {
    this(new SharedCount(), new SharedCount(), new SharedCount(), new SharedCount());
  }
}
