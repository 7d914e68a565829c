package io.steelyard.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.steelyard.model.JsonPath.Step.Element;
import io.steelyard.model.JsonPath.Step.Member;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonPathTest {
  @Test
  void readsMembersAndElements() {
    assertThat(JsonPath.parse("$").steps()).isEmpty();
    assertThat(JsonPath.parse("$.a-b.c_1[2]['d e'][\"f.]\"][-1].g").steps())
        .containsExactly(
            new Member("a-b"),
            new Member("c_1"),
            new Element(2),
            new Member("d e"),
            new Member("f.]"),
            new Element(-1),
            new Member("g"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "a|$ at its beginning at character 1",
        "$a|.NAME, ['NAME'] or [INDEX] at character 2",
        "$.|a name of letters, digits, _ and - (else ['NAME']) at character 3",
        "$..a|a name of letters, digits, _ and - (else ['NAME']) at character 3",
        "$[*]|a whole number or a name in quotes at character 3",
        "$[|] at its end at character 3",
        "$['a]|a name in quotes and ] at character 3",
        "$['a'x]|a name in quotes and ] at character 3",
        "$[9999999999]|a whole number or a name in quotes at character 3",
      })
  void saysWhereItStopsToMakeSense(String text, String expected) {
    assertThatThrownBy(() -> JsonPath.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("is not a JSON path: expected " + expected);
  }
}
