package io.steelyard.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.steelyard.model.Address;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.Configuration;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.Fallback;
import io.steelyard.model.FixedAnswer;
import io.steelyard.model.Listener;
import io.steelyard.model.Pool;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What serves when no endpoint of a pool can. */
class FallbackTest {
  private static final FixedAnswer SORRY =
      new FixedAnswer(503, "text/html; charset=utf-8", "<h1>später</h1>", Duration.ofSeconds(30));

  private static RawEndpoint answering(String body) throws IOException {
    return RawEndpoint.serving(
        RawEndpoint.answering("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + body));
  }

  private static Pool pool(Address endpoint, @Nullable Fallback fallback) {
    return Pool.of(BalancerSpec.of("round-robin"), List.of(EndpointSpec.of(endpoint)))
        .withFallback(fallback);
  }

  private static TestProxy start(Map<String, Pool> pools) throws Exception {
    return Setup.start(
        Configuration.of(Map.of("web", Listener.http(new Address("127.0.0.1", 0), "site")), pools));
  }

  private static String get(Wire client) throws IOException {
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    return client.readMessage();
  }

  @Test
  void anotherPoolServesWhileNobodyCan() throws Exception {
    try (RawEndpoint own = answering("a");
        RawEndpoint other = answering("b");
        TestProxy proxy =
            start(
                Map.of(
                    "site", pool(own.address(), Fallback.to("sorry")),
                    "sorry", pool(other.address(), null)));
        Wire client = proxy.connect()) {
      assertThat(get(client)).endsWith("a");
      proxy.ready(7);
      await().until(() -> get(client).endsWith("b"));
      assertThat(proxy.pool().fallbacks.value()).isPositive();
      assertThat(proxy.pool().noEndpoint.value()).isZero();
      proxy.ready(0);
      await().until(() -> get(client).endsWith("a"));
    }
  }

  /** What is not yet known to be down: the request itself finds out. */
  @Test
  void anotherPoolServesWhenAllHaveFailedTheRequest() throws Exception {
    try (RawEndpoint other = answering("b");
        TestProxy proxy =
            start(
                Map.of(
                    "site", pool(RawEndpoint.refusing(), Fallback.to("middle")),
                    "middle", pool(RawEndpoint.refusing(), Fallback.to("sorry")),
                    "sorry", pool(other.address(), null)));
        Wire client = proxy.connect()) {
      assertThat(get(client)).startsWith("HTTP/1.1 200 ").endsWith("b");
      var record = proxy.log(1).getFirst();
      assertThat(record.get("pool").asString()).isEqualTo("sorry");
      assertThat(record.get("attempts").asInt()).isEqualTo(3);
    }
  }

  @Test
  void anAnswerIsGiven() throws Exception {
    try (RawEndpoint own = answering("a");
        TestProxy proxy = start(Map.of("site", pool(own.address(), Fallback.of(SORRY))));
        Wire client = proxy.connect()) {
      assertThat(get(client)).endsWith("a");
      proxy.ready(7);
      await().until(() -> get(client).startsWith("HTTP/1.1 503 "));
      var answer = get(client);
      assertThat(answer)
          .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
          .contains("\r\nContent-Type: text/html; charset=utf-8\r\n")
          .contains("\r\nContent-Length: 16\r\n")
          .contains("\r\nRetry-After: 30\r\n")
          .doesNotContain("Connection: close");
      client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.readHead()).contains("\r\nContent-Length: 16\r\n");
      proxy.ready(0);
      await().until(() -> get(client).endsWith("a"));
    }
  }

  @Test
  void anAnswerIsGivenWhenAllHaveFailedTheRequest() throws Exception {
    var none = new FixedAnswer(204, "text/plain", "", null);
    try (TestProxy proxy = start(Map.of("site", pool(RawEndpoint.refusing(), Fallback.of(none))));
        Wire client = proxy.connect()) {
      assertThat(get(client)).startsWith("HTTP/1.1 204 No Content\r\n").doesNotContain("Length");
      var record = proxy.log(1).getFirst();
      assertThat(record.get("reason").asString()).isEqualTo("connect-refused");
      assertThat(record.get("status").asInt()).isEqualTo(204);
    }
  }

  @Test
  void theLastPoolsAnswerIsGiven() throws Exception {
    try (TestProxy proxy =
            start(
                Map.of(
                    "site", pool(RawEndpoint.refusing(), Fallback.to("sorry")),
                    "sorry", pool(RawEndpoint.refusing(), Fallback.of(SORRY))));
        Wire client = proxy.connect()) {
      assertThat(get(client)).contains("Retry-After: 30");
    }
  }
}
