package io.steelyard.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file of {@code examples/} starts, on ports and with files that a test may have. */
class ExamplesIT {
  private static final Path EXAMPLES = Path.of("../examples");

  @TempDir private Path directory = Path.of("");

  static List<Path> examples() throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void starts(Path example) throws IOException, InterruptedException {
    String yaml = Files.readString(example);
    // The keys "address" that begin a line are those of listeners and the admin port.
    String anyPort = yaml.replaceAll("(?m)^( +address: .*:)\\d+", "$10");
    String admin = anyPort.contains("\nadmin:") ? "" : "admin: { address: \"127.0.0.1:0\" }\n";
    String ours = admin + anyPort.replace("/var/log/steelyard/", directory + "/");
    try (Steelyard steelyard = Steelyard.run(directory, ours)) {
      steelyard.stop();
    }
  }
}
