package io.steelyard.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A process that we started. Its output goes to files, so that it can never block on us. */
final class Child implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final String name;
  private final Process process;
  private final Path output;
  private final Path errors;

  Child(String name, Process process, Path output, Path errors) {
    this.name = name;
    this.process = process;
    this.output = output;
    this.errors = errors;
  }

  boolean alive() {
    return process.isAlive();
  }

  /**
   * The processes that do the work: those without children of their own. With nginx the worker and
   * not its master, with a start script what it started.
   */
  List<Long> workers() {
    return family().filter(p -> p.children().noneMatch(c -> true)).map(ProcessHandle::pid).toList();
  }

  String output() {
    return read(output);
  }

  String errors() {
    return read(errors);
  }

  /** The last lines that it wrote, for a message about its failure. */
  String lastWords() {
    List<String> lines =
        Stream.concat(output().lines(), errors().lines()).filter(l -> !l.isBlank()).toList();
    String words = String.join(" | ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
    String status = alive() ? "it still runs" : "it ended with status " + process.exitValue();
    return words.isEmpty() ? status : status + ": " + words;
  }

  /**
   * Waits until it has ended by itself and returns its exit status.
   *
   * @throws IllegalStateException when it takes longer
   */
  int await(Duration limit) throws InterruptedException {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      stop();
      throw new IllegalStateException(name + " did not end within " + limit.toSeconds() + " s");
    }
    return process.exitValue();
  }

  /** Ends it and its children: asks first, insists after five seconds. */
  void stop() {
    stop(GRACE);
  }

  void stop(Duration grace) {
    List<ProcessHandle> family = family().toList();
    family.forEach(ProcessHandle::destroy);
    CompletableFuture<?>[] ends =
        family.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(ends).get(grace.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      family.forEach(ProcessHandle::destroyForcibly);
    } catch (InterruptedException e) {
      family.forEach(ProcessHandle::destroyForcibly);
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop();
  }

  private Stream<ProcessHandle> family() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants());
  }

  private static String read(Path file) {
    try {
      // A tool's output is mostly ASCII; Latin-1 never fails.
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
