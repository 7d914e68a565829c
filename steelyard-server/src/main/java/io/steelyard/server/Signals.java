package io.steelyard.server;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ExitCode;

/**
 * What Unix signals do to a serving process. Each signal runs on a thread of its own.
 *
 * <p>A shutdown hook would serve for stopping, but the JVM then exits with the number of the signal
 * for its status, and a second Ctrl-C would be ignored.
 */
final class Signals {
  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);
  private static final Duration SAME_WISH = Duration.ofSeconds(1);

  private Signals() {}

  /**
   * SIGTERM and SIGINT run {@code stop}, which may take its time; asked again, the process ends at
   * once with status 1. What comes within a second of the first is the same wish: shells and
   * supervisors often signal a process and its group.
   */
  static void onStop(Runnable stop) {
    AtomicReference<@Nullable Instant> asked = new AtomicReference<>();
    Runnable reaction =
        () -> {
          Instant now = Instant.now();
          Instant first = asked.compareAndExchange(null, now);
          if (first == null) {
            stop.run();
          } else if (first.plus(SAME_WISH).isBefore(now)) {
            LOG.warn("Told to stop again: ending at once");
            Runtime.getRuntime().halt(ExitCode.SOFTWARE);
          }
        };
    on("TERM", reaction);
    on("INT", reaction);
  }

  /** SIGHUP. */
  static void onHangup(Runnable reaction) {
    on("HUP", reaction);
  }

  /**
   * The JDK's only way to signals is its module jdk.unsupported. By reflection, because javac warns
   * of the mere name and nothing silences it.
   */
  private static void on(String name, Runnable reaction) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object calls =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                reaction.run();
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), calls);
    } catch (ReflectiveOperationException e) {
      LOG.warn("SIG{} cannot be handled here: {}", name, String.valueOf(e.getCause()));
    }
  }
}
