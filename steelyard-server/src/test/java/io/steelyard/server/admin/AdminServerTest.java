package io.steelyard.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.steelyard.model.Address;
import io.steelyard.proxy.stats.Stats;
import io.steelyard.server.admin.ReadySource.Readiness;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AdminServerTest {
  private static final Address ANY_PORT = new Address("127.0.0.1", 0);

  private final HttpClient client = HttpClient.newHttpClient();
  private final AdminSources sample = Sample.sources();
  private volatile Readiness readiness = new Readiness(true, "ready");
  private AdminServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        AdminServer.start(
            ANY_PORT,
            new AdminSources(sample.status(), () -> readiness, sample.stats(), PacketSource.NONE));
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private HttpResponse<String> send(String method, String path)
      throws IOException, InterruptedException {
    return client.send(request(method, path), BodyHandlers.ofString());
  }

  private HttpRequest request(String method, String path) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + server.address().getPort() + path))
        .method(method, BodyPublishers.noBody())
        .build();
  }

  private static String field(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("absent");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/             | text/html; charset=utf-8",
        "/metrics      | text/plain; version=0.0.4; charset=utf-8",
        "/livez        | text/plain; charset=utf-8",
        "/readyz       | text/plain; charset=utf-8",
        "/v1/ipvs      | text/plain; charset=utf-8",
        "/v1/status    | application/json",
        "/openapi.yaml | application/yaml"
      })
  void servesItsPages(String path, String contentType) throws Exception {
    HttpResponse<String> answer = send("GET", path);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isNotBlank().endsWith(path.equals("/v1/status") ? "}" : "\n");
    assertThat(field(answer, "Content-Type")).isEqualTo(contentType);
    assertThat(field(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(field(answer, "Cache-Control")).isEqualTo("no-store");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/livez", "/openapi.yaml"})
  void headIsGetWithoutTheBody(String path) throws Exception {
    HttpResponse<String> get = send("GET", path);
    HttpResponse<String> head = send("HEAD", path);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(field(head, "Content-Type")).isEqualTo(field(get, "Content-Type"));
    assertThat(field(head, "Content-Length")).isEqualTo(field(get, "Content-Length"));
  }

  @Test
  void aQueryIsIgnored() throws Exception {
    assertThat(send("GET", "/livez?verbose").statusCode()).isEqualTo(200);
  }

  @Test
  void readinessChanges() throws Exception {
    HttpResponse<String> ready = send("GET", "/readyz");
    assertThat(ready.statusCode()).isEqualTo(200);
    assertThat(ready.body()).isEqualTo("ready\n");
    readiness = new Readiness(false, "shutting down");
    HttpResponse<String> stopping = send("GET", "/readyz");
    assertThat(stopping.statusCode()).isEqualTo(503);
    assertThat(stopping.body()).isEqualTo("shutting down\n");
    assertThat(send("GET", "/livez").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/nothing", "/metrics/", "/v1/", "/livez/../metrics", "/%2e%2e/etc/passwd"})
  void whatIsNotServedIsNotFound(String path) throws Exception {
    HttpResponse<String> answer = send("GET", path);
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(field(answer, "Content-Type")).isEqualTo("application/problem+json");
    JsonNode problem = new JsonMapper().readTree(answer.body());
    assertThat(problem.get("title").asString()).isEqualTo("Not Found");
    assertThat(problem.get("status").asInt()).isEqualTo(404);
    assertThat(problem.get("instance").asString()).isEqualTo(URI.create(path).getPath());
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS"})
  void onlyGetAndHeadAreAllowed(String method) throws Exception {
    HttpResponse<String> answer = send(method, "/metrics");
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(field(answer, "Allow")).isEqualTo("GET, HEAD");
    assertThat(field(answer, "Content-Type")).isEqualTo("application/problem+json");
    assertThat(new JsonMapper().readTree(answer.body()).get("detail").asString())
        .isEqualTo("the method is " + method + ", expected GET or HEAD");
  }

  @Test
  void aSourceThatFailsIsAProblem() throws Exception {
    AdminSources failing =
        new AdminSources(
            () -> {
              throw new IllegalStateException("secret");
            },
            () -> readiness,
            new Stats(1),
            PacketSource.NONE);
    server.close();
    server = AdminServer.start(ANY_PORT, failing);
    HttpResponse<String> answer = send("GET", "/v1/status");
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(field(answer, "Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.body()).doesNotContain("secret");
    assertThat(send("GET", "/livez").statusCode()).isEqualTo(200);
  }

  @Test
  void answersManyAtOnce() {
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      answers.add(client.sendAsync(request("GET", "/metrics"), BodyHandlers.ofString()));
    }
    assertThat(answers).allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
  }

  @Test
  void anAddressInUseIsNamed() {
    Address taken = new Address("127.0.0.1", server.address().getPort());
    assertThatIOException()
        .isThrownBy(() -> AdminServer.start(taken, sample))
        .withMessage(
            "admin: cannot listen on "
                + taken
                + ": the address is already in use by another process");
  }

  @Test
  void aNameWithoutAddressIsNamed() {
    assertThatIOException()
        .isThrownBy(() -> AdminServer.start(new Address("no-such-host.invalid", 0), sample))
        .withMessage(
            "admin: cannot listen on no-such-host.invalid:0: no address is known for the name"
                + " no-such-host.invalid");
  }

  @Test
  void twoServersServeInOneProcess() throws Exception {
    try (AdminServer other = AdminServer.start(new Address("", 0), sample)) {
      assertThat(other.address().getAddress().isAnyLocalAddress()).isTrue();
      assertThat(other.address().getPort()).isNotEqualTo(server.address().getPort());
    }
    assertThat(send("GET", "/livez").statusCode()).isEqualTo(200);
  }
}
