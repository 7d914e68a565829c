package io.steelyard.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusesTest {
  @ParameterizedTest
  @ValueSource(strings = {"200", "200-299", "200-299,404", "100-199,301,500-599"})
  void readsWhatItWrites(String text) {
    assertThat(Statuses.parse(text)).hasToString(text);
  }

  @Test
  void containsItsRanges() {
    var statuses = Statuses.parse("200-204,404");
    assertThat(statuses.contains(200)).isTrue();
    assertThat(statuses.contains(204)).isTrue();
    assertThat(statuses.contains(404)).isTrue();
    assertThat(statuses.contains(205)).isFalse();
    assertThat(statuses.contains(199)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "2xx", "20", "600", "200-", "200 - 299", "200,", ",200", "2000"})
  void refusesWhatIsNone(String text) {
    assertThatThrownBy(() -> Statuses.parse(text))
        .hasMessageContaining("are not statuses, expected such as 200, 200-299 or 200-299,404");
  }

  @ParameterizedTest
  @CsvSource({"299-200"})
  void refusesRangesThatRunBackwards(String text) {
    assertThatThrownBy(() -> Statuses.parse(text))
        .hasMessage("'299-200' is no range, expected the smaller status first");
  }
}
