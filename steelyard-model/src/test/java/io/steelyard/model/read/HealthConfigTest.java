package io.steelyard.model.read;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.DnsProbeSpec;
import io.steelyard.model.HealthSpec;
import io.steelyard.model.HttpProbeSpec;
import io.steelyard.model.HttpStepsProbeSpec;
import io.steelyard.model.PassiveHealthSpec;
import io.steelyard.model.Pool;
import io.steelyard.model.Statuses;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sections {@code health} and {@code passive-health} of a pool. */
class HealthConfigTest {
  private static final String BEGIN =
      """
      listeners: { web: { address: ":80", pool: site } }
      pools:
        site:
          endpoints: [a:1]
      """;

  private static List<String> findings(String pool) {
    return new ConfigReader()
        .readString("f", BEGIN + pool.indent(4)).lines().stream()
            .map(line -> line.substring(line.indexOf(':') + 1))
            .toList();
  }

  private static Pool pool(String pool) {
    var result = new ConfigReader().readString("f", BEGIN + pool.indent(4));
    assertThat(result.lines()).isEmpty();
    return requireNonNull(requireNonNull(result.configuration()).pools().get("site"));
  }

  private static HealthSpec health(String pool) {
    return requireNonNull(pool(pool).health());
  }

  @Test
  void withoutTheSectionsNothingIsChecked() {
    var pool = pool("");
    assertThat(pool.health()).isNull();
    assertThat(pool.passiveHealth()).isNull();
    assertThat(pool.panicThreshold()).isZero();
  }

