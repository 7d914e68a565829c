package io.steelyard.bench;

import java.io.PrintStream;

/** Tells on stderr how far a run is: one line per step. */
final class Progress {
  private final PrintStream out;
  private final int steps;
  private int done;

  Progress(PrintStream out, int steps) {
    this.out = out;
    this.steps = steps;
  }

  void step(String what) {
    done++;
    out.printf("[%d/%d] %s%n", done, steps, what);
  }

  void note(String what) {
    out.printf("        %s%n", what);
  }
}
