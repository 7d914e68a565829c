package io.steelyard.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0B",
    "512, 512, 512B",
    "512B, 512, 512B",
    "1024, 1024, 1KiB",
    "64KiB, 65536, 64KiB",
    "1000, 1000, 1kB",
    "10kB, 10000, 10kB",
    "10KB, 10000, 10kB",
    "10MB, 10000000, 10MB",
    "3MiB, 3145728, 3MiB",
    "2GB, 2000000000, 2GB",
    "999999999GiB, 1073741822926258176, 999999999GiB",
    "1025, 1025, 1025B",
  })
  void parsesAndWrites(String text, long bytes, String written) {
    assertThat(ByteSize.parse(text)).isEqualTo(new ByteSize(bytes)).hasToString(written);
    assertThat(ByteSize.parse(written)).isEqualTo(new ByteSize(bytes));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "KiB",
        "-1",
        "1.5MB",
        "1 KiB",
        "1kib",
        "1Mb",
        "1K",
        "1TB",
        "1000000000GiB",
        "0x10",
        "١"
      })
  void refusesWhatIsNoSize(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ByteSize.parse(text))
        .withMessageContaining("is not a size");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE})
  void isNotNegative(long bytes) {
    assertThatIllegalArgumentException().isThrownBy(() -> new ByteSize(bytes));
  }
}
