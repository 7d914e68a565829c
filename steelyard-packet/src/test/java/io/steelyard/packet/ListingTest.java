package io.steelyard.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ListingTest {
  @Test
  void servicesAndEndpointsAreListedAsByIpvsadm() {
    var service =
        new VirtualService(Frame.address("192.0.2.1"), 80, Transport.TCP, new Forwarding.Nat());
    var first = new PacketEndpoint(Frame.address("10.20.0.21"), 8080);
    var second = new PacketEndpoint(Frame.address("10.20.0.22"), 8080);
    var counters =
        new Counters(
            Map.of(
                second, new Counters.EndpointCounters(0, 0, 0, 0, 9, 1, 2),
                first, new Counters.EndpointCounters(0, 0, 0, 0, 99, 12, 345)),
            Map.of(),
            Counters.Handshakes.NONE);
    var entry = new Listing.Entry(service, Map.of(first, 3), counters);
    assertThat(Listing.of(4096, List.of(entry)).lines().map(String::stripTrailing))
        .containsExactly(
            "IP Virtual Server version 1.2.1 (size=4096)",
            "Prot LocalAddress:Port Scheduler Flags",
            "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn",
            "TCP  192.0.2.1:80 mh",
            "  -> 10.20.0.21:8080              Masq    3      12         345",
            "  -> 10.20.0.22:8080              Masq    0      1          2");
  }
}
