package io.steelyard.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--work=big|expected one of small, 10k, 1m, connect, resume but found \"big\"",
        "--transport=kqueue|expected one of epoll, io-uring, nio but found \"kqueue\"",
        "--peers=apache|expected one of nginx, haproxy but found \"apache\"",
        "--setting=none|expected one of one-core, two-core but found \"none\"",
        "--connections=0|--connections: expected 1 or more but found 0",
        "--rounds=0|--rounds: expected 1 or more but found 0",
        "--seconds=x|is not an int",
        "--json=/no/such/place|--json: expected a file that can be written but found /no/such/place",
        "--steelyard=a --steelyard=b|two builds are called \"steelyard\"",
        "--memory --idle-connections=1000000|--idle-connections: expected at most",
        "--fast|Unknown option: '--fast'",
      })
  void badOptionsAreExplained(String options, String message) {
    assertThat(run(options.split(" ", -1))).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains(message);
  }

  @Test
  void helpListsTheOptions() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("--syscalls")
        .contains("--access-log");
  }

  @Test
  void measuresAPeerAndNamesWhatIsAbsent(@TempDir Path directory) throws Exception {
    for (String tool : new String[] {"nginx", "wrk", "taskset"}) {
      assumeTrue(Tools.find(tool).isPresent(), tool);
    }
    Path json = directory.resolve("report.json");

    int status =
        run(
            "--load",
            "--startup",
            "--memory",
            "--work=small,10k",
            "--connections=4",
            "--peers=nginx",
            "--transport=epoll",
            "--steelyard=/no/such/launcher",
            "--rounds=1",
            "--seconds=1",
            "--warmup=0",
            "--idle-connections=20",
            "--json=" + json);

    String text = out.toString(StandardCharsets.UTF_8);
    assertThat(status).as(() -> text + err.toString(StandardCharsets.UTF_8)).isZero();
    assertThat(text)
        .contains("10k answers, 4 connections")
        .contains("20 idle connections")
        .contains("first answer after ms")
        .contains("steelyard-epoll: /no/such/launcher does not exist");
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("[4/4]");
    assertThat(Files.readString(json)).contains("\"requestsPerSecond\"");
  }

  @Test
  void tellsWhyAContestantDidNotStart(@TempDir Path directory) throws Exception {
    assumeTrue(Tools.find("nginx").isPresent(), "nginx");
    Path launcher = directory.resolve("steelyard");
    Files.writeString(launcher, "#!/bin/sh\necho \"$2: line 3, unknown key\" >&2\nexit 2\n");
    assertThat(launcher.toFile().setExecutable(true)).isTrue();

    int status =
        run(
            "--startup",
            "--rounds=1",
            "--peers=nginx",
            "--transport=nio",
            "--steelyard=" + launcher);

    assertThat(status).isEqualTo(1);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("steelyard-nio gave no good answer")
        .contains("it ended with status 2")
        .contains("line 3, unknown key");
  }

  private int run(String... arguments) {
    return Bench.run(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        arguments);
  }
}
