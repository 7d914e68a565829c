package io.steelyard.codec.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DnsTypeTest {
  @ParameterizedTest
  @CsvSource({"A, 1", "AAAA, 28", "MX, 15", "HTTPS, 65", "CAA, 257", "TYPE65, 65", "TYPE0, 0"})
  void numbers(String name, int number) {
    assertThat(DnsType.number(name)).isEqualTo(number);
  }

  @Test
  void whatIsNoType() {
    assertThatIllegalArgumentException().isThrownBy(() -> DnsType.number("a"));
    assertThatIllegalArgumentException().isThrownBy(() -> DnsType.number("TYPE"));
  }
}
