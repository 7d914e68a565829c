package io.steelyard.health.probe;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.steelyard.model.CommandProbeSpec;
import java.io.File;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** A program whose exit status says whether the endpoint is well. */
final class CommandProbe implements Check {
  /** So much of what it prints is read; when it prints more, it has to wait, and is killed. */
  private static final int MOST_OUTPUT = 4096;

  private static final File NOTHING = new File("/dev/null");

  private final CommandProbeSpec spec;

  CommandProbe(CommandProbeSpec spec) {
    this.spec = spec;
  }

  @Override
  public Passed check(ProbeTarget target, Deadline deadline)
      throws ProbeFailure, InterruptedException {
    var process = start(target);
    try {
      if (!process.waitFor(deadline.nanosLeft(), NANOSECONDS)) {
        throw ProbeFailure.l7("the program has not ended within " + deadline);
      }
      var said = output(process, deadline);
      if (process.exitValue() != 0) {
        throw ProbeFailure.l7("exit status " + process.exitValue() + said);
      }
      return Passed.l7("exit status 0" + said);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private Process start(ProbeTarget target) throws ProbeFailure {
    var builder =
        new ProcessBuilder(spec.command()).redirectErrorStream(true).redirectInput(NOTHING);
    var environment = builder.environment();
    var path = environment.get("PATH");
    environment.clear();
    environment.put("PATH", path == null ? "/usr/bin:/bin" : path);
    environment.putAll(spec.environment());
    environment.put("STEELYARD_HOST", target.address().host());
    environment.put("STEELYARD_PORT", String.valueOf(target.address().port()));
    try {
      return builder.start();
    } catch (IOException e) {
      throw ProbeFailure.l7("cannot run: " + e.getMessage());
    }
  }

  /** The first line. A process that the program left behind may hold the pipe open: not awaited. */
  private static String output(Process process, Deadline deadline) throws InterruptedException {
    var read = new CompletableFuture<byte[]>();
    Thread.startVirtualThread(() -> {
      try (var in = process.getInputStream()) {
        read.complete(in.readNBytes(MOST_OUTPUT));
      } catch (IOException e) {
        read.complete(new byte[0]);
      }
    });
    try {
      var bytes = read.get(deadline.nanosLeft(), NANOSECONDS);
      var first = Details.text(bytes, 0, bytes.length).lines().findFirst().orElse("");
      return first.isBlank() ? "" : ": " + first.strip();
    } catch (ExecutionException | TimeoutException e) {
      return "";
    }
  }
}
