package io.steelyard.bench;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What was not measured, and why; told at the end, so that a gap in a table is never silent. */
final class Omissions {
  /**
   * @param what a contestant or a measurement
   * @param absent whether it is not on this machine, as opposed to having failed
   */
  record Omission(String what, String reason, boolean absent) {}

  private final Set<Omission> all = new LinkedHashSet<>();

  void absent(String what, String reason) {
    all.add(new Omission(what, reason, true));
  }

  void failed(String what, Exception e) {
    String message = e.getMessage();
    all.add(new Omission(what, message == null ? e.toString() : message, false));
  }

  List<Omission> all() {
    return new ArrayList<>(all);
  }
}
