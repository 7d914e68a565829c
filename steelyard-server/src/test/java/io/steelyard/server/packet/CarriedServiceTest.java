package io.steelyard.server.packet;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.PoolState;
import io.steelyard.model.read.ConfigReader;
import io.steelyard.packet.PacketEndpoint;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which endpoints of a pool a table has, with which weights. */
class CarriedServiceTest {
  private List<Endpoint> endpoints = List.of();

  private CarriedService service(int port, String poolKey) {
    var text =
        """
        packet: { interfaces: [eth0] }
        listeners: { web: { address: 10.0.0.1:%d, protocol: packet, pool: web, packet: { mode: nat } } }
        pools:
          web:
            balancer: maglev
            %s
            endpoints:
              - { address: 10.1.0.1:80, weight: 2 }
              - { address: 10.1.0.2:80 }
              - { address: 10.1.0.3:80, priority: 1, weight: 5 }
              - { address: 10.1.0.4:80, priority: 2 }
        """
            .formatted(port, poolKey);
    var configuration = requireNonNull(new ConfigReader().readString("test", text).configuration());
    var pool = requireNonNull(configuration.pools().get("web"));
    endpoints = new PoolState("web").endpoints(pool.endpoints());
    return new CarriedService(
        "web", requireNonNull(configuration.listeners().get("web")), pool, endpoints);
  }

  private static PacketEndpoint at(int last, int port) {
    return new PacketEndpoint(InetAddress.ofLiteral("10.1.0." + last), port);
  }

  /** With these endpoints up. */
  private Map<PacketEndpoint, Integer> weights(CarriedService service, Integer... up) {
    var places = Set.of(up);
    return service.weights(
        endpoints.stream().filter(each -> places.contains(each.index() + 1)).toList());
  }

  private static Map<PacketEndpoint, Integer> expected(int... lastAndWeight) {
    var expected = new LinkedHashMap<PacketEndpoint, Integer>();
    for (int i = 0; i < lastAndWeight.length; i += 2) {
      expected.put(at(lastAndWeight[i], 80), lastAndWeight[i + 1]);
    }
    return expected;
  }

  /** A backup is listed without a share, so that what it took keeps it when the others are back. */
  @Test
  void backupsServeWhenThoseBeforeThemAreGone() {
    var service = service(80, "");
    assertThat(weights(service, 1, 2, 3, 4)).isEqualTo(expected(1, 2, 2, 1, 3, 0, 4, 0));
    assertThat(weights(service, 2, 3, 4)).isEqualTo(expected(2, 1, 3, 0, 4, 0));
    assertThat(weights(service, 3, 4)).isEqualTo(expected(3, 5, 4, 0));
    assertThat(weights(service, 4)).isEqualTo(expected(4, 1));
    assertThat(weights(service, 1, 3)).isEqualTo(expected(1, 2, 3, 0));
    assertThat(weights(service)).isEmpty();
  }

  @Test
  void asManyAsThePoolWantsServe() {
    var service = service(80, "priorities: { minimum-active: 2 }");
    assertThat(weights(service, 1, 2, 3, 4)).isEqualTo(expected(1, 2, 2, 1, 3, 0, 4, 0));
    assertThat(weights(service, 2, 3, 4)).isEqualTo(expected(2, 1, 3, 5, 4, 0));
    assertThat(weights(service, 2, 4)).isEqualTo(expected(2, 1, 4, 1));
  }

  @Test
  void tablesHaveTheSharesOfTheWeights() {
    var service = service(80, "");
    var table = service.table(weights(service, 1, 2, 3, 4));
    assertThat(table.endpoints()).containsExactly(at(1, 80), at(2, 80), at(3, 80), at(4, 80));
    assertThat(service(0, "").packetEndpoint(endpoints.getFirst())).isEqualTo(at(1, 0));
  }
}
