package io.steelyard.packet.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Commands, by their words. */
final class Shell {
  private static final int SECONDS = 60;

  private Shell() {}

  /** Runs to the end; what it prints. */
  static String run(String command) {
    return run(List.of(command.split(" ")));
  }

  /** In a network namespace. */
  static String in(String namespace, String... command) {
    return run(inNamespace(namespace, command));
  }

  static List<String> inNamespace(String namespace, String... command) {
    return Stream.concat(Stream.of("ip", "netns", "exec", namespace), Arrays.stream(command))
        .toList();
  }

  static String run(List<String> command) {
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(command + " did not end within " + SECONDS + " s: " + output);
      }
      if (process.exitValue() != 0) {
        throw new AssertionError(command + " ended with " + process.exitValue() + ": " + output);
      }
      return output;
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }
}
