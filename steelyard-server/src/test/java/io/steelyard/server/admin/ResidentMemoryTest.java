package io.steelyard.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ResidentMemoryTest {
  @Test
  void readsWhatLinuxWrites() {
    assertThat(
            ResidentMemory.parse(
                List.of("Name:\tjava", "VmHWM:\t  9 kB", "VmRSS:\t  123456 kB", "RssAnon: 1 kB")))
        .hasValue(126_418_944);
  }

  @Test
  void otherTextTellsNothing() {
    assertThat(ResidentMemory.parse(List.of("", "VmRSS: much"))).isEmpty();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void thisProcessHoldsSome() {
    assertThat(ResidentMemory.bytes().orElse(0)).isBetween(1L << 20, 1L << 40);
  }
}
