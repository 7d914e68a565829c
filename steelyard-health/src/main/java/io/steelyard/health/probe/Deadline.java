package io.steelyard.health.probe;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;

/** The time that a probe has. */
final class Deadline {
  private final long start = System.nanoTime();
  private final Duration timeout;
  private final long timeoutNanos;

  Deadline(Duration timeout) {
    this.timeout = timeout;
    this.timeoutNanos = timeout.toNanos();
  }

  long elapsedNanos() {
    return System.nanoTime() - start;
  }

  long nanosLeft() {
    return Math.max(0, timeoutNanos - elapsedNanos());
  }

  /** For system calls, where 0 would mean forever: at least 1. */
  int millisLeft() {
    return Math.clamp(NANOSECONDS.toMillis(nanosLeft()), 1, Integer.MAX_VALUE);
  }

  boolean isOver() {
    return nanosLeft() == 0;
  }

  /** The whole time, for messages. */
  @Override
  public String toString() {
    return timeout.toMillis() + " ms";
  }
}
