package io.steelyard.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What strace, jcmd and the metrics page print. */
class ToolOutputTest {
  @Test
  void readsTheTableOfStrace() {
    StraceSummary summary =
        StraceSummary.parse(
            """
            % time     seconds  usecs/call     calls    errors syscall
            ------ ----------- ----------- --------- --------- ----------------
             66.37    0.174575          17      9734           writev
             29.08    0.076486           7     19743        12 recvfrom
              4.28    0.011251           8      1327           epoll_wait
            ------ ----------- ----------- --------- --------- ----------------
            100.00    0.263051          12     30804        12 total
            """);

    assertThat(summary.calls().keySet()).containsExactly("recvfrom", "writev", "epoll_wait");
    assertThat(summary.calls()).containsEntry("recvfrom", 19_743L);
    assertThat(summary.total()).isEqualTo(30_804);
  }

  @Test
  void anEmptyTableHasNoCalls() {
    assertThat(StraceSummary.parse("").total()).isZero();
  }

  @Test
  void readsTheTotalOfAClassHistogram() {
    String histogram =
        """
        6700:
         num     #instances         #bytes  class name (module)
        -------------------------------------------------------
           1:         30012        2345678  [B (java.base@25)
           2:           512        2000000  [Ljdk.internal.vm.FillerElement; (java.base@25.0.3)
           3:            12            192  jdk.internal.vm.FillerObject (java.base@25.0.3)
        Total         98765       14345870
        """;

    assertThat(JvmMemory.parse(histogram)).isEqualTo(12_345_678);
    assertThatThrownBy(() -> JvmMemory.parse("6700:\nno such thing\n"))
        .hasMessageContaining("6700:");
  }

  @Test
  void readsDirectMemoryFromMetrics() {
    String metrics =
        """
        # TYPE steelyard_netty_direct_bytes gauge
        steelyard_netty_direct_bytes 4194304
        steelyard_jvm_buffer_bytes{pool="direct"} 8192
        """;

    assertThat(DirectMemory.parse(metrics)).hasValue(4_194_304);
    assertThat(DirectMemory.parse("steelyard_requests_total 3\n")).isEmpty();
  }

  @Test
  void readsTheProcessorsName() {
    assertThat(Machine.processor("processor\t: 0\nmodel name\t: AMD EPYC\n")).isEqualTo("AMD EPYC");
    assertThat(Machine.processor("CPU implementer\t: 0x41\n")).isEqualTo("unknown");
  }
}
