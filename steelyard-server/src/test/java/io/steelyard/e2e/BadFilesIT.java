package io.steelyard.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that are no configuration, and command lines that are none. */
class BadFilesIT {
  private static final String VALID =
      "listeners: { web: { address: \":0\", pool: site } }\npools: { site: { endpoints: [10.0.0.1:80] } }\n";
  private static final int NOISE_BYTES = 10_000_000;
  private static final int WRONG_USAGE = 2;

  @TempDir private Path directory = Path.of("");

  /** A kind of file. */
  enum Kind {
    MISSING,
    DIRECTORY,
    EMPTY,
    BINARY,
    NOISE,
    TAB,
    NOT_YAML,
    UNKNOWN_KEY,
    DUPLICATE_KEY,
    ALIAS_BOMB,
    UNKNOWN_BALANCER,
    NO_SUCH_POOL;

    byte[] content() {
      return switch (this) {
        case MISSING, DIRECTORY, EMPTY -> new byte[0];
        case BINARY -> random(1_000);
        case NOISE -> random(NOISE_BYTES);
        case TAB -> "listeners:\n\tweb: {}\n".getBytes(UTF_8);
        case NOT_YAML -> "listeners: [".getBytes(UTF_8);
        case UNKNOWN_KEY -> (VALID + "listner: {}\n").getBytes(UTF_8);
        case DUPLICATE_KEY -> (VALID + "pools: {}\n").getBytes(UTF_8);
        case ALIAS_BOMB -> aliasBomb().getBytes(UTF_8);
        case UNKNOWN_BALANCER ->
            VALID.replace("endpoints:", "balancer: rond-robin, endpoints:").getBytes(UTF_8);
        case NO_SUCH_POOL -> VALID.replace("pool: site", "pool: sites").getBytes(UTF_8);
      };
    }

    private static byte[] random(int length) {
      byte[] bytes = new byte[length];
      new Random(1).nextBytes(bytes);
      return bytes;
    }

    private static String aliasBomb() {
      StringBuilder yaml = new StringBuilder("a0: &a0 [x]\n");
      for (int i = 1; i < 30; i++) {
        yaml.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
      }
      return yaml.append(VALID).toString();
    }
  }

  private Path file(Kind kind) throws IOException {
    Path file = directory.resolve("steelyard.yaml");
    return switch (kind) {
      case MISSING -> file;
      case DIRECTORY -> Files.createDirectory(file);
      case EMPTY,
          BINARY,
          NOISE,
          TAB,
          NOT_YAML,
          UNKNOWN_KEY,
          DUPLICATE_KEY,
          ALIAS_BOMB,
          UNKNOWN_BALANCER,
          NO_SUCH_POOL ->
          Files.write(file, kind.content());
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          MISSING          | check | : error: there is no such file
          DIRECTORY        | check | : error: is a directory, expected a file
          EMPTY            | check | : error: is empty, expected 'listeners' and 'pools'
          BINARY           | check | : error:
          NOISE            | check | : error:
          TAB              | check | :2:1: error:
          NOT_YAML         | check | : error:
          UNKNOWN_KEY      | check | :3:1: error: listner: is not a known key, did you mean 'listeners'?
          DUPLICATE_KEY    | check | :3:1: error: pools:
          ALIAS_BOMB       | check | : error:
          UNKNOWN_BALANCER | check | :2:28: error: pools.site.balancer:
          NO_SUCH_POOL     | check | :1:42: error: listeners.web.pool:
          NO_SUCH_POOL     | run   | :1:42: error: listeners.web.pool:
          MISSING          | run   | : error: there is no such file
          """)
  void areRefused(Kind kind, String command, String message)
      throws IOException, InterruptedException {
    Path file = file(kind);
    try (Program program = Steelyard.start(directory, command, file.toString())) {
      assertThat(program.awaitExit()).as("exit status of %s", program).isEqualTo(WRONG_USAGE);
      assertThat(program.errors()).startsWith(file + ":").contains(message);
      assertThat(program.errors()).doesNotContain("Exception", "\tat ");
      assertThat(program.errors().lines().toList()).hasSizeLessThan(10);
      assertThat(program.output()).isEmpty();
    }
  }

  @Test
  void aGoodOneIsNot() throws InterruptedException {
    Path file = Steelyard.write(directory, VALID);
    assertThat(Program.run(directory, "check", Steelyard.command("check", file.toString())))
        .isEqualTo(file + ": valid\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          check            | steelyard: Missing required parameter: 'FILE'
          run              | Try 'steelyard run --help'.
          run --fast x     | steelyard: Unknown option: '--fast'
          demo --port x    | steelyard: Invalid value for option '--port': 'x' is not an int
          demo --port 9900 | steelyard: --port and --admin-port are both 9900, expected two ports
          frobnicate       | steelyard: Unmatched argument at index 0: 'frobnicate'
          """)
  void wrongUsageIsExplained(String arguments, String message) throws InterruptedException {
    try (Program program = Steelyard.start(directory, arguments.split(" "))) {
      assertThat(program.awaitExit()).as("exit status of %s", program).isEqualTo(WRONG_USAGE);
      assertThat(program.errors()).contains(message, "--help'.");
      assertThat(program.errors().lines().toList()).hasSizeLessThan(4);
    }
  }

  @Test
  void helpIsASuccess() throws InterruptedException {
    assertThat(Program.run(directory, "help", Steelyard.command("--help")))
        .startsWith("Usage: steelyard ")
        .contains("run ", "check ", "demo ", "Exit status:");
    assertThat(Program.run(directory, "version", Steelyard.command("--version")))
        .startsWith("steelyard 0.");
  }
}
