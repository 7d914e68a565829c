package io.steelyard.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is read from /proc. */
class ProcTest {
  private static final String STAT =
      "6700 (nginx: (worker) x) S 6699 6699 6698 0 -1 4194624 1146 7 0 0 123 4567 8 9 20 0 1 0 5129";

  @Test
  void readsTimesBehindAnyName() {
    assertThat(ProcStat.parse(STAT)).isEqualTo(new ProcStat(123, 4567, 17));
  }

  @Test
  void refusesOtherLines() {
    assertThatThrownBy(() -> ProcStat.parse("6700 nginx S")).hasMessageContaining("6700 nginx S");
    assertThatThrownBy(() -> ProcStat.parse("1 (sh) S 0")).hasMessageContaining("1 (sh) S 0");
    assertThatThrownBy(() -> ProcStat.parse("1 (sh)")).hasMessageContaining("1 (sh)");
  }

  @Test
  void readsResidentMemory() {
    String status = "Name:\tjava\nVmHWM:\t  200000 kB\nVmRSS:\t  131072 kB\n";

    assertThat(Usage.residentBytes(status)).isEqualTo(128L * 1024 * 1024);
    assertThatThrownBy(() -> Usage.residentBytes("Name:\tzombie\n")).hasMessageContaining("VmRSS");
  }

  @Test
  void measuresThisProcess() {
    List<Long> self = List.of(ProcessHandle.current().pid());
    Usage before = Usage.of(self);
    long spin = System.nanoTime() + 20_000_000;
    while (System.nanoTime() < spin) {
      Thread.onSpinWait();
    }
    Usage used = Usage.of(self).since(before);

    assertThat(used.cpuNanos()).isPositive();
    assertThat(used.userShare()).isBetween(0.0, 1.0);
    assertThat(Usage.residentBytes(self)).isGreaterThan(1024 * 1024);
  }

  @Test
  void saysThatAProcessHasEnded() {
    long none = 4_194_305; // above the kernel's largest process id
    assertThatThrownBy(() -> CpuClock.nanos(none)).hasMessageContaining("has ended");
    assertThatThrownBy(() -> Usage.of(List.of(none))).hasMessageContaining("has ended");
  }

  @Test
  void sumsTheBusyTimeOfSomeProcessors() {
    String stat =
        """
        cpu  900 0 0 0 0 0 0 0 0 0
        cpu0 100 2 30 5000 70 4 5 6 0 0
        cpu1 200 0 0 9000 0 0 0 0 0 0
        cpu10 400 0 0 0 0 0 0 0 0 0
        intr 1 2 3
        """;

    assertThat(CoreTime.busyTicks(stat, List.of(0))).isEqualTo(147);
    assertThat(CoreTime.busyTicks(stat, List.of(0, 1))).isEqualTo(347);
    assertThat(CoreTime.busyTicks(stat, List.of(10))).isEqualTo(400);
  }

  @Test
  void readsTheLimitOfOpenFiles() {
    FileLimit limit =
        FileLimit.parse(
            """
            Limit                     Soft Limit           Hard Limit           Units
            Max open files            20000                524288               files
            """);

    assertThat(limit.connections()).isEqualTo(19_500);
    assertThat(limit.pairs()).isEqualTo(9_750);
    assertThat(FileLimit.parse("").files()).isEqualTo(100_000);
  }

  @Test
  void keepsListenersOutOfTheRangeOfOutgoingConnections() {
    assertThat(Ports.candidates("32768\t60999\n"))
        .contains(10_000, 32_767, 61_000)
        .doesNotContain(32_768, 60_999);
    assertThat(Ports.candidates("1024\t65535\n")).hasSize(55_536);
  }
}
