package io.steelyard.health;

import io.steelyard.balance.health.ProbeResult;

/** Wants to know of a target. Called by virtual threads, by one at a time for one target. */
interface Subscriber {
  /** A probe has ended. */
  void probed(ProbeResult result);

  /** From the start of the probe that has just ended to the start of the next, in nanoseconds. */
  long intervalNanos();
}
