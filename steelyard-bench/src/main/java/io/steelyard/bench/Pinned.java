package io.steelyard.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Processes on a processor of their own, by taskset. */
final class Pinned {
  private Pinned() {}

  /** The command, pinned; taskset replaces itself by it, so the process id is the command's. */
  static List<String> to(int core, List<String> command) {
    return to(List.of(core), command);
  }

  static List<String> to(List<Integer> cores, List<String> command) {
    return Stream.concat(Stream.of(Tools.require("taskset"), "-c", list(cores)), command.stream())
        .toList();
  }

  /** Pins all threads of this process, so that it does not disturb what it measures. */
  static void pinThisProcess(Workspace workspace, List<Integer> cores)
      throws IOException, InterruptedException {
    List<String> command =
        List.of(
            Tools.require("taskset"),
            "-acp",
            list(cores),
            Long.toString(ProcessHandle.current().pid()));
    workspace.run("taskset", command, Duration.ofSeconds(10));
  }

  private static String list(List<Integer> cores) {
    return cores.stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}
