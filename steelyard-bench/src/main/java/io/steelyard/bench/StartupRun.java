package io.steelyard.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** From the start of the process to its first proxied answer, on the whole machine. */
final class StartupRun {
  record Row(String contestant, Spread millis) {}

  private final Lab lab;
  private final int rounds;
  private final Progress progress;

  StartupRun(Lab lab, int rounds, Progress progress) {
    this.lab = lab;
    this.rounds = rounds;
    this.progress = progress;
  }

  List<Row> run(List<Contestant> contestants) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (Contestant contestant : contestants) {
      double[] millis = measure(contestant);
      if (millis.length > 0) {
        rows.add(new Row(contestant.name(), Spread.of(millis)));
      }
    }
    return rows;
  }

  private double[] measure(Contestant contestant) throws IOException {
    List<Double> millis = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      try (Lab.Running running = lab.startUnpinned(contestant, Work.SMALL)) {
        if (running != null) {
          millis.add(running.startedIn().toNanos() / 1e6);
        }
      }
      progress.step(contestant.name() + ", start " + round);
    }
    return millis.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
