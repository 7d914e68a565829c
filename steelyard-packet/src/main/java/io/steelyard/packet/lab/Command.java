package io.steelyard.packet.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of the system, by their words. */
final class Command {
  private static final int SECONDS = 30;

  private Command() {}

  /**
   * Runs to the end; what it prints.
   *
   * @throws IllegalStateException when it fails; the message has what it printed
   */
  static String run(List<String> words) {
    try {
      var process = new ProcessBuilder(words).redirectErrorStream(true).start();
      process.getOutputStream().close();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(words + " did not end within " + SECONDS + " s");
      }
      if (process.exitValue() != 0) {
        throw new IllegalStateException(
            String.join(" ", words) + " ended with " + process.exitValue() + ": " + output.strip());
      }
      return output;
    } catch (IOException problem) {
      throw new IllegalStateException(words.getFirst() + " is missing: " + problem.getMessage());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }

  /** The words are separated by spaces. */
  static String run(String command) {
    return run(List.of(command.split(" ", -1)));
  }
}
