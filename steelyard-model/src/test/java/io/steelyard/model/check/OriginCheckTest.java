package io.steelyard.model.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.BalancerSpec;
import io.steelyard.model.Protocol;
import io.steelyard.model.read.ConfigReader;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Where a pool's connections may come from. */
class OriginCheckTest {
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

  private static List<String> findings(String transport, String pool) {
    return new ConfigReader(NAMES)
        .readString(
            "f",
            "transport: %s%nlisteners: { a: { address: \":80\", pool: p } }%npools:%n  p: %s%n"
                .formatted(transport, pool))
        .lines();
  }

  @Test
  void whatCanBeHadIsTaken() {
    assertThat(
            findings(
                "epoll",
                "{ endpoints: [10.0.0.1:80, a:80], socket: { source-address: 10.0.0.9, network-interface: eth1.5, transparent: true } }"))
        .isEmpty();
    assertThat(
            findings(
                "nio",
                "{ endpoints: ['[fd00::1]:80', unix:/a], socket: { source-address: 'fd00::9' } }"))
        .containsExactly(
            "f:4:36: error: pools.p.endpoints[1].address: is a Unix socket, which transport nio does not have, expected HOST:PORT, or transport: epoll");
  }

  @Test
  void addressesAreOfOneFamily() {
    assertThat(
            findings(
                "epoll",
                "{ endpoints: [10.0.0.1:80, '[fd00::1]:80'], socket: { source-address: 10.0.0.9 } }"))
        .singleElement()
        .asString()
        .contains(
            "pools.p.endpoints[1].address: [fd00::1]:80 is of another family than source-address 10.0.0.9");
  }

  @Test
  void onlyEpollHasTheRest() {
    assertThat(
            findings(
                "nio",
                "{ endpoints: [10.0.0.1:80], socket: { network-interface: eth1, transparent: true } }"))
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).contains("cannot be had of transport nio"));
  }

  @Test
  void sharedConnectionsHaveNoClient() {
    assertThat(
            findings(
                "epoll",
                "{ endpoints: [10.0.0.1:80], http: { version: 2 }, socket: { transparent: true } }"))
        .singleElement()
        .asString()
        .contains("pools.p.socket.transparent: cannot be with 'http: 2'");
  }

  @Test
  void whatIsNoAddressAndNoInterface() {
    assertThat(
            findings(
                "epoll",
                "{ endpoints: [10.0.0.1:80], socket: { source-address: 10.0.0.300, network-interface: 'a/b' } }"))
        .hasSize(2)
        .anySatisfy(line -> assertThat(line).contains("is 10.0.0.300, expected an IP address"))
        .anySatisfy(line -> assertThat(line).contains("expected the name of an interface"));
  }
}
