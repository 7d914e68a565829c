package io.steelyard.model.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Valid files with random damage: read or refused with findings, never an exception. Each seed
 * gives the same damage.
 */
class MutationTest {
  private static final int SEEDS = 3_000;
  private static final String[] PIECES = {
    "[",
    "]",
    "{",
    "}",
    ":",
    "- ",
    "? ",
    "&a ",
    "*a",
    "!!x ",
    "|\n",
    ">\n",
    "'",
    "\"",
    "\\u",
    "#",
    "%",
    "@",
    "\t",
    "\n",
    "\r",
    "---\n",
    "...\n",
    "~",
    "<<: ",
    "\0",
    "\ufeff",
    "\u2028",
    "🙂",
    "99999999999999999999",
    "-1",
    ".inf",
    "0x1",
    ", "
  };

  @TempDir private Path directory = Path.of("");

  @Test
  void damageIsFoundAndNeverThrows() throws IOException {
    var valid = Files.readAllBytes(Path.of("../examples/everything.yaml"));
    var file = directory.resolve("damaged.yaml");
    int refused = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      Files.write(file, damage(valid, new Random(seed)));
      var result = new ConfigReader().read(file);
      boolean usable = result.configuration() != null;
      assertThat(usable)
          .as("seed %s: %s", seed, result.lines())
          .isEqualTo(result.findings().stream().noneMatch(f -> f.isError()));
      refused += usable ? 0 : 1;
    }
    assertThat(refused).isGreaterThan(SEEDS / 2);
  }

  private static byte[] damage(byte[] valid, Random random) {
    var bytes = valid;
    for (int i = random.nextInt(1, 6); i > 0 && bytes.length > 0; i--) {
      int at = random.nextInt(bytes.length);
      int length = Math.min(random.nextInt(20), bytes.length - at);
      bytes =
          switch (random.nextInt(5)) {
            case 0 -> replace(bytes, at, length, new byte[0]);
            case 1 ->
                replace(
                    bytes,
                    at,
                    0,
                    PIECES[random.nextInt(PIECES.length)].getBytes(StandardCharsets.UTF_8));
            case 2 -> replace(bytes, at, 1, new byte[] {(byte) random.nextInt(256)});
            case 3 -> replace(bytes, at, 0, Arrays.copyOfRange(bytes, at, at + length));
            default -> Arrays.copyOf(bytes, Math.max(1, at));
          };
    }
    return bytes;
  }

  private static byte[] replace(byte[] bytes, int at, int length, byte[] by) {
    var result = new byte[bytes.length - length + by.length];
    System.arraycopy(bytes, 0, result, 0, at);
    System.arraycopy(by, 0, result, at, by.length);
    System.arraycopy(bytes, at + length, result, at + by.length, bytes.length - at - length);
    return result;
  }
}
