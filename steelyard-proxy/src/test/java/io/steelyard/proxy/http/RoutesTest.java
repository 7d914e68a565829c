package io.steelyard.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.Address;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.Configuration;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.Listener;
import io.steelyard.model.Match;
import io.steelyard.model.Pool;
import io.steelyard.model.Route;
import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which pool a request goes to. */
class RoutesTest {
  @ParameterizedTest
  @CsvSource({
    "a.example.com, /, exact",
    "A.Example.COM:8080, /, exact",
    "a.example.com, /api/x, exact-api",
    "a.example.com, /api, exact-api",
    "a.example.com, /ap, exact",
    "b.example.com, /, wildcard",
    "x.y.example.com, /, wildcard",
    "example.com, /, default",
    "other, /static/x?y, prefix",
    "other, /, default"
  })
  void theFirstThatMatches(String host, String path, String pool) throws Exception {
    List<Route> routes =
        List.of(
            new Route(new Match("a.example.com", "/api"), "exact-api"),
            new Route(new Match("a.example.com", null), "exact"),
            new Route(new Match("*.example.com", null), "wildcard"),
            new Route(new Match(null, "/static/"), "prefix"),
            new Route(null, "default"));
    try (RawEndpoint one = naming("exact-api");
        RawEndpoint two = naming("exact");
        RawEndpoint three = naming("wildcard");
        RawEndpoint four = naming("prefix");
        RawEndpoint five = naming("default");
        TestProxy proxy =
            Setup.start(
                Configuration.of(
                    Map.of("web", Listener.http(new Address("127.0.0.1", 0), routes)),
                    Map.of(
                        "exact-api", pool(one),
                        "exact", pool(two),
                        "wildcard", pool(three),
                        "prefix", pool(four),
                        "default", pool(five))));
        Wire client = proxy.connect()) {
      client.send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
      assertThat(client.readMessage()).endsWith("\r\n\r\n" + pool);
      client.send("GET http://" + host + path + " HTTP/1.1\r\nHost: ignored\r\n\r\n");
      assertThat(client.readMessage()).endsWith("\r\n\r\n" + pool);
      assertThat(proxy.log(2).get(0).get("pool").asString()).isEqualTo(pool);
    }
  }

  private static RawEndpoint naming(String name) throws Exception {
    return RawEndpoint.serving(
        RawEndpoint.answering(
            "HTTP/1.1 200 OK\r\nContent-Length: " + name.length() + "\r\n\r\n" + name));
  }

  private static Pool pool(RawEndpoint endpoint) {
    return Pool.of(BalancerSpec.of("round-robin"), List.of(EndpointSpec.of(endpoint.address())));
  }

  @Test
  void anAbsoluteTargetWithOnlyAQueryHasTheRootForItsPath() throws Exception {
    List<Route> routes = List.of(new Route(new Match(null, "/"), "root"));
    try (RawEndpoint root = naming("root");
        TestProxy proxy =
            Setup.start(
                Configuration.of(
                    Map.of("web", Listener.http(new Address("127.0.0.1", 0), routes)),
                    Map.of("root", pool(root))));
        Wire client = proxy.connect()) {
      client.send("GET http://a?x=1 HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.readMessage()).endsWith("\r\n\r\nroot");
    }
  }

  @Test
  void noRouteIs404() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(TransportKind.EPOLL).route("b", null).start(endpoint);
        Wire client = proxy.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.readMessage()).startsWith("HTTP/1.1 404 ").doesNotContain("Connection:");
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");
      assertThat(client.readMessage()).startsWith("HTTP/1.1 404 ").contains("Connection: close");
      client.expectEnd();
      var record = proxy.log(2).get(0);
      assertThat(record.get("reason").asString()).isEqualTo("no-route");
      assertThat(record.get("pool").isNull()).isTrue();
      assertThat(record.get("endpoint").isNull()).isTrue();
    }
  }

  @Test
  void noEndpointIs503() throws Exception {
    Pool out =
        Pool.of(
            BalancerSpec.of("round-robin"), List.of(EndpointSpec.of(RawEndpoint.refusing(), 0)));
    try (TestProxy proxy =
            Setup.start(
                Configuration.of(
                    Map.of("web", Listener.http(new Address("127.0.0.1", 0), "site")),
                    Map.of("site", out)));
        Wire client = proxy.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.readMessage()).startsWith("HTTP/1.1 503 ");
      assertThat(proxy.pool().noEndpoint.value()).isEqualTo(1);
      var record = proxy.log(1).get(0);
      assertThat(record.get("reason").asString()).isEqualTo("no-endpoint");
      assertThat(record.get("attempts").asInt()).isZero();
    }
  }
}
