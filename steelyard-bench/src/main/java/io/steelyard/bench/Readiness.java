package io.steelyard.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for a process's first good answer. */
final class Readiness {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final long PAUSE_NANOS = 500_000;

  private Readiness() {}

  /**
   * Asks until the answer is good.
   *
   * @throws IllegalStateException with its last words when the process ends or stays silent
   */
  static void await(String name, Child child, int port, Work work) {
    await(name, child, port, work, false);
  }

  /**
   * @param secure over TLS
   */
  static void await(String name, Child child, int port, Work work, boolean secure) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    IOException last = new IOException("no attempt was made");
    while (child.alive() && System.nanoTime() < deadline) {
      try (HttpProbe probe = HttpProbe.connect("127.0.0.1", port, secure)) {
        probe.get(work);
        return;
      } catch (IOException e) {
        last = e;
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
    throw new IllegalStateException(
        "%s gave no good answer on port %d (%s); %s"
            .formatted(name, port, last.getMessage(), child.lastWords()));
  }
}
