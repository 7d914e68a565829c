package io.steelyard.balance.report;

import io.steelyard.balance.LoadReport;
import java.util.Map;
import java.util.TreeMap;

/** Metrics as they are found in a text that cannot be trusted: what makes no sense is left out. */
final class Metrics {
  private static final int MOST = 64;
  private static final int LONGEST_NAME = 64;
  private static final int LONGEST_NUMBER = 32;

  /** ORCA's names for what others call thus. */
  private static final Map<String, String> SHORT =
      Map.of(
          "cpu_utilization", "cpu",
          "mem_utilization", "memory",
          "application_utilization", "application");

  private final TreeMap<String, Double> values = new TreeMap<>();

  void add(String name, String number) {
    boolean isPercent = number.endsWith("%");
    double value = number(isPercent ? number.substring(0, number.length() - 1) : number);
    add(name, isPercent ? value / 100 : value);
  }

  void add(String name, double value) {
    boolean isNew = !values.containsKey(SHORT.getOrDefault(name, name));
    if (!name.isEmpty()
        && name.length() <= LONGEST_NAME
        && LoadReport.isValid(value)
        && (values.size() < MOST || !isNew)) {
      values.put(SHORT.getOrDefault(name, name), value);
    }
  }

  /** NaN when it is no number, or one in Java's own notations. */
  static double number(String text) {
    if (text.isEmpty() || text.length() > LONGEST_NUMBER) {
      return Double.NaN;
    }
    for (int i = 0; i < text.length(); i++) {
      if ("0123456789.eE+-".indexOf(text.charAt(i)) < 0) {
        return Double.NaN;
      }
    }
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  LoadReport report(long now) {
    return new LoadReport(values, now);
  }
}
