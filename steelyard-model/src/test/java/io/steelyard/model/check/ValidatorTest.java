package io.steelyard.model.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.Address;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.Configuration;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.Listener;
import io.steelyard.model.ListenerSocket;
import io.steelyard.model.ListenerTimeouts;
import io.steelyard.model.Match;
import io.steelyard.model.Pool;
import io.steelyard.model.Redirect;
import io.steelyard.model.Retries;
import io.steelyard.model.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Configurations that were made in Java; those that were read are tested where they are read. */
class ValidatorTest {
  private static final Pool POOL = pool(endpoint("a:1", 1));
  private static final Listener LISTENER = Listener.http(Address.parse(":80"), "site");

  private static Pool pool(EndpointSpec... endpoints) {
    return Pool.of(BalancerSpec.of("round-robin"), List.of(endpoints));
  }

  private static EndpointSpec endpoint(String address, int weight) {
    return EndpointSpec.of(Address.parse(address), weight);
  }

  private static Listener routes(Route... routes) {
    return Listener.http(Address.parse(":80"), List.of(routes));
  }

  private static Route route(@Nullable String host, @Nullable String prefix) {
    return new Route(new Match(host, prefix), "site");
  }

  private static List<String> findings(Map<String, Listener> listeners, Map<String, Pool> pools) {
    return findings(Configuration.of(listeners, pools));
  }

  private static List<String> findings(Configuration configuration) {
    return new Validator(BalancerNames.ANY)
        .validate(configuration).stream().map(finding -> finding.format("")).toList();
  }

  private static List<String> findings(Listener listener) {
    return findings(Map.of("web", listener), Map.of("site", POOL));
  }

  private static List<String> findings(Pool pool) {
    return findings(Map.of("web", LISTENER), Map.of("site", pool));
  }

  @Test
  void goodConfiguration() {
    assertThat(findings(LISTENER)).isEmpty();
    assertThat(
            findings(routes(route("a.com", "/x"), route("*.com", null), new Route(null, "site"))))
        .isEmpty();
  }

  @Test
  void noListeners() {
    assertThat(findings(Map.of(), Map.of()))
        .containsExactly(": error: listeners: is empty, expected at least one");
  }

  @Test
  void unknownPool() {
    assertThat(findings(Listener.http(Address.parse(":80"), "sites")))
        .containsExactly(
            ": error: listeners.web.pool: there is no pool 'sites', expected the name of one under 'pools', did you mean"
                + " 'site'?",
            ": warning: pools.site: is not used by any listener");
    assertThat(findings(routes(new Route(null, "other"), new Route(null, "site"))))
        .contains(
            ": error: listeners.web.routes[0].pool: there is no pool 'other', expected the name of one under 'pools'");
  }

  @Test
  void poolAndRoutes() {
    assertThat(findings(routes()))
        .contains(": error: listeners.web.pool: is missing, expected 'pool' or 'routes'");
    var both =
        new Listener(
            LISTENER.address(),
            LISTENER.protocol(),
            "site",
            List.of(new Route(null, "site")),
            1,
            LISTENER.timeouts(),
            LISTENER.limits(),
            LISTENER.forwarding(),
            LISTENER.socket(),
            null,
            LISTENER.http2(),
            null,
            null,
            LISTENER.sessions(),
            null);
    assertThat(findings(both))
        .containsExactly(
            ": error: listeners.web.pool: stands beside 'routes', expected one of the two");
  }

  @Test
  void routesHaveAPoolOrARedirect() {
    assertThat(findings(routes(new Route(null, null, null, null))))
        .contains(
            ": error: listeners.web.routes[0].pool: is missing, expected 'pool' or 'redirect'");
    assertThat(findings(routes(new Route(null, "site", Redirect.defaults(), null))))
        .contains(
            ": error: listeners.web.routes[0].pool: stands beside 'redirect', expected one of the two");
    assertThat(
            findings(
                routes(new Route(null, null, new Redirect(Redirect.Scheme.HTTP, 0, 304), null))))
        .contains(
            ": error: listeners.web.routes[0].redirect.status: is 304, expected 301, 302, 303, 307 or 308");
  }

  @Test
  void collidingAddresses() {
    var listeners = new LinkedHashMap<String, Listener>();
    listeners.put("a", LISTENER);
    listeners.put("b", Listener.http(Address.parse("10.0.0.1:80"), "site"));
    listeners.put("c", Listener.http(Address.parse("0.0.0.0:9900"), "site"));
    var expected = ", expected an address of its own for each listener";
    assertThat(findings(listeners, Map.of("site", POOL)))
        .containsExactly(
            ": error: listeners.b.address: 10.0.0.1:80 is already taken by listeners.a" + expected,
            ": error: listeners.c.address: 0.0.0.0:9900 is already taken by admin" + expected);
  }

