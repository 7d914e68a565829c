package io.steelyard.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.steelyard.model.Address;
import io.steelyard.model.Wish;
import io.steelyard.proxy.stats.Stats;
import io.steelyard.server.admin.ReadySource.Readiness;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
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
  private final List<Wish> wished = new CopyOnWriteArrayList<>();
  private volatile Readiness readiness = new Readiness(true, "ready");
  private AdminServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        AdminServer.start(
            ANY_PORT,
            new AdminSources(
                sample.status(), () -> readiness, sample.stats(), this::wish, sample.packet()));
  }

  private boolean wish(String pool, String endpoint, Wish wish) {
    if (pool.equals("site") && endpoint.equals("10.0.0.12:80")) {
      wished.add(wish);
      return true;
    }
    return false;
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
  void tellsWhatIsDecidedAboutPackets() throws Exception {
    HttpResponse<String> answer = put("/v1/trace/10.0.0.100", "{\"every\":7}");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            "{\"vip\":\"10.0.0.100\",\"every\":7,\"decisions\":[\"TCP one in 7 of 10.0.0.100\"]}");
    assertThat(send("GET", "/v1/trace/10.0.0.100").statusCode()).isEqualTo(405);
    assertThat(
            put("/v1/trace/10.0.0.100", "{\"every\":7}", "Origin", "http://example.com")
                .statusCode())
        .isEqualTo(403);
    assertThat(detail(put("/v1/trace/10.0.0.100", "{\"every\":0}")))
        .isEqualTo("'every' is 0, expected a whole number from 1 to 1000000");
    assertThat(detail(put("/v1/trace/web", "{\"every\":1}")))
        .isEqualTo("'web' is no IP address, expected a virtual one");
  }

  private static final String DRAINED = "/v1/pools/site/endpoints/10.0.0.12:80/wish";

  private HttpResponse<String> put(String path, String body, String... fields) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.address().getPort() + path))
            .PUT(BodyPublishers.ofString(body));
    if (List.of(fields).indexOf("Content-Type") < 0) {
      request.header("Content-Type", "application/json");
    }
    for (int i = 0; i < fields.length; i += 2) {
      request.header(fields[i], fields[i + 1]);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private static String detail(HttpResponse<String> answer) {
    assertThat(field(answer, "Content-Type")).isEqualTo("application/problem+json");
    return new JsonMapper().readTree(answer.body()).get("detail").asString();
  }

  @Test
  void tellsAndTakesWishes() throws Exception {
    String report =
        """
        {"pool":"site","endpoint":"10.0.0.12:80","wish":"DRAIN","health":"DOWN","in_flight":0,"connections":0}\
        """;
    assertThat(send("GET", DRAINED).body()).isEqualTo(report);
    HttpResponse<String> answer = put(DRAINED, "{\"wish\":\"drain\"}");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(report);
    assertThat(put(DRAINED, "{\"wish\":\"READY\"}").statusCode()).isEqualTo(200);
    assertThat(wished).containsExactly(Wish.DRAIN, Wish.READY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "/v1/pools/sites/endpoints/10.0.0.12:80/wish | there is no pool 'sites', expected site",
        "/v1/pools/site/endpoints/10.0.0.13:80/wish | pool site has no endpoint '10.0.0.13:80',"
            + " expected 10.0.0.11:80 or 10.0.0.12:80",
        "/v1/pools/site/endpoints/10.0.0.12:80/wishes | nothing is served here; / links to what is",
        "/v1/pools/site/endpoints/%2E%2E/wish | pool site has no endpoint '..',"
            + " expected 10.0.0.11:80 or 10.0.0.12:80",
      })
  void wishesOfNobodyAreNotFound(String path, String detail) throws Exception {
    HttpResponse<String> answer = put(path, "{\"wish\":\"drain\"}");
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(detail(answer)).isEqualTo(detail);
    assertThat(send("GET", path).statusCode()).isEqualTo(404);
    assertThat(wished).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"wish\":\"maybe\"} | 'maybe' is not known, expected ready, drain or disabled",
        "{\"wish\":1} | the body has no 'wish', expected {\"wish\": \"…\"} with ready, drain or disabled",
        "[] | the body has no 'wish', expected {\"wish\": \"…\"} with ready, drain or disabled",
      })
  void whatIsNoWishIsBad(String body, String detail) throws Exception {
    HttpResponse<String> answer = put(DRAINED, body);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(detail(answer)).isEqualTo(detail);
    assertThat(wished).isEmpty();
  }

  @Test
  void whatIsNoJsonIsBad() throws Exception {
    HttpResponse<String> answer = put(DRAINED, "{\"wish\":");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(detail(answer)).startsWith("the body is not JSON: ");
    HttpResponse<String> cut = put(DRAINED, " ".repeat(100_000));
    assertThat(cut.statusCode()).isEqualTo(413);
    assertThat(cut.headers().firstValue("Connection")).hasValue("close");
    assertThat(put(DRAINED, "wish=drain", "Content-Type", "text/plain").statusCode())
        .isEqualTo(415);
    assertThat(send("DELETE", DRAINED).statusCode()).isEqualTo(405);
    assertThat(wished).isEmpty();
  }

  /** A page that somebody looks at must not drain endpoints through the browser. */
  @ParameterizedTest
  @CsvSource({
    "Origin,http://evil.example",
    "Origin,null",
    "Sec-Fetch-Site,cross-site",
    "Sec-Fetch-Site,same-site"
  })
  void pagesOfOtherSitesGiveNoOrders(String name, String value) throws Exception {
    HttpResponse<String> answer = put(DRAINED, "{\"wish\":\"drain\"}", name, value);
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(detail(answer)).isEqualTo("the request comes from a page of another site");
    assertThat(wished).isEmpty();
  }

  @Test
  void ownPagesGiveOrders() throws Exception {
    String own = "http://127.0.0.1:" + server.address().getPort();
    assertThat(
            put(DRAINED, "{\"wish\":\"drain\"}", "Origin", own, "Sec-Fetch-Site", "same-origin")
                .statusCode())
        .isEqualTo(200);
    assertThat(wished).containsExactly(Wish.DRAIN);
  }

  /** A name of the attacker's that leads to 127.0.0.1 makes origin and host alike. */
  @ParameterizedTest
  @CsvSource({
    "evil.example:9900,403",
    "localhost.evil.example,403",
    "1.2.3.4.evil.example:80,403",
    "localhost:9900,200",
    "[::1]:9900,200",
    "10.0.0.1:9900,200"
  })
  void namesThatLeadHereAreNotTrusted(String host, int status) throws Exception {
    String body = "{\"wish\":\"drain\"}";
    String request =
        "PUT %s HTTP/1.1\r\nHost: %s\r\nOrigin: http://%s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
            .formatted(DRAINED, host, host, body.length(), body);
    try (Socket socket = new Socket(server.address().getAddress(), server.address().getPort())) {
      socket.getOutputStream().write(request.getBytes(UTF_8));
      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
          .startsWith("HTTP/1.1 " + status);
    }
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
            Sample.NO_WISHES,
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
