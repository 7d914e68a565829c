package io.steelyard.server.admin;

/** Tells what runs now. Thread-safe; called for each answer, so it should be quick. */
@FunctionalInterface
public interface StatusSource {
  /** What runs at the moment of the call. */
  RunningState state();
}
