package io.steelyard.health.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.steelyard.model.Address;
import io.steelyard.model.CommandProbeSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandProbeTest {
  private static final ProbeTarget TARGET = ProbeTarget.of(new Address("10.0.0.1", 80));

  @TempDir private Path directory = Path.of("");

  private static CommandProbeSpec shell(String script) {
    return new CommandProbeSpec(List.of("/bin/sh", "-c", script), Map.of("A", "b c"));
  }

  @Test
  void theExitStatusDecides() throws Exception {
    assertThat(Run.once(shell("exit 0"), TARGET)).isEqualTo("passed L7 exit status 0");
    assertThat(Run.once(shell("echo disk full; echo more; exit 3"), TARGET))
        .isEqualTo("failed L7 exit status 3: disk full");
    assertThat(Run.once(shell("echo to stderr >&2; kill -9 $$"), TARGET))
        .isEqualTo("failed L7 exit status 137: to stderr");
  }

  @Test
  void knowsTheEndpointAndLittleElse() throws Exception {
    assertThat(Run.once(shell("echo $STEELYARD_HOST $STEELYARD_PORT $A ${HOME-none}"), TARGET))
        .isEqualTo("passed L7 exit status 0: 10.0.0.1 80 b c none");
    assertThat(Run.once(shell("read line || echo no input"), TARGET))
        .isEqualTo("passed L7 exit status 0: no input");
  }

  @Test
  void cannotRunWhatIsNotThere() throws Exception {
    assertThat(Run.once(new CommandProbeSpec(List.of("/no/such"), Map.of()), TARGET))
        .startsWith("failed L7 cannot run: ");
  }

  @Test
  void isKilledWithItsChildrenWhenItsTimeIsOver() throws Exception {
    var pid = directory.resolve("pid");
    assertThat(Run.quickly(shell("sleep 1000 & echo $! >" + pid + "; wait"), TARGET))
        .isEqualTo("failed L7 the program has not ended within 150 ms");
    if (Files.exists(pid) && !Files.readString(pid).isBlank()) { // a busy machine may not start it
      long child = Long.parseLong(Files.readString(pid).strip());
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> ProcessHandle.of(child).map(p -> !p.isAlive()).orElse(true));
    }
  }

  @Test
  void maySayMoreThanAnybodyReads() throws Exception {
    assertThat(Run.quickly(shell("while :; do echo yes; done"), TARGET)).startsWith("failed L7");
    assertThat(Run.once(shell("echo x; head -c 3000 /dev/zero"), TARGET))
        .isEqualTo("passed L7 exit status 0: x");
  }
}
