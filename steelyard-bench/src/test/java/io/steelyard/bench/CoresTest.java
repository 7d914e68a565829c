package io.steelyard.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CoresTest {
  @Test
  void readsLists() {
    assertThat(Cores.parse("0-3,8")).containsExactly(0, 1, 2, 3, 8);
    assertThat(Cores.parse("5")).containsExactly(5);
  }

  @Test
  void putsAllOnOneCoreAndTheRunnerBesideIt() {
    assertThat(Cores.of(Setting.ONE_CORE, List.of(2, 3)))
        .isEqualTo(new Cores(2, 2, 3, List.of(2, 3)));
    assertThat(Cores.of(Setting.ONE_CORE, List.of(4))).isEqualTo(new Cores(4, 4, 4, List.of(4)));
  }

  @Test
  void givesTheProxyItsOwnCore() {
    assertThat(Cores.of(Setting.TWO_CORE, List.of(0, 1)))
        .isEqualTo(new Cores(0, 1, 1, List.of(0, 1)));
    assertThatThrownBy(() -> Cores.of(Setting.TWO_CORE, List.of(0)))
        .hasMessage("two-core needs 2 processors but found 1");
  }
}
