package io.steelyard.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The contestants under load, round by round. */
final class LoadRun {
  private final Lab lab;
  private final Plan plan;
  private final List<Contestant> contestants;
  private final Progress progress;

  LoadRun(Lab lab, Plan plan, List<Contestant> contestants, Progress progress) {
    this.lab = lab;
    this.plan = plan;
    this.contestants = contestants;
    this.progress = progress;
  }

  List<Cell> run() throws IOException, InterruptedException {
    List<Cell> cells = new ArrayList<>();
    for (Work work : plan.works()) {
      for (int connections : plan.connections()) {
        Cell cell = cell(work, connections);
        if (!cell.windows().isEmpty()) {
          cells.add(cell);
        }
      }
    }
    return cells;
  }

  /**
   * Fresh processes for each cell, so that one work's buffers are not seen in the next one's RSS.
   */
  private Cell cell(Work work, int connections) throws IOException, InterruptedException {
    List<Lab.Running> field = lab.startAll(contestants, work);
    try {
      List<Lab.Running> warm = warm(field, work, connections);
      return Cell.of(work, connections, rounds(warm, work, connections));
    } finally {
      field.forEach(Lab.Running::close);
    }
  }

  private List<Lab.Running> warm(List<Lab.Running> field, Work work, int connections)
      throws IOException, InterruptedException {
    List<Lab.Running> warm = new ArrayList<>();
    for (Lab.Running running : field) {
      try {
        lab.warm(running, work, connections, plan.warmupSeconds());
        warm.add(running);
      } catch (IllegalStateException e) {
        lab.omit(where(running.name(), work, connections), e);
      }
    }
    return warm;
  }

  private List<Window> rounds(List<Lab.Running> field, Work work, int connections)
      throws IOException, InterruptedException {
    List<Window> windows = new ArrayList<>();
    for (int round = 1; round <= plan.rounds(); round++) {
      for (Lab.Running running : List.copyOf(field)) {
        Optional<Window> window = window(running, round, work, connections);
        window.ifPresentOrElse(windows::add, () -> field.remove(running));
      }
    }
    return windows;
  }

  /** Empty when the contestant has died. */
  private Optional<Window> window(Lab.Running running, int round, Work work, int connections)
      throws IOException, InterruptedException {
    running.emptyLog();
    try {
      Lab.Load load = lab.measure(running, work, connections, plan.seconds());
      long resident = Usage.residentBytes(running.pids());
      Window window = Window.of(running.contestant(), work, round, load, resident);
      progress.step(line(window, work, connections));
      return Optional.of(window);
    } catch (IllegalStateException e) {
      lab.omit(where(running.name(), work, connections), e);
      progress.step(running.name() + " failed");
      return Optional.empty();
    }
  }

  private static String where(String contestant, Work work, int connections) {
    return "%s, %s, %d connections".formatted(contestant, work.label(), connections);
  }

  private static String line(Window window, Work work, int connections) {
    return "%s, %d connections, round %d: %s %,.0f requests/s, %.1f µs CPU per request%s"
        .formatted(
            work.label(),
            connections,
            window.round(),
            window.contestant(),
            window.requestsPerSecond(),
            window.cpuMicros(),
            window.sound() ? "" : " [" + String.join("; ", window.problems()) + "]");
  }
}
