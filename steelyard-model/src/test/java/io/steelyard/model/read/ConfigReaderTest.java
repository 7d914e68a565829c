package io.steelyard.model.read;

import static io.steelyard.model.read.Reading.LISTENERS;
import static io.steelyard.model.read.Reading.POOLS;
import static io.steelyard.model.read.Reading.findings;
import static io.steelyard.model.read.Reading.read;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.AccessLog;
import io.steelyard.model.Address;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.ByteSize;
import io.steelyard.model.Configuration;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.Forwarding;
import io.steelyard.model.Match;
import io.steelyard.model.Pool;
import io.steelyard.model.Route;
import io.steelyard.model.TransportKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigReaderTest {
  private static Configuration configuration(String text) {
    var result = read(text);
    assertThat(result.lines()).isEmpty();
    return requireNonNull(result.configuration());
  }

  private static Pool pool(String pool) {
    return requireNonNull(
        configuration(LISTENERS + "pools: { site: " + pool + " }").pools().get("site"));
  }

  @Test
  void readsEveryKey() {
    var result = new ConfigReader().read(Path.of("../examples/everything.yaml"));
    assertThat(result.lines()).isEmpty();
    var configuration = requireNonNull(result.configuration());
    assertThat(configuration.transport()).isEqualTo(TransportKind.EPOLL);
    assertThat(configuration.accessLog())
        .isEqualTo(new AccessLog("/var/log/steelyard/access.log", AccessLog.Format.JSON));
    assertThat(configuration.listeners().keySet())
        .containsExactly("web", "secure", "local", "shards", "files", "names", "quic", "internal");
    var web = requireNonNull(configuration.listeners().get("web"));
    assertThat(web.routes())
        .containsExactly(
            new Route(new Match("api.example.com", "/v1/"), "api", null, "bulk"),
            new Route(null, "site"));
    assertThat(web.limits().bodySize()).isEqualTo(ByteSize.parse("1GiB"));
  }

  @Test
  void readsValuesThatDifferFromTheDefaults() {
    var configuration =
        configuration(
            """
            admin: { address: ":9" }
            transport: io-uring
            event-loops: 3
            shutdown-timeout: 0s
            listeners:
              web:
                address: :80
                pool: site
                limits: { body-size: 10 }
                forwarding: { x-forwarded: off, forwarded: TRUE, via: False }
            """
                + POOLS);
    assertThat(configuration.admin().address()).isEqualTo(new Address("", 9));
    assertThat(configuration.transport()).isEqualTo(TransportKind.IO_URING);
    assertThat(configuration.eventLoops()).isEqualTo(3);
    assertThat(configuration.shutdownTimeout()).isEqualTo(Duration.ZERO);
    var web = requireNonNull(configuration.listeners().get("web"));
    assertThat(web.limits().bodySize()).isEqualTo(new ByteSize(10));
    assertThat(web.forwarding()).isEqualTo(new Forwarding(Forwarding.Mode.OFF, true, false));
  }

  @Test
  void endpointsHaveAShortForm() {
    assertThat(
            pool("{ endpoints: [a:1, { address: b:2 }, { address: c:3, weight: 0 }] }").endpoints())
        .containsExactly(
            EndpointSpec.of(new Address("a", 1)),
            EndpointSpec.of(new Address("b", 2)),
            EndpointSpec.of(new Address("c", 3), 0));
  }

  @Test
  void balancersAreANameOrANameWithOptions() {
    assertThat(pool("{ balancer: random, endpoints: [a:1] }").balancer())
        .isEqualTo(BalancerSpec.of("random"));
    assertThat(
            pool("{ balancer: { x: { a: 1, b: 1.5, c: yes, d: true, e: [1, z], f: { g: '1' } } }, endpoints: [a:1] }")
                .balancer())
        .isEqualTo(
            new BalancerSpec(
                "x",
                Map.of(
                    "a",
                    1L,
                    "b",
                    1.5,
                    "c",
                    "yes",
                    "d",
                    true,
                    "e",
                    List.of(1L, "z"),
                    "f",
                    Map.of("g", "1"))));
  }

  @Test
  void readsJson() {
    var json =
        """
        {
        \t"listeners": { "web": { "address": ":8080", "routes": [ { "pool": "site" } ] } },
        \t"pools": { "site": { "endpoints": [ "a:1", { "address": "\\u0062:1" } ] } }
        }
        """;
    assertThat(configuration(json).pools().get("site"))
        .extracting(Pool::endpoints)
        .isEqualTo(
            List.of(EndpointSpec.of(new Address("a", 1)), EndpointSpec.of(new Address("b", 1))));
  }

  @Test
  void readsByteOrderMarkAndForeignLineEnds() {
    var text = LISTENERS + POOLS;
    assertThat(configuration("\uFEFF" + text)).isEqualTo(configuration(text));
    assertThat(configuration(text.replace("\n", "\r\n"))).isEqualTo(configuration(text));
    assertThat(configuration("%YAML 1.2\n---\n" + text + "...\n")).isEqualTo(configuration(text));
  }

  @Test
  void readsAliases() {
    var text =
        """
        listeners:
          a: { address: "a:1", pool: p, timeouts: &t { head: 3s } }
          b: { address: "a:2", pool: p, timeouts: *t }
        pools: { p: { endpoints: [a:1] } }
        """;
    assertThat(configuration(text).listeners().values())
        .extracting(listener -> listener.timeouts().head())
        .containsOnly(Duration.ofSeconds(3));
  }

  @Test
  void keepsTheOrderOfTheFile() {
    var configuration =
        configuration(
            "listeners: { z: { address: 'a:1', pool: y }, a: { address: 'a:2', pool: b } }\n"
                + "pools: { y: { endpoints: [a:1] }, b: { endpoints: [a:1] } }\n");
    assertThat(configuration.listeners().keySet()).containsExactly("z", "a");
    assertThat(configuration.pools().keySet()).containsExactly("y", "b");
  }

  @Test
  void warningsDoNotPreventUse() {
    var result =
        read(LISTENERS + "pools: { site: { endpoints: [a:1] }, other: { endpoints: [a:1] } }");
    assertThat(result.configuration()).isNotNull();
    assertThat(result.lines())
        .containsExactly("test:2:38: warning: pools.other: is not used by any listener");
  }

  @Test
  void reportsEverythingAtOnce() {
    var text =
        """
        admin:
          adress: 1.2.3.4:5
        transport: uring
        event-loops: "4"
        shutdown-timeout: 30
        listeners:
          web:
            address: 0.0.0.0:8080
            maxConnections: 5
            routes:
              - match: { host: "*.x.com", path-prefix: v1 }
                pool: sitte
              - pool: site
              - match: { host: a.com }
                pool: site
            limits:
              fields: 0
              head-size: 64
            timeouts:
          b:
            address: 127.0.0.1:8080
            pool: site
            routes: [{ pool: site }]
          c:
            pool: 5
        pools:
          site:
            endpoints: [a:80, A:80, ":80", { weight: 3 }, [], { address: x, weight: -1 }]
        """;
    assertThat(findings(text))
        .containsExactly(
            "2:3: error: admin.adress: is not a known key, did you mean 'address'?",
            "3:12: error: transport: 'uring' is not known, expected epoll, io-uring or nio",
            "4:14: error: event-loops: found '4', expected a whole number without quotes",
            "5:19: error: shutdown-timeout: '30' is not a duration, expected a whole number and a unit such as 250ms, 2s, 1m or 1h",
            "9:5: error: listeners.web.maxConnections: is not a known key, did you mean 'max-connections'?",
            "11:48: error: listeners.web.routes[0].match.path-prefix: 'v1' does not fit, expected a path that starts with / and has no space, ? or #",
            "12:15: error: listeners.web.routes[0].pool: there is no pool 'sitte', expected the name of one under 'pools', did you mean 'site'?",
            "14:9: error: listeners.web.routes[2]: is never reached because listeners.web.routes[1] already takes all its requests, expected the narrower condition first",
            "17:15: error: listeners.web.limits.fields: is 0, expected 1 to 10000",
            "18:18: error: listeners.web.limits.head-size: is 64B, expected 1KiB to 1MiB",
            "19:14: error: listeners.web.timeouts: has no value, expected a map with head, idle or body",
            "21:14: error: listeners.b.address: 127.0.0.1:8080 is already taken by listeners.web, expected an address of its own for each listener",
            "22:11: error: listeners.b.pool: stands beside 'routes', expected one of the two",
            "24:3: error: listeners.c.address: is missing, expected an address HOST:PORT, HOST:PORT-PORT or unix:/PATH",
            "25:11: error: listeners.c.pool: found 5, expected text (in quotes when it looks like a number)",
            "28:23: error: pools.site.endpoints[1].address: a:80 is already pools.site.endpoints[0], expected each endpoint once (give it a weight for a larger share)",
            "28:29: error: pools.site.endpoints[2].address: ':80' cannot be connected to, expected a host and a port from 1",
            "28:36: error: pools.site.endpoints[3].address: is missing, expected an address HOST:PORT, HOST:PORT-PORT or unix:/PATH",
            "28:51: error: pools.site.endpoints[4]: found an empty list, expected an address HOST:PORT, HOST:PORT-PORT or unix:/PATH, or a map with address, weight, priority, zone, max-in-flight, wish, service or host",
            "28:66: error: pools.site.endpoints[5].address: 'x' has no port, expected HOST:PORT such as 10.0.0.1:80, \"[::1]:80\" or app.internal:80, or :PORT",
            "28:77: error: pools.site.endpoints[5].weight: is -1, expected 0 to 65535");
    assertThat(read(text).configuration()).isNull();
  }

  @Test
  void asksAboutBalancers() {
    var reader =
        new ConfigReader(
            spec -> spec.name().equals("good") ? null : "there is no balancer " + spec.name());
    assertThat(
            reader
                .readString(
                    "f", LISTENERS + "pools: { site: { balancer: good, endpoints: [a:1] } }")
                .lines())
        .isEmpty();
    assertThat(
            reader
                .readString("f", LISTENERS + "pools: { site: { balancer: bad, endpoints: [a:1] } }")
                .lines())
        .containsExactly("f:2:28: error: pools.site.balancer: there is no balancer bad");
    assertThat(
            reader
                .readString("f", LISTENERS + "pools: { site: { balancer: {}, endpoints: [a:1] } }")
                .lines())
        .containsExactly(
            "f:2:18: error: pools.site.balancer: found an empty map, expected a balancer's name, or { NAME: { OPTION: VALUE } }");
  }
}
