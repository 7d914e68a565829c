package io.steelyard.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** System calls per request: strace counts them during a window. Its speed means nothing. */
final class SyscallRun {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final long PAUSE_NANOS = 1_000_000;

  /**
   * @param calls of each kind, per request
   */
  record Row(
      String contestant,
      Work work,
      int connections,
      long requests,
      double perRequest,
      Map<String, Double> calls) {

    static Row of(
        String contestant, Work work, int connections, long requests, StraceSummary summary) {
      Map<String, Double> calls = new LinkedHashMap<>();
      summary.calls().forEach((name, count) -> calls.put(name, (double) count / requests));
      double perRequest = (double) summary.total() / requests;
      return new Row(contestant, work, connections, requests, perRequest, calls);
    }
  }

  private final Lab lab;
  private final Plan plan;
  private final Progress progress;

  SyscallRun(Lab lab, Plan plan, Progress progress) {
    this.lab = lab;
    this.plan = plan;
    this.progress = progress;
  }

  List<Row> run(List<Contestant> contestants) throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>();
    for (Work work : plan.works()) {
      for (int connections : plan.connections()) {
        for (Contestant contestant : contestants) {
          measure(contestant, work, connections, rows);
          progress.step(
              "%s, %d connections: system calls of %s"
                  .formatted(work.label(), connections, contestant.name()));
        }
      }
    }
    return rows;
  }

  private void measure(Contestant contestant, Work work, int connections, List<Row> rows)
      throws IOException, InterruptedException {
    try (Lab.Running running = lab.start(contestant, work)) {
      if (running != null) {
        lab.warm(running, work, connections, plan.warmupSeconds());
        rows.add(traced(running, work, connections));
      }
    } catch (IllegalStateException e) {
      lab.omit(contestant.name() + ", system calls", e);
    }
  }

  private Row traced(Lab.Running running, Work work, int connections)
      throws IOException, InterruptedException {
    Path table = running.directory().resolve("strace.txt");
    try (Child strace = lab.workspace().start("strace", command(running, table))) {
      awaitAttached(strace, running.pids().size());
      WrkResult client = lab.load(running, work, connections, plan.seconds());
      strace.stop(); // detaches and writes its table
      if (client.requests() == 0) {
        throw new IllegalStateException("no answers while it was traced");
      }
      StraceSummary summary = StraceSummary.parse(Files.readString(table));
      return Row.of(running.name(), work, connections, client.requests(), summary);
    }
  }

  private static List<String> command(Lab.Running running, Path table) {
    List<String> command =
        new ArrayList<>(List.of(Tools.require("strace"), "-c", "-f", "-o", table.toString()));
    for (long pid : running.pids()) {
      command.add("-p");
      command.add(Long.toString(pid));
    }
    return command;
  }

  private static void awaitAttached(Child strace, int processes) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (strace.errors().lines().filter(line -> line.contains(" attached")).count() < processes) {
      if (!strace.alive() || System.nanoTime() > deadline) {
        throw new IllegalStateException("strace did not attach; " + strace.lastWords());
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
