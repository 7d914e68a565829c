package io.steelyard.health.probe;

import io.steelyard.balance.health.ProbeResult;
import java.time.Duration;

/**
 * One active check of one kind. Thread-safe; may be run for several targets at once. Blocks, in a
 * way that costs a virtual thread and no platform thread.
 */
@FunctionalInterface
public interface Probe {
  /**
   * Looks whether the target is well.
   *
   * @param timeout for all of it together; it returns at most slightly later
   * @return what was found; a failure is a result, not an exception
   * @throws InterruptedException when the thread was interrupted, for the process ends
   */
  ProbeResult run(ProbeTarget target, Duration timeout) throws InterruptedException;

  /**
   * Whether it does no more than to open a TCP connection: {@link ConnectLoop} can do that, too.
   */
  default boolean onlyConnects() {
    return false;
  }
}
