package io.steelyard.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
  private static final List<String> KEYS =
      List.of("address", "pool", "routes", "max-connections", "idle", "idle-time");

  @ParameterizedTest
  @CsvSource({
    "adress, address",
    "addresss, address",
    "rotues, routes",
    "poll, pool",
    "maxConnections, max-connections",
    "max_connections, max-connections",
    "MAX-CONNECTION, max-connections",
    "idletime, idle-time",
    "iddle, idle",
  })
  void findsWhatWasMeant(String mistyped, String meant) {
    assertThat(Nearest.to(mistyped, KEYS)).isEqualTo(meant);
  }

  @ParameterizedTest
  @CsvSource({"banana", "x", "connections-of-a-client"})
  void staysSilentRatherThanGuess(String word) {
    assertThat(Nearest.to(word, KEYS)).isNull();
  }

  @Test
  void boundsItsWork() {
    assertThat(Nearest.to("a".repeat(65), List.of("a".repeat(65)))).isNull();
    assertThat(Nearest.to("a", Collections.nCopies(1_001, "a"))).isNull();
  }
}
