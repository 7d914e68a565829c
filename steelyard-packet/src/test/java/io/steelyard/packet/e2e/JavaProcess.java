package io.steelyard.packet.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM in a network namespace that is told lines and answers each with one. */
final class JavaProcess implements AutoCloseable {
  private final Process process;
  private final PrintWriter in;
  private final BufferedReader out;

  JavaProcess(String namespace, Class<?> main, String... arguments) {
    var command = new ArrayList<>(Shell.inNamespace(namespace, java()));
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-Xmx128m", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", classPath(), main.getName()));
    command.addAll(List.of(arguments));
    try {
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
    in = new PrintWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    expect("ready");
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  private void expect(String line) {
    var found = read();
    if (!found.equals(line)) {
      throw new AssertionError("expected " + line + ", found " + found);
    }
  }

  private String read() {
    try {
      var line = out.readLine();
      if (line == null) {
        throw new AssertionError("the process ended");
      }
      return line;
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  String ask(String line) {
    in.println(line);
    in.flush();
    var answer = read();
    if (answer.startsWith("problem")) {
      throw new AssertionError(line + ": " + answer);
    }
    return answer;
  }

  /** SIGKILL: nothing of it is left to tidy up. */
  void kill() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    kill();
  }
}
