package io.steelyard.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportTest {
  private static final Plan PLAN =
      new Plan(
          Set.of(Measurement.LOAD),
          Setting.ONE_CORE,
          Tuning.LARGE_BUFFERS,
          List.of(Work.SMALL),
          List.of(64),
          1,
          5,
          10,
          9_000);
  private static final Machine MACHINE =
      new Machine(Instant.EPOCH, "AMD EPYC", 2, "6.18", Map.of("nginx", "1.22.1"));

  @Test
  void columnsLineUp() {
    TextTable table = new TextTable("", "number", "µs");
    table.row("nginx", "1", "12.5");
    table.row("steelyard-epoll", "1,000,000", "9");

    assertThat(table)
        .hasToString(
            """
                                number    µs
            nginx                    1  12.5
            steelyard-epoll  1,000,000     9
            """);
    assertThatThrownBy(() -> table.row("too few")).hasMessage("expected 3 cells but found 1");
  }

  @Test
  void tellsAllThatWasFound() {
    String text = ReportText.of(full(List.of()));

    assertThat(text)
        .contains(
            "one-core, 1 rounds of 5 s, JVM warmed 10 s, peers tuned for large bodies: large-buffers")
        .contains("small answers, 64 connections")
        .contains("70,000 (70,000–70,000)")
        .contains("20.00 (20.00–20.00)")
        .contains("9,000 idle connections")
        .containsPattern("steelyard-epoll +1\\.0 +2\\.0 +117 +100 +-")
        .containsPattern("nginx +small +64 +4\\.00 +writev 3\\.00, recvfrom 1\\.00")
        .contains("1,200 (1,000–1,500)")
        .doesNotContain("not measured");
  }

  @Test
  void namesWhatWasNotMeasuredAndWhatFailed() {
    Omissions omissions = new Omissions();
    omissions.absent("haproxy", "haproxy is not installed");
    Report absent = full(omissions.all());
    omissions.failed("nginx, 1m", new IllegalStateException("process 7 has ended"));
    Report failed = full(omissions.all());

    assertThat(absent.failed()).isFalse();
    assertThat(ReportText.of(absent))
        .endsWith("not measured\n  haproxy: haproxy is not installed\n");
    assertThat(failed.failed()).isTrue();
    assertThat(ReportText.of(failed)).contains("nginx, 1m: process 7 has ended");
  }

  @Test
  void aContestantWithErrorsIsFlagged() {
    Report report = report(List.of(cell(List.of("3 timeouts"))), List.of());

    assertThat(report.failed()).isTrue();
    assertThat(ReportText.of(report)).contains("nginx !").contains("! nginx: 3 timeouts");
  }

  @Test
  void aReportOfNothingHasFailed() {
    assertThat(report(List.of(), List.of()).failed()).isTrue();
  }

  @Test
  void jsonHoldsTheSameNameForName() {
    JsonNode json = new JsonMapper().readTree(full(List.of()).json());

    assertThat(json.at("/machine/time").asString()).isEqualTo("1970-01-01T00:00:00Z");
    assertThat(json.at("/plan/works/0").asString()).isEqualTo("small");
    assertThat(json.at("/plan/setting").asString()).isEqualTo("one-core");
    assertThat(json.at("/load/0/rows/0/cpuMicros/median").asDouble()).isEqualTo(20);
    assertThat(json.at("/load/0/windows/0/requests").asLong()).isEqualTo(350_000);
    assertThat(json.at("/memory/0/liveHeapEach").asDouble()).isEqualTo(100);
    assertThat(json.at("/memory/0/directEach").isNull()).isTrue();
    assertThat(json.at("/syscalls/0/calls/writev").asDouble()).isEqualTo(3);
    assertThat(json.at("/startup/0/millis/max").asDouble()).isEqualTo(1_500);
  }

  private static Report full(List<Omissions.Omission> omissions) {
    return report(List.of(cell(List.of())), omissions);
  }

  private static Report report(List<Cell> load, List<Omissions.Omission> omissions) {
    if (load.isEmpty()) {
      return new Report(MACHINE, PLAN, load, List.of(), List.of(), List.of(), omissions);
    }
    MemoryRun.Row memory =
        new MemoryRun.Row(
            "steelyard-epoll",
            9_000,
            new MemoryRun.Sample(1 << 20, 1_000_000L, null),
            new MemoryRun.Sample(2 << 20, 1_900_000L, null));
    SyscallRun.Row syscalls =
        SyscallRun.Row.of(
            "nginx",
            Work.SMALL,
            64,
            1_000,
            StraceSummary.parse(
                """
                 66.37    0.174575          17      3000           writev
                 29.08    0.076486           7      1000           recvfrom
                """));
    StartupRun.Row startup = new StartupRun.Row("steelyard-epoll", Spread.of(1_500, 1_000, 1_200));
    return new Report(
        MACHINE, PLAN, load, List.of(memory), List.of(syscalls), List.of(startup), omissions);
  }

  private static Cell cell(List<String> problems) {
    Window window =
        new Window("nginx", true, 1, 350_000, 70_000, 800, 1_900, 20, 4, 0.9, 0, 1 << 24, problems);
    return Cell.of(Work.SMALL, 64, List.of(window));
  }
}
