package io.steelyard.model.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of which nothing can be made: one clear line each. */
class BadFileTest {
  @TempDir private Path directory = Path.of("");
  private Path file = Path.of("");

  @BeforeEach
  void nameFile() {
    file = directory.resolve("steelyard.yaml");
  }

  private String onlyFinding(byte... bytes) throws IOException {
    Files.write(file, bytes);
    return onlyFinding(file);
  }

  private static String onlyFinding(Path file) {
    var result = new ConfigReader().read(file);
    assertThat(result.configuration()).isNull();
    assertThat(result.lines()).hasSize(1);
    var line = result.lines().getFirst();
    assertThat(line).startsWith(file.toString());
    return line.substring(file.toString().length());
  }

  @Test
  void missing() {
    assertThat(onlyFinding(file)).isEqualTo(": error: there is no such file");
  }

  @Test
  void directory() {
    assertThat(onlyFinding(directory)).isEqualTo(": error: is a directory, expected a file");
  }

  @Test
  void fileInTheMiddleOfThePath() throws IOException {
    Files.createFile(file);
    assertThat(onlyFinding(file.resolve("x"))).isEqualTo(": error: there is no such file");
  }

  @Test
  void empty() throws IOException {
    assertThat(onlyFinding()).isEqualTo(": error: is empty, expected 'listeners' and 'pools'");
    assertThat(onlyFinding("# nothing\n\n---\n".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(": error: is empty, expected 'listeners' and 'pools'");
    assertThat(onlyFinding((byte) 0xef, (byte) 0xbb, (byte) 0xbf))
        .isEqualTo(": error: is empty, expected 'listeners' and 'pools'");
  }

  @Test
  void tooLarge() throws IOException {
    var noise = new byte[10_000_000];
    new Random(1).nextBytes(noise);
    assertThat(onlyFinding(noise))
        .isEqualTo(": error: is larger than a configuration can be, expected at most 4MiB");
  }

  @Test
  void endless() {
    var device = Path.of("/dev/zero");
    if (Files.exists(device)) {
      assertThat(onlyFinding(device))
          .isEqualTo(": error: is larger than a configuration can be, expected at most 4MiB");
    }
  }

  @Test
  void noise() throws IOException {
    var noise = new byte[ConfigFile.LARGEST];
    new Random(2).nextBytes(noise);
    assertThat(onlyFinding(noise))
        .matches(":1:\\d+: error: (byte 0x..|character U\\+....) is not .*");
  }

  @Test
  void binary() throws IOException {
    assertThat(onlyFinding((byte) 'a', (byte) '\n', (byte) 'b', (byte) 0, (byte) 0xff))
        .isEqualTo(":2:2: error: character U+0000 is not permitted, expected text");
  }

  @Test
  void otherEncodings() throws IOException {
    assertThat(onlyFinding("name: café".getBytes(StandardCharsets.ISO_8859_1)))
        .isEqualTo(":1:10: error: byte 0xe9 is not UTF-8, expected UTF-8 text");
    assertThat(onlyFinding("a: 1".getBytes(StandardCharsets.UTF_16)))
        .isEqualTo(": error: is UTF-16 text, expected UTF-8");
    assertThat(onlyFinding((byte) '\r', (byte) '\n', (byte) 0xe2, (byte) 0x82))
        .isEqualTo(":2:1: error: byte 0xe2 is not UTF-8, expected UTF-8 text");
  }
}
