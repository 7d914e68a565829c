package io.steelyard.server.admin;

import static java.util.Objects.requireNonNull;

/** Tells whether traffic may come. Thread-safe; called for each answer, so it should be quick. */
@FunctionalInterface
public interface ReadySource {
  /** Whether the process is ready at the moment of the call. */
  Readiness readiness();

  /**
   * Whether traffic may come, and why.
   *
   * @param text one line for people: {@code ready}, {@code starting: 1 of 2 listeners is bound},
   *     {@code shutting down}
   */
  record Readiness(boolean ready, String text) {
    public Readiness {
      requireNonNull(text, "text");
    }
  }
}
