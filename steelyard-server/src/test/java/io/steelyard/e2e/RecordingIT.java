package io.steelyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the training run recorded when the distribution was built, in a copy of it elsewhere. */
class RecordingIT {
  /** The JVM then refuses to start without its recording. */
  private static final Map<String, String> REQUIRED =
      Map.of("STEELYARD_JAVA_OPTS", "-XX:AOTMode=on");

  @TempDir private Path directory = Path.of("");

  private Path home = Path.of("");

  @BeforeEach
  void copy() throws IOException {
    home = directory.resolve("elsewhere");
    try (Stream<Path> files = Files.walk(Steelyard.HOME)) {
      for (Path file : files.toList()) {
        Files.copy(
            file,
            home.resolve(Steelyard.HOME.relativize(file)),
            StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  @Test
  void isUsedWhereverTheDistributionIs() throws Exception {
    Program version = version(REQUIRED);
    assertThat(version.awaitExit()).as("%s", version.errors()).isZero();
    assertThat(version.output()).startsWith("steelyard ");
  }

  @Test
  void isNotNeeded() throws Exception {
    Files.delete(home.resolve("lib/steelyard.aot"));
    Program version = version(Map.of());
    assertThat(version.awaitExit()).isZero();
    assertThat(version.output()).startsWith("steelyard ");
    assertThat(version.errors()).isEmpty();
  }

  @Test
  void mayBeDamaged() throws Exception {
    Files.writeString(home.resolve("lib/steelyard.aot"), "x".repeat(10_000));
    Program version = version(Map.of());
    assertThat(version.awaitExit()).isZero();
    assertThat(version.output()).contains("steelyard ");
  }

  @Test
  void canBeMadeAnew() throws Exception {
    Path recording = home.resolve("lib/steelyard.aot");
    Files.delete(recording);
    Program.run(directory, "train", List.of(home.resolve("bin/train").toString()));
    assertThat(recording).isNotEmptyFile();
    assertThat(version(REQUIRED).awaitExit()).isZero();
  }

  private Program version(Map<String, String> environment) {
    return Program.start(
        directory,
        "version",
        List.of(home.resolve("bin/steelyard").toString(), "--version"),
        environment);
  }
}
