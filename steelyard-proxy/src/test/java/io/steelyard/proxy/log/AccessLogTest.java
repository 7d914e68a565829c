package io.steelyard.proxy.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import io.steelyard.model.AccessLog.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class AccessLogTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path dir;

  @Test
  void linesAppearWithoutBeingAskedFor() throws IOException {
    Path file = dir.resolve("access.log");
    try (AccessLog log = AccessLog.open(spec(file, Format.COMBINED), 1)) {
      log.ring(0).offer(Records.sample());
      await()
          .untilAsserted(
              () -> assertThat(Files.readString(file)).startsWith("10.0.0.9 - - [").endsWith("\n"));
    }
  }

  @Test
  void closingWritesWhatEveryLoopOffered() throws IOException {
    Path file = dir.resolve("access.log");
    try (AccessLog log = AccessLog.open(spec(file, Format.JSON), 3)) {
      for (int loop = 0; loop < 3; loop++) {
        for (int i = 0; i < 500; i++) {
          log.ring(loop).offer(Records.sample());
        }
      }
    }
    assertThat(Files.readAllLines(file)).hasSize(1_500);
  }

  @Test
  void closingTwiceIsClosingOnce() throws IOException {
    AccessLog log = AccessLog.open(spec(dir.resolve("access.log"), Format.JSON), 1);
    log.close();
    log.close();
    assertThat(log.dropped()).isZero();
    assertThat(log.lost()).isZero();
  }

  @Test
  void appendsToWhatIsThere() throws IOException {
    Path file = Files.writeString(dir.resolve("access.log"), "old\n");
    try (AccessLog log = AccessLog.open(spec(file, Format.JSON), 1)) {
      log.ring(0).offer(Records.sample());
    }
    assertThat(Files.readAllLines(file)).hasSize(2).startsWith("old");
  }

  /**
   * Rotated again and again under load, every request is in exactly one file, in order, on a line
   * of its own.
   */
  @Test
  void rotatingLosesNoLine() throws Exception {
    int rotations = 20;
    int requests = 40_000;
    Path file = dir.resolve("access.log");
    try (AccessLog log = AccessLog.open(spec(file, Format.JSON), 1)) {
      Thread loop = Thread.ofPlatform().start(() -> produce(log.ring(0), requests));
      for (int i = 0; i < rotations; i++) {
        await()
            .pollInterval(Duration.ofMillis(2))
            .until(() -> Files.size(file) > 0 || !loop.isAlive());
        Files.move(file, rotated(i));
        log.reopen();
      }
      loop.join();
    }
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < rotations; i++) {
      lines.addAll(Files.readAllLines(rotated(i)));
    }
    lines.addAll(Files.readAllLines(file));
    assertThat(lines.stream().map(line -> JSON.readTree(line).get("bytes_in").asInt()))
        .isEqualTo(IntStream.range(0, requests).boxed().toList());
  }

  private Path rotated(int i) {
    return dir.resolve("access.log." + i);
  }

  private static void produce(AccessLogRing ring, int requests) {
    AccessRecord record = Records.sample();
    for (int i = 0; i < requests; i++) {
      record.bytesIn = i;
      while (!ring.offer(record)) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void aFileThatCannotBeOpenedIsNamed() {
    Path file = dir.resolve("missing/access.log");
    assertThatIOException()
        .isThrownBy(() -> AccessLog.open(spec(file, Format.JSON), 1))
        .withMessage("cannot open access log " + file + ": no such directory");
    assertThatIOException()
        .isThrownBy(() -> AccessLog.open(spec(dir, Format.JSON), 1))
        .withMessage("cannot open access log " + dir + ": Is a directory");
    assertThatIOException()
        .isThrownBy(() -> AccessLog.open(new io.steelyard.model.AccessLog("a\0b", Format.JSON), 1))
        .withMessageContaining("Nul character not allowed");
  }

  private static io.steelyard.model.AccessLog spec(Path file, Format format) {
    return new io.steelyard.model.AccessLog(file.toString(), format);
  }
}
