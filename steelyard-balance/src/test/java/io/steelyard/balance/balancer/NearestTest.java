package io.steelyard.balance.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
  private static final List<String> KNOWN = List.of("least-connections", "random", "round-robin");

  @Test
  void countsSlips() {
    assertThat(Nearest.slips("", "")).isZero();
    assertThat(Nearest.slips("", "abc")).isEqualTo(3);
    assertThat(Nearest.slips("abc", "abc")).isZero();
    assertThat(Nearest.slips("abc", "abd")).isEqualTo(1);
    assertThat(Nearest.slips("abc", "acb")).isEqualTo(1);
    assertThat(Nearest.slips("abc", "bc")).isEqualTo(1);
    assertThat(Nearest.slips("kitten", "sitting")).isEqualTo(3);
  }

  @Test
  void guessesWhatIsNear() {
    assertThat(Nearest.to("roundrobin", KNOWN)).isEqualTo("round-robin");
    assertThat(Nearest.to("ranodm", KNOWN)).isEqualTo("random");
    assertThat(Nearest.to("least-connection", KNOWN)).isEqualTo("least-connections");
  }

  @Test
  void doesNotGuessWildly() {
    assertThat(Nearest.to("maglev", KNOWN)).isNull();
    assertThat(Nearest.to("", KNOWN)).isNull();
    assertThat(Nearest.to("random", List.of())).isNull();
  }
}
