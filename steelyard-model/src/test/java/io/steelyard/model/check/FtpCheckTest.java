package io.steelyard.model.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.BalancerSpec;
import io.steelyard.model.Protocol;
import io.steelyard.model.read.ConfigReader;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** FTP is read only where it can be. */
class FtpCheckTest {
  private static final BalancerNames NAMES =
      new BalancerNames() {
        @Override
        public @Nullable String error(BalancerSpec spec) {
          return null;
        }

        @Override
        public @Nullable String missing(BalancerSpec spec, Protocol protocol) {
          return null;
        }
      };

  private static List<String> findings(String text) {
    return new ConfigReader(NAMES).readString("f", text).lines();
  }

  @Test
  void whatFitsIsTaken() {
    assertThat(
            findings(
                """
                listeners:
                  a: { address: ":21", protocol: tcp, pool: p, ftp: {} }
                  b:
                    address: ":2121"
                    protocol: tcp
                    routes: [{ match: { source: 10.0.0.0/8 }, pool: p }]
                    ftp: { first-port: 50000, last-port: 50099, advertised-address: 192.0.2.1, data-timeout: 5s }
                pools: { p: { endpoints: ["a:21"] } }
                """))
        .isEmpty();
  }

  @Test
  void whatDoesNotIsRefused() {
    assertThat(
            findings(
                """
                listeners:
                  a: { address: ":80", pool: p, ftp: {} }
                  b: { address: ":21", protocol: tcp, pool: q, ftp: { first-port: 50 } }
                  c:
                    address: unix:/a
                    protocol: tcp
                    routes: [{ match: { first-bytes: USER }, pool: p }]
                    ftp: {}
                pools:
                  p: { endpoints: ["a:21"] }
                  q: { endpoints: ["a:21"], tls: {}, socket: { transparent: true } }
                """))
        .hasSize(6)
        .anySatisfy(line -> assertThat(line).contains("listeners.a.ftp: is about TCP"))
        .anySatisfy(line ->
            assertThat(line).contains("listeners.b.ftp.last-port: is 0 and 'first-port' is 50"))
        .anySatisfy(line -> assertThat(line).contains("pools.q.tls"))
        .anySatisfy(line -> assertThat(line).contains("pools.q.socket.transparent"))
        .anySatisfy(line -> assertThat(line).contains("listeners.c.address: is a Unix socket"))
        .anySatisfy(line -> assertThat(line).contains("the server speaks first"));
  }
}
