package io.steelyard.balance.balancer;

/**
 * An endless sequence of turns that items are given by weight: a way to go round. {@link
 * RoundRobin} does the rest. Not thread-safe.
 */
interface Turns {
  /** The item whose turn it is. O(log n) or better, without allocation. */
  int next();

  /** After how many turns the sequence starts again: 1 or more, and less than 2^62. */
  long period();

  /** Stands where this does, and goes on apart from it. */
  Turns copy();
}
