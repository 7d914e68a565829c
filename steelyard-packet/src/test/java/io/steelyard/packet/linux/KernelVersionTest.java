package io.steelyard.packet.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class KernelVersionTest {
  @Test
  void whatIsTooOldIsNamed() {
    var debian = KernelVersion.of("5.10.0-30-amd64");
    assertThat(debian).isEqualTo(new KernelVersion(5, 10));
    debian.require(new KernelVersion(5, 10), "a thing");
    debian.require(new KernelVersion(4, 18), "a thing");
    assertThatThrownBy(() -> debian.require(new KernelVersion(5, 14), "a copy for a tap"))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("a copy for a tap needs Linux 5.14, this is Linux 5.10");
    assertThatThrownBy(() -> debian.require(new KernelVersion(6, 1), "a thing"))
        .hasMessageContaining("needs Linux 6.1");
    assertThat(KernelVersion.of("weird")).isEqualTo(new KernelVersion(0, 0));
    assertThat(KernelVersion.running().major()).isGreaterThan(2);
  }
}
