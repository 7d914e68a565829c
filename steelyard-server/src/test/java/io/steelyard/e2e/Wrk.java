package io.steelyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** wrk, sending as many requests as it can. */
final class Wrk implements AutoCloseable {
  private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in");

  private final Program program;

  private Wrk(Program program) {
    this.program = program;
  }

  /** Starts it; it goes on until {@link #finish}. */
  static Wrk start(Path directory, String url, int connections) {
    return new Wrk(
        Program.start(
            directory,
            "wrk",
            List.of(
                Tool.WRK.path(),
                "--threads=1",
                "--connections=" + connections,
                "--duration=1h",
                "--timeout=30s",
                url)));
  }

  /** Ends it; not one request may have failed. Returns how many there were. */
  long finish() throws InterruptedException {
    assertThat(program.alive()).as("%s went on until now", program).isTrue();
    program.signal("INT");
    assertThat(program.awaitExit()).as("exit status of %s", program).isZero();
    assertThat(program.output()).doesNotContain("Socket errors", "Non-2xx");
    Matcher matcher = REQUESTS.matcher(program.output());
    assertThat(matcher.find()).as("requests in %s", program).isTrue();
    return Long.parseLong(matcher.group(1));
  }

  @Override
  public void close() {
    program.close();
  }
}
