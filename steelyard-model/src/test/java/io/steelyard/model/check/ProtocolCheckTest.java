package io.steelyard.model.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.BalancerSpec;
import io.steelyard.model.Protocol;
import io.steelyard.model.read.ConfigReader;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A listener is asked only for what its protocol shows. */
class ProtocolCheckTest {
  private static final BalancerNames NAMES =
      new BalancerNames() {
        @Override
        public @Nullable String error(BalancerSpec spec) {
          return null;
        }

        @Override
        public @Nullable String missing(BalancerSpec spec, Protocol protocol) {
          return protocol == Protocol.TCP && spec.name().equals("uri-hash")
              ? "the URI of a request"
              : null;
        }
      };

  private static List<String> findings(String text) {
    return new ConfigReader(NAMES).readString("f", text).lines();
  }

  @Test
  void aTcpListenerNeedsNoMore() {
    assertThat(
            findings(
                """
                listeners: { r: { address: ":6379", protocol: tcp, pool: p } }
                pools: { p: { endpoints: ["a:1"] } }
                """))
        .isEmpty();
  }

  @Test
  void whatOnlyRequestsHaveIsRefused() {
    assertThat(
            findings(
                """
                listeners:
                  r:
                    address: ":6379"
                    protocol: tcp
                    limits: { fields: 5 }
                    forwarding: { via: false }
                    routes:
                      - { match: { host: a.b, path-prefix: /x }, pool: p }
                      - { pool: p }
                pools: { p: { endpoints: ["a:1"] } }
                """))
        .containsExactly(
            "f:5:5: error: listeners.r.limits: is about HTTP requests, which a listener of protocol tcp does not see, expected it to be left out",
            "f:6:5: error: listeners.r.forwarding: is about HTTP requests, which a listener of protocol tcp does not see, expected it to be left out",
            "f:8:26: error: listeners.r.routes[0].match.host: is about HTTP requests, which a listener of protocol tcp does not see, expected it to be left out",
            "f:8:44: error: listeners.r.routes[0].match.path-prefix: is about HTTP requests, which a listener of protocol tcp does not see, expected it to be left out");
  }

  @Test
  void aBalancerThatNeedsARequestIsRefused() {
    assertThat(
            findings(
                """
                listeners:
                  web: { address: ":80", pool: p }
                  r: { address: ":6379", protocol: tcp, pool: p }
                  s: { address: ":6380", protocol: tcp, pool: p }
                pools: { p: { endpoints: ["a:1"], balancer: uri-hash } }
                """))
        .containsExactly(
            "f:5:45: error: pools.p.balancer: uri-hash chooses by the URI of a request, which clients of listeners.r"
                + " (protocol tcp) do not show, expected another balancer or another pool for it");
  }

  @Test
  void queriesAreDatagrams() {
    assertThat(
            findings(
                """
                listeners:
                  dns:
                    address: ":53"
                    protocol: udp
                    routes:
                      - { match: { dns-name: "*.example.com", dns-type: AAAA }, pool: p }
                      - { pool: p }
                  web:
                    address: ":80"
                    routes: [{ match: { dns-type: A }, pool: p }]
                  tcp:
                    address: ":81"
                    protocol: tcp
                    routes: [{ match: { dns-name: a.b }, pool: p }]
                pools: { p: { endpoints: ["a:1"] } }
                """))
        .containsExactly(
            "f:10:35: error: listeners.web.routes[0].match.dns-type: is about DNS in datagrams, expected it to be left out, or protocol: udp",
            "f:14:35: error: listeners.tcp.routes[0].match.dns-name: is about DNS in datagrams, expected it to be left out, or protocol: udp");
  }

  @Test
  void datagramsHaveVersion2AndQuicHasWholeConnections() {
    assertThat(
            findings(
                """
                listeners:
                  a: { address: ":1", protocol: udp, pool: old, sessions: { quic: {}, answers: 1 } }
                  b: { address: ":2", protocol: udp, pool: new, sessions: { quic: { connection-id-length: 20 } } }
                pools:
                  old: { endpoints: ["a:1"], proxy-protocol: v1 }
                  new: { endpoints: ["a:1"], proxy-protocol: v2 }
                """))
        .hasSize(2)
        .anySatisfy(line ->
            assertThat(line)
                .contains("pools.old.proxy-protocol: is v1, which knows no UDP, expected v2"))
        .anySatisfy(line ->
            assertThat(line).contains("listeners.a.sessions.quic: stands beside 'answers'"));
  }

