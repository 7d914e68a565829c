package io.steelyard.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "250ms, PT0.25S, 250ms",
    "2s, PT2S, 2s",
    "1m, PT1M, 1m",
    "60s, PT1M, 1m",
    "90s, PT1M30S, 90s",
    "1h, PT1H, 1h",
    "90m, PT1H30M, 90m",
    "1500ms, PT1.5S, 1500ms",
    "0s, PT0S, 0s",
    "0ms, PT0S, 0s",
    "999999999h, PT999999999H, 999999999h",
  })
  void parsesAndWrites(String text, Duration duration, String written) {
    assertThat(Durations.parse(text)).isEqualTo(duration);
    assertThat(Durations.format(duration)).isEqualTo(written);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "s",
        "1 s",
        "-1s",
        "+1s",
        "1.5s",
        "1S",
        "1d",
        "1m30s",
        "PT1S",
        "9999999999s",
        "1s\n"
      })
  void refusesWhatIsNoDuration(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Durations.parse(text))
        .withMessageEndingWith(
            " is not a duration, expected a whole number and a unit such as 250ms, 2s, 1m or 1h");
  }
}
