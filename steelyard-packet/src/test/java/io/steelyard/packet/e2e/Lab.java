package io.steelyard.packet.e2e;

import io.steelyard.packet.lab.LabNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Pattern;

/** A {@link LabNetwork} with a director and endpoints in processes of their own. */
final class Lab implements AutoCloseable {
  private final String prefix = "sy" + ProcessHandle.current().pid() + "-";
  private final LabNetwork network;
  private final Map<Integer, JavaProcess> endpoints = new HashMap<>();
  private final List<Process> programs = new ArrayList<>();
  private final Path pins;
  private JavaProcess director;

  Lab() {
    try {
      pins = Files.createTempDirectory("steelyard-lab");
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
    network = LabNetwork.build(prefix);
    try {
      Shell.run("mount -t bpf bpf " + pins);
      for (int i = 1; i <= LabNetwork.ENDPOINTS; i++) {
        startEndpoint(i);
      }
      director = startDirector();
    } catch (RuntimeException | AssertionError problem) {
      close();
      throw problem;
    }
  }

  /** 20 MB that are the same everywhere. */
  static byte[] content() {
    byte[] content = new byte[20_000_000];
    new Random(5).nextBytes(content);
    return content;
  }

  /** What a program of the client prints. */
  String client(String... command) {
    return Shell.in(prefix + "client", command);
  }

  Process clientProcess(Path output, String... command) {
    try {
      return new ProcessBuilder(Shell.inNamespace(prefix + "client", command))
          .redirectErrorStream(true)
          .redirectOutput(output.toFile())
          .start();
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  /** A program that is at work at an endpoint until the lab is closed. */
  void startAtEndpoint(int i, String... command) {
    try {
      programs.add(
          new ProcessBuilder(Shell.inNamespace(prefix + "endpoint" + i, command))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start());
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  /** The kernel's number of the program at work at an interface of the director. */
  String programAt(String device) {
    var shown = Shell.run("ip -n " + prefix + "director link show " + device);
    var number = Pattern.compile("prog/xdp id (\\d+)").matcher(shown);
    if (!number.find()) {
      throw new AssertionError("no program at " + device + ": " + shown);
    }
    return number.group(1);
  }

  /** Whether a program is at work at an interface of the director. */
  boolean isAttached(String device) {
    return Shell.run("ip -n " + prefix + "director link show " + device).contains("prog/xdp");
  }

  JavaProcess director() {
    return director;
  }

  /** Kills the director's process; what it put into the kernel works on. */
  void killDirector() {
    director.kill();
  }

  /** Starts another one, which takes over what the one before left. */
  void restartDirector() {
    director = startDirector();
  }

  private JavaProcess startDirector() {
    return new JavaProcess(prefix + "director", DirectorProgram.class, pins.toString());
  }

  void killEndpoint(int i) {
    Objects.requireNonNull(endpoints.get(i)).kill();
  }

  void startEndpoint(int i) {
    endpoints.put(
        i, new JavaProcess(prefix + "endpoint" + i, EndpointProgram.class, "endpoint" + i));
  }

  @Override
  public void close() {
    programs.forEach(Process::destroyForcibly);
    endpoints.values().forEach(JavaProcess::close);
    if (director != null) {
      director.close();
    }
    network.close();
    Shell.run("umount " + pins);
    try {
      Files.delete(pins);
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }
}
