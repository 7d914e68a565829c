package io.steelyard.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One command from its plan to its report. */
final class Session {
  private final Workspace workspace;
  private final Plan plan;
  private final PrintStream err;
  private final Omissions omissions = new Omissions();

  Session(Workspace workspace, Plan plan, PrintStream err) {
    this.workspace = workspace;
    this.plan = plan;
    this.err = err;
  }

  Report run(List<Contestant> wanted) throws IOException, InterruptedException {
    List<Contestant> contestants = present(wanted);
    List<Measurement> measurements = possible(contestants);
    Progress progress = new Progress(err, plan.steps(contestants.size(), measurements));
    Machine machine = Machine.look(workspace);
    Findings findings = new Findings();
    if (!measurements.isEmpty() && !contestants.isEmpty()) {
      Lab lab = Lab.open(workspace, plan.setting(), omissions);
      try {
        for (Measurement measurement : measurements) {
          measure(measurement, lab, contestants, progress, findings);
        }
      } finally {
        lab.leave();
      }
    }
    return new Report(
        machine,
        plan,
        findings.load,
        findings.memory,
        findings.syscalls,
        findings.startup,
        omissions.all());
  }

  private void measure(
      Measurement measurement,
      Lab lab,
      List<Contestant> contestants,
      Progress progress,
      Findings to)
      throws IOException, InterruptedException {
    switch (measurement) {
      case LOAD -> to.load.addAll(new LoadRun(lab, plan, contestants, progress).run());
      case MEMORY ->
          to.memory.addAll(new MemoryRun(lab, plan.idleConnections(), progress).run(contestants));
      case SYSCALLS -> to.syscalls.addAll(new SyscallRun(lab, plan, progress).run(contestants));
      case STARTUP ->
          to.startup.addAll(new StartupRun(lab, plan.rounds(), progress).run(contestants));
    }
  }

  private List<Contestant> present(List<Contestant> wanted) {
    List<Contestant> present = new ArrayList<>();
    for (Contestant contestant : wanted) {
      Optional<String> absence = contestant.absence();
      absence.ifPresentOrElse(
          reason -> omissions.absent(contestant.name(), reason), () -> present.add(contestant));
    }
    return present;
  }

  private List<Measurement> possible(List<Contestant> contestants) {
    Stream<String> clients = contestants.stream().flatMap(c -> c.carried().tools().stream());
    List<String> loading = clients.distinct().toList();
    List<Measurement> possible = new ArrayList<>();
    for (Measurement measurement : plan.measurements()) {
      List<String> missing =
          tools(measurement, loading).stream().filter(tool -> Tools.find(tool).isEmpty()).toList();
      missing.forEach(tool -> omissions.absent(measurement.label(), Tools.absence(tool)));
      if (missing.isEmpty()) {
        possible.add(measurement);
      }
    }
    return possible;
  }

  /** What a measurement cannot do without; nginx serves as the endpoints. */
  private static List<String> tools(Measurement measurement, List<String> loading) {
    List<String> tools = new ArrayList<>(List.of("nginx", "taskset"));
    switch (measurement) {
      case LOAD -> tools.addAll(loading);
      case MEMORY, STARTUP -> {}
      case SYSCALLS -> {
        tools.addAll(loading);
        tools.add("strace");
      }
    }
    return tools;
  }

  /** What the measurements have given so far. */
  private static final class Findings {
    private final List<Cell> load = new ArrayList<>();
    private final List<MemoryRun.Row> memory = new ArrayList<>();
    private final List<SyscallRun.Row> syscalls = new ArrayList<>();
    private final List<StartupRun.Row> startup = new ArrayList<>();
  }
}
