package io.steelyard.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process that a test started. Its output goes to files, so that it never blocks on us. */
final class Program implements AutoCloseable {
  /** Generous: test machines are slow and shared. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String name;
  private final Process process;
  private final Path output;
  private final Path errors;

  private Program(String name, Process process, Path output, Path errors) {
    this.name = name;
    this.process = process;
    this.output = output;
    this.errors = errors;
  }

  static Program start(Path directory, String name, List<String> command) {
    return start(directory, name, command, Map.of());
  }

  static Program start(
      Path directory, String name, List<String> command, Map<String, String> environment) {
    try {
      Path output = Files.createTempFile(directory, name + "-", ".out");
      Path errors = Files.createTempFile(directory, name + "-", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile());
      builder.environment().putAll(environment);
      return new Program(name, builder.start(), output, errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs it to its end, which must be a success, and returns what it printed. */
  static String run(Path directory, String name, List<String> command) throws InterruptedException {
    Program program = start(directory, name, command);
    assertThat(program.awaitExit()).as("exit status of %s", program).isZero();
    return program.output();
  }

  String output() {
    return read(output);
  }

  String errors() {
    return read(errors);
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean alive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /** Waits until the pattern is found in what it printed to stdout or stderr. */
  Matcher awaitOutput(String pattern) {
    Pattern compiled = Pattern.compile(pattern);
    await(name + " prints " + pattern)
        .atMost(PATIENCE)
        .failFast(() -> assertThat(alive() || found(compiled)).as("%s runs", this).isTrue())
        .until(() -> found(compiled));
    Matcher matcher = compiled.matcher(output() + errors());
    assertThat(matcher.find()).isTrue();
    return matcher;
  }

  private boolean found(Pattern pattern) {
    return pattern.matcher(output() + errors()).find();
  }

  /** Waits for the end and returns the exit status. */
  int awaitExit() throws InterruptedException {
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .as("%s ends", this)
        .isTrue();
    return process.exitValue();
  }

  /** SIGTERM. */
  void terminate() {
    signal("TERM");
  }

  void signal(String signal) {
    try {
      // The shell's own kill: the program of that name is not everywhere.
      Process kill = new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid()).start();
      assertThat(kill.waitFor()).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** SIGKILL, and waits until it is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    awaitExit();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public String toString() {
    return "%s (%s)%n--- stdout:%n%s%n--- stderr:%n%s"
        .formatted(
            name,
            alive() ? "running" : "exited with " + process.exitValue(),
            end(output()),
            end(errors()));
  }

  private static String end(String text) {
    return text.substring(Math.max(0, text.length() - 4_000));
  }
}
