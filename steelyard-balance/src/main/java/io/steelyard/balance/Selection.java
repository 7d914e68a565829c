package io.steelyard.balance;

import java.util.random.RandomGenerator;

/**
 * What one choice is made from: everything a balancer may know of a request or connection, its
 * clock and its randomness. The same answers lead to the same choice, bit for bit.
 */
public interface Selection {
  /**
   * The bytes of what the balancer's {@link Balancer#keySource} names, from 0 to {@link
   * #keyLength}. Lent for the time of one choice, and not to be changed.
   */
  byte[] key();

  /** How long the key is; -1 when the request has none, or the balancer names none. */
  int keyLength();

  /**
   * Whether the endpoint may be chosen: no when this request has tried it already, for example. The
   * answer for an endpoint stays the same during one choice.
   */
  boolean accepts(Endpoint endpoint);

  /** How many endpoints this request has tried before: 0 at first, 1 for the first retry. */
  int attempt();

  /** The event loop's randomness. */
  RandomGenerator random();

  /** The event loop's clock, in nanoseconds from an arbitrary origin. */
  long nanoTime();
}
