package io.steelyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What it tells while it works, on each transport. */
class ObservationIT {
  private static final int CONNECTIONS = 16;
  private static final int REQUESTS = 2_000;

  @TempDir private Path directory = Path.of("");
  @AutoClose private Nginx endpoint;

  @BeforeEach
  void startEndpoint() throws IOException {
    endpoint = Nginx.start(directory, "a");
  }

  private Path configuration(String top) {
    return Steelyard.write(directory, Steelyard.yaml(List.of(endpoint.address()), top, ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "io-uring", "nio"})
  void theAdminPortAnswersUnderLoad(String transport) throws IOException, InterruptedException {
    Path file = configuration("transport: " + transport);
    assumeFalse(transport.equals("io-uring") && lacksIoUring(file), "no io_uring in this kernel");
    try (Steelyard steelyard = Steelyard.run(directory, Files.readString(file));
        Wrk wrk = Wrk.start(directory, steelyard.url("/name"), CONNECTIONS)) {
      await("many requests")
          .atMost(Program.PATIENCE)
          .until(() -> requests(steelyard.status()) > REQUESTS);
      assertThat(steelyard.status().at("/transport").asString()).isEqualTo(transport);
      assertThat(steelyard.admin("/readyz").statusCode()).isEqualTo(200);
      assertThat(steelyard.admin("/livez").statusCode()).isEqualTo(200);
      assertThat(steelyard.admin("/").body()).contains("Pool site");
      assertThat(steelyard.admin("/metrics").body())
          .containsPattern("(?m)^steelyard_listener_requests_total\\{listener=\"web\"} [1-9]")
          .containsPattern("(?m)^steelyard_endpoint_answers_total\\{class=\"2xx\",.*} [1-9]");
      long requests = wrk.finish();
      // Not equal: wrk does not count what was under way when it ended.
      assertThat(requests(steelyard.status())).isBetween(requests, requests + CONNECTIONS);
      steelyard.stop();
    }
  }

  private static long requests(JsonNode status) {
    return status.at("/listeners/0/requests").asLong();
  }

  /** Steelyard says so itself, and does not start. */
  private boolean lacksIoUring(Path file) throws InterruptedException {
    try (Program program = Steelyard.start(directory, "run", file.toString())) {
      await("it starts or does not")
          .atMost(Program.PATIENCE)
          .until(() -> !program.alive() || program.errors().contains("is ready"));
      return !program.alive()
          && program.awaitExit() == 1
          && program.errors().startsWith("steelyard: transport io-uring ");
    }
  }

  @Test
  void logsToAFileThatMayBeRotated() throws IOException, InterruptedException {
    Path file = directory.resolve("access.log");
    Path old = directory.resolve("access.log.1");
    String yaml = Files.readString(configuration("access-log: { file: \"" + file + "\" }"));
    try (Steelyard steelyard = Steelyard.run(directory, yaml)) {
      assertThat(steelyard.get("/name?1").statusCode()).isEqualTo(200);
      awaitLine(file, "/name?1");
      Files.move(file, old);
      steelyard.program().signal("HUP");
      steelyard.program().awaitOutput("Access log: reopened");
      assertThat(steelyard.get("/none?2").statusCode()).isEqualTo(404);
      awaitLine(file, "/none?2");
      steelyard.stop();

      JsonNode line = new JsonMapper().readTree(Files.readString(old));
      assertThat(line.at("/target").asString()).isEqualTo("/name?1");
      assertThat(line.at("/status").asInt()).isEqualTo(200);
      assertThat(line.at("/pool").asString()).isEqualTo("site");
      assertThat(line.at("/endpoint").asString())
          .isEqualTo("127.0.0.1:" + endpoint.address().getPort());
      assertThat(new JsonMapper().readTree(Files.readString(file)).at("/status").asInt())
          .isEqualTo(404);
    }
  }

  private static void awaitLine(Path file, String target) {
    await("a line for " + target)
        .atMost(Program.PATIENCE)
        .ignoreException(NoSuchFileException.class)
        .until(() -> Files.readString(file).contains(target));
  }

  @Test
  void logsToStandardOutput() throws IOException, InterruptedException {
    String yaml = Files.readString(configuration("access-log: { format: combined }"));
    try (Steelyard steelyard = Steelyard.run(directory, yaml)) {
      assertThat(steelyard.get("/name").statusCode()).isEqualTo(200);
      steelyard.stop();
      assertThat(steelyard.program().output())
          .matches(
              "127\\.0\\.0\\.1 - - \\[.*] \"GET /name HTTP/1\\.1\" 200 \\d+ \"-\" \"Java.*\"\n");
    }
  }

  @Test
  void namesTheReasonOfAFailure() throws IOException, InterruptedException {
    String yaml = Files.readString(configuration("access-log: {}"));
    try (Steelyard steelyard = Steelyard.run(directory, yaml)) {
      endpoint.kill();
      assertThat(steelyard.get("/name").statusCode()).isEqualTo(502);
      assertThat(steelyard.status().at("/listeners/0/failures/connect-refused").asInt()).isOne();
      steelyard.stop();
      JsonNode line = new JsonMapper().readTree(steelyard.program().output());
      assertThat(line.at("/reason").asString()).isEqualTo("connect-refused");
      assertThat(line.at("/attempts").asInt()).isOne();
    }
  }
}
