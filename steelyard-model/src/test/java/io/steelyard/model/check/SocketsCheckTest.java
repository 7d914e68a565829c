package io.steelyard.model.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.BalancerSpec;
import io.steelyard.model.Protocol;
import io.steelyard.model.read.ConfigReader;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Unix sockets and ranges of ports stand where they can be had, and fit each other. */
class SocketsCheckTest {
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
                  a: { address: 127.0.0.1:6000-6009, protocol: tcp, pool: mapped }
                  b: { address: "[::1]:6000-6009", protocol: udp, pool: mapped }
                  c: { address: 127.0.0.1:7000-7009, pool: one }
                  d: { address: unix:/run/web.sock, pool: one, socket: { mode: "600" } }
                  e: { address: unix:/run/db.sock, protocol: tcp, pool: local }
                pools:
                  mapped: { endpoints: [10.0.0.1:16000-16009, 10.0.0.2:6000] }
                  one: { endpoints: [unix:/run/app.sock, 10.0.0.2:80] }
                  local: { endpoints: [{ address: unix:/run/mysqld.sock, weight: 2 }] }
                """))
        .isEmpty();
  }

  @Test
  void rangesThatOverlapAreRefused() {
    assertThat(
            findings(
                """
                listeners:
                  a: { address: 127.0.0.1:6000-6009, protocol: tcp, pool: p }
                  b: { address: 127.0.0.1:6009, protocol: tcp, pool: p }
                  c: { address: ":5999-6000", protocol: tcp, pool: p }
                  d: { address: unix:/a, protocol: tcp, pool: p }
                  e: { address: unix:/a, pool: p }
                pools: { p: { endpoints: ["a:1"] } }
                """))
        .containsExactly(
            "f:3:17: error: listeners.b.address: 127.0.0.1:6009 is already taken by listeners.a, expected an address of its own for each listener",
            "f:4:17: error: listeners.c.address: :5999-6000 is already taken by listeners.a, expected an address of its own for each listener",
            "f:6:17: error: listeners.e.address: unix:/a is already taken by listeners.d, expected an address of its own for each listener");
  }

  @Test
  void rangesOfEndpointsFitTheListener() {
    assertThat(
            findings(
                """
                listeners:
                  a: { address: 127.0.0.1:6000-6009, protocol: tcp, pool: p }
                  b: { address: 127.0.0.1:80-81, pool: q }
                pools:
                  p: { endpoints: [10.0.0.1:100-101] }
                  q: { endpoints: [10.0.0.1:100-101, a:1-2] }
                """))
        .containsExactly(
            "f:5:20: error: pools.p.endpoints[0].address: has 2 ports and listeners.a has 10, expected as many, or one",
            "f:6:20: error: pools.q.endpoints[0].address: is a range of ports, which is for protocol tcp and udp, expected one port: listeners.b has protocol http",
            "f:6:38: error: pools.q.endpoints[1].address: is a range of ports, which is for protocol tcp and udp, expected one port: listeners.b has protocol http",
            "f:6:38: error: pools.q.endpoints[1].address: is a range of ports of a name, expected one of an IP address");
  }

  @Test
  void whereThereIsNoUnixSocketItIsSaid() {
    assertThat(
            findings(
                """
                transport: nio
                listeners:
                  a: { address: unix:/a, pool: p }
                  b: { address: unix:/b, protocol: udp, pool: q }
                pools:
                  p: { endpoints: ["a:1"] }
                  q: { endpoints: [unix:/c], health: { tcp: {} }, tls: {} }
                """))
        .anySatisfy(line ->
            assertThat(line)
                .isEqualTo(
                    "f:3:17: error: listeners.a.address: is a Unix socket, which transport nio does not have, expected HOST:PORT, or transport: epoll"))
        .anySatisfy(line ->
            assertThat(line)
                .contains("listeners.b.address: is a Unix socket, which carries connections"))
        .anySatisfy(line ->
            assertThat(line).contains("pools.q.endpoints[0]").contains("datagrams of listeners.b"))
        .anySatisfy(line -> assertThat(line).contains("pools.q.health: cannot probe unix:/c"))
        .anySatisfy(line -> assertThat(line).contains("checks the name in its certificate"));
  }

  @Test
  void otherAddressesAreNone() {
    assertThat(
            findings(
                """
                admin: { address: unix:/run/admin.sock }
                listeners: { a: { address: ":80", pool: p, socket: { mode: "0660" } } }
                pools: { p: { endpoints: ["a:1"] } }
                """))
        .hasSize(2)
        .anySatisfy(line -> assertThat(line).contains("expected HOST:PORT"))
        .anySatisfy(line -> assertThat(line).contains("three octal digits"));
  }
}
