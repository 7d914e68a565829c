package io.steelyard.packet.linux;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A network namespace that ip-netns(8) has named. Threads of one process may be in several; what
 * one opens there (sockets, links) stays there, whoever uses it. Needs CAP_SYS_ADMIN. Thread-safe.
 */
public final class NetworkNamespace {
  private static final String DIRECTORY = "/run/netns/";

  private final String name;

  private NetworkNamespace(String name) {
    this.name = name;
  }

  /** The namespace of this name; whether there is one shows when it is used. */
  public static NetworkNamespace named(String name) {
    return new NetworkNamespace(name);
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /**
   * Does something in it, on a thread of its own, and waits for the end.
   *
   * @throws IllegalStateException when there is no such namespace or it may not be entered
   */
  public <T> T call(Callable<T> work) {
    var result = new CompletableFuture<T>();
    start(
        () -> {
          try {
            result.complete(work.call());
          } catch (Exception problem) {
            result.completeExceptionally(problem);
          }
        },
        result);
    try {
      return result.join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof RuntimeException problem) {
        throw problem;
      }
      throw new IllegalStateException(String.valueOf(failed.getCause()), failed.getCause());
    }
  }

  private void start(Runnable work, CompletableFuture<?> failure) {
    // A platform thread: setns(2) is for the thread of the system, which virtual threads share.
    Thread.ofPlatform()
        .daemon()
        .name("in " + name)
        .start(() -> {
          try {
            enter();
          } catch (RuntimeException problem) {
            failure.completeExceptionally(problem);
            return;
          }
          work.run();
        });
  }

  private void enter() {
    int descriptor = SystemCalls.open(DIRECTORY + name);
    if (descriptor < 0) {
      throw new IllegalStateException(
          "opening network namespace " + name + ": " + Errno.describe(-descriptor));
    }
    try {
      int entered = SystemCalls.enterNetwork(descriptor);
      if (entered < 0) {
        throw new IllegalStateException(
            "entering network namespace " + name + ": " + Errno.describe(-entered));
      }
    } finally {
      SystemCalls.close(descriptor);
    }
  }
}