  @Test
  void unreachableRoutes() {
    var message =
        "is never reached because listeners.web.routes[%d] already takes all its requests, expected the narrower condition"
            + " first";
    assertThat(findings(routes(new Route(null, "site"), route("a.com", null))))
        .containsExactly(": error: listeners.web.routes[1]: " + message.formatted(0));
    assertThat(findings(routes(route("*.com", "/v"), route("a.com", "/w"), route("a.com", "/v1/"))))
        .containsExactly(": error: listeners.web.routes[2]: " + message.formatted(0));
  }

  @Test
  void manyRoutesAreCheckedQuickly() {
    var routes = new ArrayList<Route>();
    for (int i = 0; i < 100_000; i++) {
      routes.add(route("h" + i + ".example.com", "/" + i));
    }
    assertThat(findings(Listener.http(Address.parse(":80"), routes))).isEmpty();
  }

  @Test
  void emptyMatch() {
    assertThat(findings(routes(route(null, null))))
        .containsExactly(": error: listeners.web.routes[0].match: is empty, expected at least one");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "a.com",
        "*.com",
        "*.a.b.com",
        "1.2.3.4",
        "[::1]",
        "A.com",
        "xn--caf-dma.fr",
        "a_b.c"
      })
  void hosts(String host) {
    assertThat(findings(routes(route(host, null)))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "*.",
        "a.*",
        "a*.com",
        "**.com",
        "*.*.com",
        ".com",
        "a.com:80",
        "a b",
        "a/b",
        "café.fr",
        "::1"
      })
  void badHosts(String host) {
    assertThat(findings(routes(route(host, null))))
        .singleElement()
        .asString()
        .startsWith(": error: listeners.web.routes[0].match.host: ")
        .endsWith(" does not fit, expected a host without a port, or *. and a host");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "v1", "*", " /", "/a b", "/a?b", "/a#b", "/é", "http://a/"})
  void badPathPrefixes(String prefix) {
    assertThat(findings(routes(route(null, prefix))))
        .singleElement()
        .asString()
        .startsWith(": error: listeners.web.routes[0].match.path-prefix: ");
  }

  @Test
  void endpoints() {
    assertThat(findings(pool()))
        .containsExactly(": error: pools.site.endpoints: is empty, expected at least one");
    assertThat(findings(pool(endpoint("a:1", 1), endpoint("b:1", 1), endpoint("a:1", 2))))
        .containsExactly(
            ": error: pools.site.endpoints[2].address: a:1 is already pools.site.endpoints[0], expected each endpoint once"
                + " (give it a weight for a larger share)");
    assertThat(findings(pool(endpoint("a:0", 1), endpoint(":1", 1))))
        .containsExactly(
            ": error: pools.site.endpoints[0].address: 'a:0' cannot be connected to, expected a host and a port from 1",
            ": error: pools.site.endpoints[1].address: ':1' cannot be connected to, expected a host and a port from 1");
  }

  @Test
  void weights() {
    assertThat(findings(pool(endpoint("a:1", 0), endpoint("b:1", 1)))).isEmpty();
    assertThat(findings(pool(endpoint("a:1", 0), endpoint("b:1", 0))))
        .containsExactly(
            ": warning: pools.site.endpoints: have weight 0, all of them: the pool serves nothing");
    assertThat(findings(pool(endpoint("a:1", -1), endpoint("b:1", 65_536))))
        .containsExactly(
            ": error: pools.site.endpoints[0].weight: is -1, expected 0 to 65535",
            ": error: pools.site.endpoints[1].weight: is 65536, expected 0 to 65535");
  }

  @Test
  void ranges() {
    var timeouts = new ListenerTimeouts(Duration.ZERO, Duration.ofHours(25), Duration.ofMillis(1));
    assertThat(
            findings(
                LISTENER
                    .withTimeouts(timeouts)
                    .withSocket(new ListenerSocket(0, true, true, "660"))))
        .containsExactly(
            ": error: listeners.web.timeouts.head: is 0s, expected 1ms to 24h",
            ": error: listeners.web.timeouts.idle: is 25h, expected 1ms to 24h",
            ": error: listeners.web.socket.backlog: is 0, expected 1 to 65535");
    assertThat(findings(POOL.withRetries(Retries.of(11))))
        .containsExactly(": error: pools.site.retries.attempts: is 11, expected 0 to 10");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a/b", "ä", "a\n", "*"})
  void badNames(String name) {
    assertThat(findings(Map.of(name, LISTENER), Map.of("site", POOL)))
        .singleElement()
        .asString()
        .contains(
            " is not a name, expected 1 to 100 of the letters A-Z and a-z, digits, '-', '_' and '.'");
  }

  @Test
  void names() {
    assertThat(findings(Map.of("a-B_9.c", LISTENER), Map.of("site", POOL))).isEmpty();
    assertThat(findings(Map.of("a".repeat(101), LISTENER), Map.of("site", POOL))).hasSize(1);
  }

  @Test
  void balancers() {
    var validator = new Validator(spec -> "there is no balancer " + spec);
    assertThat(validator.validate(Configuration.of(Map.of("web", LISTENER), Map.of("site", POOL))))
        .extracting(finding -> finding.format(""))
        .containsExactly(": error: pools.site.balancer: there is no balancer round-robin");
  }
}
