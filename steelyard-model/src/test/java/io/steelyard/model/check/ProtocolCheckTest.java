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
}
