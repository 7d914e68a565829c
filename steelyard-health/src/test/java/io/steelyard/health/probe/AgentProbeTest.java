package io.steelyard.health.probe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.AgentProbeSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentProbeTest {
  private static String saying(String text) throws Exception {
    try (var server = Server.start((in, out) -> out.write(text.getBytes(UTF_8)))) {
      return Run.once(new AgentProbeSpec(null), server.target());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"up\n", "UP", "ready 75%\r\n", "50%,maxconn:20\n", "up # down\n", "1%\nx"})
  void isWell(String text) throws Exception {
    assertThat(saying(text)).startsWith("passed content the agent says '");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "down\n",
        "fail # disk\n",
        "failed",
        "stopped\n",
        "maint\n",
        "drain\n",
        "0%\n",
        "up 0%\n"
      })
  void isNot(String text) throws Exception {
    assertThat(saying(text)).startsWith("failed content the agent says '");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "\n", "#up\n", "hello\n", "%\n", "-5%\n", "maxconn:\n", "HTTP/1.1 200"})
  void makesNoSense(String text) throws Exception {
    assertThat(saying(text)).startsWith("failed L7 the agent says '").contains("expected up, down");
  }

  @Test
  void asks() throws Exception {
    try (var server =
        Server.start((in, out) ->
            out.write(in.readNBytes(4).length == 4 ? "up".getBytes(UTF_8) : new byte[0]))) {
      assertThat(Run.once(new AgentProbeSpec("ask\n"), server.target())).startsWith("passed");
    }
  }
}