  @Test
  void readsTheExampleOfTheDesign() {
    var health =
        health(
            """
            health:
              http: { path: /healthz, expect-status: 200-299 }
              interval: 2s
              timeout: 1s
              rise: 2
              fall: 3
            """);
    var probe = (HttpProbeSpec) health.probes().getFirst();
    assertThat(probe.path()).isEqualTo("/healthz");
    assertThat(probe.expectStatus()).isEqualTo(Statuses.parse("200-299"));
    assertThat(health.interval()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void defaults() {
    var health = health("health: { http: {} }");
    assertThat(health).isEqualTo(HealthSpec.of(HttpProbeSpec.defaults()));
    assertThat(health.http())
        .isEqualTo(
            new HttpProbeSpec(
                "/",
                "GET",
                java.util.Map.of(),
                null,
                Statuses.parse("200-299"),
                null,
                null,
                null,
                java.util.Map.of(),
                null));
    assertThat(health.interval()).isEqualTo(Duration.ofSeconds(2));
    assertThat(health.fastInterval()).isNull();
    assertThat(health.timeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(health.rise()).isEqualTo(2);
    assertThat(health.fall()).isEqualTo(3);
    assertThat(health.port()).isZero();
    assertThat(PassiveHealthSpec.defaults())
        .isEqualTo(
            new PassiveHealthSpec(
                5,
                0,
                0,
                Duration.ofMillis(50),
                20,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                50));
    assertThat(pool("passive-health: {}").passiveHealth()).isEqualTo(PassiveHealthSpec.defaults());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tcp: {}",
        "udp: {}",
        "icmp: {}",
        "grpc: { service: a.B, authority: a:1 }",
        "agent: {}",
        "smtp: {}",
        "redis: {}",
        "mysql: {}",
        "postgresql: {}",
        "ldap: {}",
        "command: { command: [/bin/true] }",
        "dns: { name: a.b }",
        "http: { expect-status: 204 }",
        "http-steps: [ {}, {} ]"
      })
  void readsEachKindOfProbe(String probe) {
    var health = health("health: { " + probe + " }");
    assertThat(health.probes()).hasSize(1);
    assertThat(HealthSpec.of(health.probes().getFirst())).isEqualTo(health);
  }

  @Test
  void stepsAreOneProbe() {
    assertThat(health("health: { http-steps: [ { path: /a }, { path: /b } ] }").probes())
        .singleElement()
        .isInstanceOf(HttpStepsProbeSpec.class);
    assertThat(health("health: { dns: { name: a.b } }").dns())
        .isEqualTo(new DnsProbeSpec("a.b", DnsProbeSpec.Type.A, null));
  }

  @Test
  void reportsWhatIsWrong() {
    assertThat(
            findings(
                """
                health:
                  htp: {}
                  interval: 500ms
                  fast-interval: 3s
                  rise: 0
                  fall: 1001
                  port: 65536
                  source-address: here
                panic-threshold: 101
                passive-health:
                  consecutive-errors: -1
                  slow-factor: 1
                  longest-ejection: 1s
                """))
        .containsExactly(
            "6:7: error: pools.site.health.htp: is not a known key, did you mean 'http'?",
            "7:17: error: pools.site.health.interval: is 500ms, shorter than the timeout, expected at least 1s",
            "8:22: error: pools.site.health.fast-interval: is 3s, expected no more than the interval, 500ms",
            "9:13: error: pools.site.health.rise: is 0, expected 1 to 1000",
            "10:13: error: pools.site.health.fall: is 1001, expected 1 to 1000",
            "11:13: error: pools.site.health.port: is 65536, expected 0 to 65535",
            "12:23: error: pools.site.health.source-address: 'here' does not fit, expected an IP address",
            "13:22: error: pools.site.panic-threshold: is 101, expected 0 to 100",
            "15:27: error: pools.site.passive-health.consecutive-errors: is -1, expected 0 to 1000000",
            "16:20: error: pools.site.passive-health.slow-factor: is 1, expected 0 or at least 2",
            "17:25: error: pools.site.passive-health.longest-ejection: is 1s, shorter than the first ejection, expected at least 30s");
  }

  @Test
  void wantsExactlyOneProbe() {
    var kinds =
        "tcp, udp, http, http-steps, grpc, icmp, command, agent, dns, smtp, redis, mysql, postgresql or ldap";
    assertThat(findings("health: { interval: 2s }"))
        .containsExactly(
            "5:5: error: pools.site.health: has no probe, expected exactly one of " + kinds);
    assertThat(findings("health: { tcp: {}, redis: {} }"))
        .containsExactly(
            "5:5: error: pools.site.health: has 2 probes, expected exactly one of " + kinds);
  }

  @Test
  void compilesRegularExpressionsAndPaths() {
    assertThat(findings("health: { http: { expect-body-regex: 'a(' } }"))
        .containsExactly(
            "5:42: error: pools.site.health.http.expect-body-regex: 'a(' does not compile: missing closing ), expected a regular expression of RE2");
    assertThat(findings("health: { tcp: { expect-regex: '(?=a)', send: a, send-hex: '00' } }"))
        .containsExactly(
            "5:36: error: pools.site.health.tcp.expect-regex: '(?=a)' does not compile: invalid or unsupported Perl syntax, expected a regular expression of RE2",
            "5:64: error: pools.site.health.tcp.send-hex: stands beside 'send', expected one of the two");
    assertThat(findings("health: { http: { expect-json: { path: a } } }"))
        .containsExactly(
            "5:44: error: pools.site.health.http.expect-json.path: 'a' is not a JSON path: expected $ at its beginning at character 1");
    assertThat(findings("health: { http: { expect-status: 2xx } }"))
        .containsExactly(
            "5:38: error: pools.site.health.http.expect-status: '2xx' are not statuses, expected such as 200, 200-299 or 200-299,404");
  }

  @Test
  void followsValuesThroughTheSteps() {
    assertThat(
            findings(
                """
                health:
                  http-steps:
                    - { path: "/${t}", save: { t: { json: "$.t" }, u: { regex: u }, v: {} } }
                    - { path: "/${t}", headers: { X: "${t} ${w}", Y: "a\\nb" } }
                """))
        .containsExactly(
            "7:19: error: pools.site.health.http-steps[0].path: '${t}' is not known here, expected a value that an earlier step saves",
            "7:68: error: pools.site.health.http-steps[0].save.u.regex: 'u' has no group, expected ( ) around what is to be saved",
            "7:73: error: pools.site.health.http-steps[0].save.v: has 0 of json, regex and header, expected exactly one of them",
            "8:42: error: pools.site.health.http-steps[1].headers.X: '${w}' is not known here, expected a value that an earlier step saves",
            "8:58: error: pools.site.health.http-steps[1].headers.Y: 'a\\u000ab' has control characters, expected one line of text");
  }

  @Test
  void wantsAbsolutePathsOfPrograms() {
    assertThat(findings("health: { command: { command: [check] } }"))
        .containsExactly(
            "5:36: error: pools.site.health.command.command[0]: 'check' is no absolute path, expected /...");
    assertThat(findings("health: { command: { command: [] } }")).hasSize(1);
    assertThat(findings("health: { dns: { name: a, type: mx, expect-address: 1.2.3.4 } }"))
        .containsExactly(
            "5:57: error: pools.site.health.dns.expect-address: stands beside another type, expected type a or aaaa");
  }
}
