package io.steelyard.model.describe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The files under docs/ that are made from the records are up to date. To write them anew: {@code
 * ./mvnw -pl steelyard-model test -Dtest=ShippedDescriptionsTest -Dsteelyard.regenerate=true}
 */
class ShippedDescriptionsTest {
  private static final Path ROOT = Path.of("..");

  @Test
  void schema() throws IOException {
    compare(ROOT.resolve("docs/steelyard.schema.json"), ConfigurationSchema.json());
  }

  @Test
  void reference() throws IOException {
    var example = Files.readString(ROOT.resolve("examples/virtual-hosts.yaml"));
    compare(ROOT.resolve("docs/configuration.md"), ConfigurationReference.markdown(example));
  }

  private static void compare(Path shipped, String generated) throws IOException {
    if (Boolean.getBoolean("steelyard.regenerate")) {
      Files.writeString(shipped, generated);
    }
    assertThat(shipped)
        .as(
            "run ./mvnw -pl steelyard-model test -Dtest=ShippedDescriptionsTest -Dsteelyard.regenerate=true")
        .exists()
        .content()
        .isEqualTo(generated);
  }
}
