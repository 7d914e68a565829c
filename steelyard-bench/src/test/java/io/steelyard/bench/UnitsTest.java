package io.steelyard.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitsTest {
  @ParameterizedTest
  @CsvSource({
    "250.00us, 250",
    "5.80ms, 5800",
    "1.20s, 1200000",
    "2.00m, 120000000",
    "1.00h, 3600000000"
  })
  void readsTimes(String text, double micros) {
    assertThat(Units.micros(text)).isEqualTo(micros);
  }

  @ParameterizedTest
  @CsvSource({
    "512.00B, 512",
    "1.50KB, 1536",
    "22.00MB, 23068672",
    "2.00GB, 2147483648",
    "1.00TB, 1099511627776"
  })
  void readsSizesInBinaryUnits(String text, double bytes) {
    assertThat(Units.bytes(text)).isEqualTo(bytes);
  }

  @Test
  void saysWhatItFound() {
    assertThatThrownBy(() -> Units.micros("12.00"))
        .hasMessage("expected a time but found \"12.00\"");
    assertThatThrownBy(() -> Units.micros("-nan"))
        .hasMessage("expected a number but found \"-nan\"");
    assertThatThrownBy(() -> Units.bytes("5.00MiB")).hasMessageContaining("\"5.00MiB\"");
    assertThatThrownBy(() -> Units.bytes("5.00")).hasMessage("expected a size but found \"5.00\"");
  }
}
