package io.steelyard.model.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/**
 * Any text is a configuration or has findings. A normal build tries the inputs that are kept beside
 * the test's resources; {@code JAZZER_FUZZ=1 ./mvnw -pl steelyard-model test
 * -Dtest=ConfigReaderFuzzTest -Djacoco.skip} looks for new ones.
 */
class ConfigReaderFuzzTest {
  @FuzzTest(maxDuration = "2m")
  void everyTextIsAConfigurationOrHasFindings(byte[] bytes) {
    var result = new ConfigReader().readString("fuzz", new String(bytes, StandardCharsets.UTF_8));
    assertThat(result.configuration() != null || !result.findings().isEmpty()).isTrue();
    result.lines().forEach(line -> assertThat(line).doesNotContain("\n", "\u001b"));
  }
}