  @Test
  void whatOnlyConnectionsHaveIsRefused() {
    assertThat(
            findings(
                """
                listeners:
                  web:
                    address: ":80"
                    routes:
                      - { match: { sni: a.b, source: 10.0.0.0/8 }, pool: p }
                pools: { p: { endpoints: ["a:1"] } }
                """))
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).contains("is about connections"));
  }

  @Test
  void routesOfConnectionsThatAreNeverTaken() {
    assertThat(
            findings(
                """
                listeners:
                  r:
                    address: ":6379"
                    protocol: tcp
                    routes:
                      - { match: { sni: a.b }, pool: p }
                      - { match: { first-bytes: 'SSH-' }, pool: p }
                      - { match: { sni: A.b }, pool: p }
                      - { pool: p }
                      - { match: { alpn: h2 }, pool: p }
                pools: { p: { endpoints: ["a:1"] } }
                """))
        .hasSize(2)
        .satisfies(lines -> assertThat(lines.get(0)).startsWith("f:8:").contains("routes[0]"))
        .satisfies(lines -> assertThat(lines.get(1)).startsWith("f:10:").contains("routes[3]"));
  }

  @Test
  void whatDatagramsHaveNotIsRefused() {
    assertThat(
            findings(
                """
                listeners:
                  dns:
                    address: ":53"
                    protocol: udp
                    proxy-protocol: { trusted: [10.0.0.0/8] }
                    routes:
                      - { match: { sni: a.b }, pool: p }
                      - { match: { source: 10.0.0.0/8 }, pool: p }
                  same: { address: ":53", protocol: tcp, pool: q, sessions: { answers: 1 } }
                pools:
                  p: { endpoints: ["a:1"], proxy-protocol: v1 }
                  q: { endpoints: ["a:1"] }
                """))
        .hasSize(4)
        .anySatisfy(line -> assertThat(line).startsWith("f:5:").contains("dns.proxy-protocol"))
        .anySatisfy(line -> assertThat(line).startsWith("f:7:").contains("routes[0].match"))
        .anySatisfy(line -> assertThat(line).contains("same.sessions").contains("is about UDP"))
        .anySatisfy(line -> assertThat(line).contains("pools.p.proxy-protocol"));
  }

  @Test
  void badConditions() {
    assertThat(
            findings(
                """
                listeners:
                  r:
                    address: ":6379"
                    protocol: tcp
                    proxy-protocol: { trusted: [10.0.0.1/8, 10.0.0.0/33, here, "fd00::/8", 192.0.2.1] }
                    routes:
                      - { match: { first-bytes: 'a\\x1' }, pool: p }
                      - { match: { sni: 'a.*' }, pool: p }
                      - { match: { first-bytes-pattern: 'a(' }, pool: p }
                pools: { p: { endpoints: ["a:1"], proxy-protocol: v3 } }
                """))
        .anySatisfy(line -> assertThat(line).contains("trusted[0]").contains("beyond its prefix"))
        .anySatisfy(line -> assertThat(line).contains("trusted[1]").contains("expected 0 to 32"))
        .anySatisfy(line -> assertThat(line).contains("trusted[2]").contains("is not a network"))
        .anySatisfy(line -> assertThat(line).contains("first-bytes").contains("does not fit"))
        .anySatisfy(line -> assertThat(line).contains("sni").contains("does not fit"))
        .anySatisfy(line -> assertThat(line).contains("'a(' does not compile: missing closing )"))
        .anySatisfy(line -> assertThat(line).contains("expected v1 or v2"))
        .hasSize(7);
  }

  @Test
  void connectionsMayBeEncryptedAndDatagramsMayNot() {
    assertThat(
            findings(
                """
                listeners:
                  r:
                    address: ":6379"
                    protocol: tcp
                    pool: p
                    tls: { certificates: [{ certificate: a.pem }] }
                pools: { p: { endpoints: ["a:1"], tls: {} } }
                """))
        .isEmpty();
    assertThat(
            findings(
                """
                listeners:
                  dns:
                    address: ":53"
                    protocol: udp
                    pool: p
                    tls: { certificates: [{ certificate: a.pem }] }
                  r:
                    address: ":6379"
                    protocol: tcp
                    pool: q
                    tls:
                      certificates: [{ certificate: a.pem }]
                      client: { authorities: ca.pem, forward: true }
                pools: { p: { endpoints: ["a:1"], tls: {} }, q: { endpoints: ["a:1"] } }
                """))
        .hasSize(3)
        .anySatisfy(line -> assertThat(line).startsWith("f:6:").contains("dns.tls"))
        .anySatisfy(line -> assertThat(line).contains("pools.p.tls").contains("protocol udp"))
        .anySatisfy(line -> assertThat(line).startsWith("f:13:").contains("tls.client.forward"));
  }
}
