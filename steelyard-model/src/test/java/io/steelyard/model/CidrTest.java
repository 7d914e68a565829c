package io.steelyard.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.0.0.0/8",
    "10.1.2.3, 10.1.2.3/32",
    "0.0.0.0/0, 0.0.0.0/0",
    "10.1.2.128/25, 10.1.2.128/25",
    "FD00:0::/8, fd00::/8",
    "::1, ::1/128",
    "::/0, ::/0",
  })
  void networksInOneForm(String text, String written) {
    assertThat(Cidr.parse(text)).hasToString(written).isEqualTo(Cidr.parse(written));
  }

  @Test
  void theFirstAddress() {
    assertThat(Cidr.parse("10.0.0.0/8").first()).containsExactly(10, 0, 0, 0);
    assertThat(Cidr.parse("fd00::/8").first()).hasSize(16).startsWith(0xfd, 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10",
        "10.0.0.0/",
        "10.0.0.0/33",
        "fd00::/129",
        "10.0.0.1/24",
        "10.0.0/8",
        "a.b/8",
        "1.2.3.4/a",
        "[::1]/8"
      })
  void whatIsNone(String text) {
    assertThatThrownBy(() -> Cidr.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected");
  }
}
