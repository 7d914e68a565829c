package io.steelyard.balance;

import java.util.random.RandomGenerator;

/**
 * What one choice is made from: everything a balancer may know of a request or connection, its
 * clock and its randomness. The same answers lead to the same choice, bit for bit.
 */
public interface Selection {
  /** A hash of what the balancer asked for in its {@code needs()}; 0 when it needs nothing. */
  long hashKey();

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
