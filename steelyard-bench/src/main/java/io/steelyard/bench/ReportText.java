package io.steelyard.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A report as tables for people: medians, and in parentheses minimum–maximum over the rounds. */
final class ReportText {
  private static final double MIB = 1024 * 1024;
  private static final int CALLS_SHOWN = 6;

  private ReportText() {}

  static String of(Report report) {
    StringBuilder text = new StringBuilder(heading(report));
    report.load().forEach(cell -> text.append(load(cell)));
    text.append(memory(report.memory()));
    text.append(syscalls(report.syscalls()));
    text.append(startup(report.startup()));
    text.append(omissions(report.notMeasured()));
    return text.toString();
  }

  private static String heading(Report report) {
    Machine machine = report.machine();
    Plan plan = report.plan();
    String versions =
        machine.versions().entrySet().stream()
            .map(version -> version.getKey() + " " + version.getValue())
            .collect(Collectors.joining(", "));
    return format(
        """
        %s
        %s, %d processors, Linux %s
        %s
        %s, %d rounds of %d s, JVM warmed %d s, peers tuned for large bodies: %s
        """,
        machine.time(),
        machine.processor(),
        machine.processors(),
        machine.kernel(),
        versions,
        plan.setting().label(),
        plan.rounds(),
        plan.seconds(),
        plan.warmupSeconds(),
        plan.tuning().label());
  }

  private static String load(Cell cell) {
    TextTable table =
        new TextTable(
            "",
            "requests/s",
            "CPU µs/request",
            "user µs",
            "ratio",
            "p50 ms",
            "p99 ms",
            "busy",
            "others",
            "RSS MiB");
    for (Cell.Row row : cell.rows()) {
      table.row(
          row.contestant() + (row.problems().isEmpty() ? "" : " !"),
          spread("%,.0f", row.requestsPerSecond(), 1),
          spread("%.2f", row.cpuMicros(), 1),
          format("%.2f", row.userMicros().median()),
          row.ratio() == null ? "-" : spread("%.2f", row.ratio(), 1),
          format("%.2f", row.p50Micros().median() / 1e3),
          spread("%.2f", row.p99Micros(), 1e3),
          format("%.0f %%", row.busy().median() * 100),
          format("%.0f %%", row.others().median() * 100),
          format("%.1f", row.residentBytes().median() / MIB));
    }
    return format(
            "%n%s answers, %d connections%n%s", cell.work().label(), cell.connections(), table)
        + problems(cell);
  }

  private static String problems(Cell cell) {
    return cell.rows().stream()
        .filter(row -> !row.problems().isEmpty())
        .map(row -> "! " + row.contestant() + ": " + String.join("; ", row.problems()) + "\n")
        .collect(Collectors.joining());
  }

  private static String memory(List<MemoryRun.Row> rows) {
    if (rows.isEmpty()) {
      return "";
    }
    TextTable table =
        new TextTable(
            "", "RSS before MiB", "after", "bytes/connection: RSS", "live heap", "direct");
    for (MemoryRun.Row row : rows) {
      table.row(
          row.contestant(),
          format("%.1f", row.before().resident() / MIB),
          format("%.1f", row.after().resident() / MIB),
          format("%,.0f", row.residentEach()),
          bytes(row.liveHeapEach()),
          bytes(row.directEach()));
    }
    return format("%n%,d idle connections%n%s", rows.getFirst().connections(), table);
  }

  private static String syscalls(List<SyscallRun.Row> rows) {
    if (rows.isEmpty()) {
      return "";
    }
    TextTable table = new TextTable("", "answers", "connections", "calls/request", "most frequent");
    for (SyscallRun.Row row : rows) {
      table.row(
          row.contestant(),
          row.work().label(),
          Integer.toString(row.connections()),
          format("%.2f", row.perRequest()),
          row.calls().entrySet().stream()
              .limit(CALLS_SHOWN)
              .map(call -> format("%s %.2f", call.getKey(), call.getValue()))
              .collect(Collectors.joining(", ")));
    }
    return format("%nsystem calls%n%s", table);
  }

  private static String startup(List<StartupRun.Row> rows) {
    if (rows.isEmpty()) {
      return "";
    }
    TextTable table = new TextTable("", "first answer after ms");
    rows.forEach(row -> table.row(row.contestant(), spread("%,.0f", row.millis(), 1)));
    return format("%nstart, all processors%n%s", table);
  }

  private static String omissions(List<Omissions.Omission> omissions) {
    return omissions.isEmpty()
        ? ""
        : omissions.stream()
            .map(omission -> "  " + omission.what() + ": " + omission.reason() + "\n")
            .collect(Collectors.joining("", "\nnot measured\n", ""));
  }

  private static String spread(String number, Spread spread, double unit) {
    return format(
        number + " (" + number + "–" + number + ")",
        spread.median() / unit,
        spread.min() / unit,
        spread.max() / unit);
  }

  private static String bytes(@Nullable Double bytes) {
    return bytes == null ? "-" : format("%,.0f", bytes);
  }

  @SuppressWarnings("AnnotateFormatMethod") // a dependency more, for these few callers
  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
