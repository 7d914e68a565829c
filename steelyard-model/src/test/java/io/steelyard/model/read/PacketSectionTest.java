package io.steelyard.model.read;

import static io.steelyard.model.read.Reading.findings;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PacketSectionTest {
  private static final String PLANE = "packet: { interfaces: [eth0] }\n";

  private static List<String> service(String address, String packet, String pool) {
    return findings(
        PLANE
            + "listeners: { web: { address: \""
            + address
            + "\", protocol: packet, pool: site, packet: { "
            + packet
            + " } } }\n"
            + "pools: { site: { "
            + pool
            + " } }\n");
  }

  private static List<String> service(String packet) {
    return service("10.0.0.1:80", packet, "endpoints: [10.1.0.1:80]");
  }

  /** Without lines and columns. */
  private static List<String> bare(List<String> findings) {
    return findings.stream().map(line -> line.replaceAll("^[0-9:]+: ", "")).toList();
  }

  @Test
  void goodOnes() {
    assertThat(service("mode: nat")).isEmpty();
    assertThat(service("mode: dr, transport: udp, one-packet: true")).isEmpty();
    assertThat(service("mode: fullnat, local-addresses: [10.1.0.200]")).isEmpty();
    assertThat(service("mode: tun, tunnel: { source: 10.1.0.2, mtu: 9000 }")).isEmpty();
    assertThat(service("10.0.0.1:81", "mode: nat", "endpoints: [10.1.0.1:80]")).isEmpty();
    assertThat(service("10.0.0.1:0", "mode: dr", "endpoints: [10.1.0.1:80]")).isEmpty();
    assertThat(service("[fd00::1]:80", "mode: dr", "endpoints: [\"[fd01::1]:80\"]")).isEmpty();
    assertThat(service("10.0.0.1:0", "mode: nat, transport: any", "endpoints: [10.1.0.1:80]"))
        .isEmpty();
  }

  @Test
  void portMappingOfModesThatLeaveThePacketAsItIs() {
    assertThat(service("10.0.0.1:81", "mode: dr", "endpoints: [10.1.0.1:80]"))
        .containsExactlyInAnyOrder(
            "3:30: error: pools.site.endpoints[0].address: 10.1.0.1:80 has another port than listeners.web, 81: mode dr leaves the packet as it is, only nat and fullnat map ports");
    assertThat(
            service(
                "10.0.0.1:81",
                "mode: tun, tunnel: { source: 10.1.0.2, mtu: 9000 }",
                "endpoints: [10.1.0.1:80]"))
        .singleElement()
        .asString()
        .contains("mode tun leaves the packet as it is");
  }

  @Test
  void addressesThatPacketsCannotHave() {
    assertThat(bare(service("www.example.com:80", "mode: nat", "endpoints: [10.1.0.1:80]")))
        .containsExactlyInAnyOrder(
            "error: listeners.web.address: 'www.example.com:80' is not one IP address, expected the virtual address that clients speak to");
    assertThat(bare(service(":80", "mode: nat", "endpoints: [10.1.0.1:80]"))).hasSize(1);
    assertThat(bare(service("10.0.0.1:80", "mode: nat", "endpoints: [\"[fd01::1]:80\", a:80]")))
        .containsExactlyInAnyOrder(
            "error: pools.site.endpoints[0].address: 'fd01::1' cannot serve listeners.web, expected an IPv4 address: packets know no names and stay in their family",
            "error: pools.site.endpoints[1].address: 'a' cannot serve listeners.web, expected an IPv4 address: packets know no names and stay in their family");
  }

  @Test
  void whatTheModeNeedsAndDoesNotKnow() {
    assertThat(bare(service("mode: fullnat")))
        .containsExactlyInAnyOrder(
            "error: listeners.web.packet.local-addresses: are missing, expected them with mode fullnat");
    assertThat(bare(service("mode: nat, local-addresses: [10.1.0.1]")))
        .containsExactlyInAnyOrder(
            "error: listeners.web.packet.local-addresses: stand beside another mode, expected mode: fullnat");
    assertThat(
            bare(
                service(
                    "mode: fullnat, local-addresses: [\"fd00::1\"], first-local-port: 9, last-local-port: 8")))
        .containsExactlyInAnyOrder(
            "error: listeners.web.packet.local-addresses[0]: 'fd00::1' is not an address of the listener's family, expected IPv4",
            "error: listeners.web.packet.first-local-port: is 9, expected no more than the last, 8");
    assertThat(bare(service("mode: tun")))
        .containsExactlyInAnyOrder(
            "error: listeners.web.packet.tunnel: is missing, expected it with mode tun");
    assertThat(bare(service("mode: dr, tunnel: { source: 10.1.0.2 }")))
        .containsExactlyInAnyOrder(
            "error: listeners.web.packet.tunnel: stands beside another mode, expected mode: tun");
    assertThat(bare(service("mode: nat, address-interface: \"a b\"")))
        .containsExactlyInAnyOrder(
            "error: listeners.web.packet.address-interface: 'a b' is no interface's name, expected one such as eth0, or '-'");
  }

  @Test
  void aClientsAddressIsAnOptionOfTcpInFullNat() {
    assertThat(service("mode: fullnat, local-addresses: [10.1.0.200], client-address: toa"))
        .isEmpty();
    assertThat(bare(service("mode: nat, client-address: toa")))
        .containsExactly(
            "error: listeners.web.packet.client-address: is toa, an option of TCP for endpoints that do not see the client, expected mode: fullnat and transport: tcp");
    assertThat(
            bare(
                service(
                    "mode: fullnat, transport: udp, local-addresses: [10.1.0.200], client-address: toa")))
        .hasSize(1);
  }

  @Test
  void aClientsAddressBeforeItsBytesIsForFullNat() {
    for (var transport : List.of("tcp", "udp")) {
      assertThat(
              service(
                  "mode: fullnat, local-addresses: [10.1.0.200], client-address: proxy-v2, transport: "
                      + transport))
          .isEmpty();
    }
    assertThat(bare(service("mode: dr, client-address: proxy-v2")))
        .containsExactly(
            "error: listeners.web.packet.client-address: is proxy-v2, for endpoints that do not see the client, expected mode: fullnat");
  }

  @Test
  void copiesNeedATapAndSomebodyWhoWantsThem() {
    var rest =
        "listeners: { web: { address: 10.0.0.1:80, protocol: packet, pool: site, packet: { mode: nat%s } } }\n"
            + "pools: { site: { endpoints: [10.1.0.1:80] } }\n";
    var mirror = "packet: { interfaces: [eth0], mirror: { tap: %s, sources: [10.9.0.0/16] } }\n";
    assertThat(findings(mirror.formatted("span0") + rest.formatted(", mirror: true"))).isEmpty();
    assertThat(bare(findings(PLANE + rest.formatted(", mirror: true"))))
        .containsExactly(
            "error: listeners.web.packet.mirror: is true without packet.mirror, expected it with its tap");
    assertThat(bare(findings(mirror.formatted("eth0") + rest.formatted(""))))
        .containsExactlyInAnyOrder(
            "error: packet.mirror.tap: 'eth0' is one of 'interfaces', expected one of its own",
            "warning: packet.mirror: is not used by any listener, expected one with mirror: true");
    assertThat(bare(findings(mirror.formatted("a/b") + rest.formatted(", mirror: true"))))
        .containsExactly(
            "error: packet.mirror.tap: 'a/b' is no interface's name, expected one such as eth2");
  }

  @Test
  void tunnelsThatMakePacketsTooLarge() {
    assertThat(bare(service("mode: tun, tunnel: { source: 10.1.0.2, encapsulation: gue }")))
        .singleElement()
        .asString()
        .startsWith("warning: listeners.web.packet.tunnel: adds 28 bytes: clients' packets");
  }

  @Test
  void transports() {
    assertThat(bare(service("mode: nat, transport: icmp")))
        .containsExactlyInAnyOrder(
            "error: listeners.web.address: has port 80, and its transport has none, expected port 0");
    assertThat(
            bare(
                service(
                    "10.0.0.1:0",
                    "mode: fullnat, transport: any, local-addresses: [10.1.0.200]",
                    "endpoints: [10.1.0.1:80]")))
        .containsExactlyInAnyOrder(
            "error: listeners.web.packet.transport: has no ports, by which fullnat tells connections apart, expected tcp or udp");
    assertThat(bare(service("mode: nat, transport: udp, one-packet: true")))
        .containsExactlyInAnyOrder(
            "error: listeners.web.packet.one-packet: is for transport udp with mode dr or tun: answers of nat need a connection");
  }

  @Test
  void schedulers() {
    assertThat(
            bare(
                service(
                    "10.0.0.1:80",
                    "mode: nat",
                    "balancer: least-response-time, endpoints: [10.1.0.1:80]")))
        .containsExactlyInAnyOrder(
            "error: listeners.web.packet.scheduler: is missing, and the pool's balancer, least-response-time, needs what only the proxy sees, expected maglev, round-robin, source-hash or least-connections");
    assertThat(bare(service("mode: nat, scheduler: maglev, persistence: { source-prefix: 33 }")))
        .containsExactlyInAnyOrder(
            "error: listeners.web.packet.persistence.source-prefix: is 33, expected no more than the address has: 32",
            "error: listeners.web.packet.scheduler: stands beside 'persistence', which chooses by the client's network, expected one of the two");
  }

  /** Each of them leads to a word that is taken. */
  @Test
  void schedulersOfLvsThatAreNotHere() {
    for (var word :
        List.of(
            "rr", "wrr", "lc", "wlc", "sed", "nq", "sh", "mh", "dh", "lblc", "lblcr", "ovf",
            "fo")) {
      assertThat(service("mode: nat, scheduler: " + word))
          .singleElement()
          .asString()
          .contains(
              "error: listeners.web.packet.scheduler: '" + word + "' is LVS's ", ", expected ");
    }
    assertThat(bare(service("mode: nat, scheduler: lblc")))
        .containsExactly(
            "error: listeners.web.packet.scheduler: 'lblc' is LVS's for caches: by destination, which is the same for all clients of a listener, expected maglev or source-hash, or the balancers lblc and lblcr with protocol http");
    assertThat(bare(service("mode: nat, scheduler: fastest")))
        .containsExactly(
            "error: listeners.web.packet.scheduler: 'fastest' is not known, expected maglev, round-robin, source-hash or least-connections");
  }

  /** Where the table has the pool's rule, it is used. */
  @Test
  void balancersThatTheTableKnows() {
    for (var balancer :
        List.of(
            "round-robin",
            "maglev",
            "source-hash",
            "least-connections",
            "weighted-least-connections",
            "shortest-expected-delay")) {
      assertThat(
              service(
                  "10.0.0.1:80",
                  "mode: nat",
                  "balancer: " + balancer + ", endpoints: [10.1.0.1:80]"))
          .isEmpty();
    }
    for (var balancer : List.of("lblc", "never-queue", "destination-hash", "two-choices")) {
      assertThat(
              bare(
                  service(
                      "10.0.0.1:80",
                      "mode: nat",
                      "balancer: " + balancer + ", endpoints: [10.1.0.1:80]")))
          .contains(
              "error: listeners.web.packet.scheduler: is missing, and the pool's balancer, "
                  + balancer
                  + ", needs what only the proxy sees, expected maglev, round-robin, source-hash or least-connections");
    }
  }

  @Test
  void whatOnlyTheProxyDoes() {
    assertThat(
            bare(
                findings(
                    PLANE
                        + "listeners: { web: { address: 10.0.0.1:80, protocol: packet, pool: site, max-connections: 1, limits: { fields: 7 }, packet: { mode: nat } } }\n"
                        + "pools: { site: { endpoints: [{ address: 10.0.0.2:80, max-in-flight: 3 }], slow-start: {} } }\n")))
        .containsExactlyInAnyOrder(
            "error: listeners.web.limits: is about HTTP requests, which a listener of protocol packet does not see, expected it to be left out",
            "error: listeners.web.max-connections: has no meaning with protocol packet: the kernel carries its packets",
            "warning: pools.site.endpoints[0].max-in-flight: is not kept by the packet plane (listeners.web)",
            "warning: pools.site.slow-start: is not done by the packet plane (listeners.web)");
  }

  @Test
  void sectionsWithoutTheOther() {
    var listener = "address: 10.0.0.1:80, pool: site";
    var pools = "pools: { site: { endpoints: [10.1.0.1:80] } }\n";
    assertThat(
            bare(
                findings(
                    "listeners: { web: { "
                        + listener
                        + ", protocol: packet, packet: { mode: nat } } }\n"
                        + pools)))
        .containsExactlyInAnyOrder(
            "error: listeners.web.protocol: is packet, expected a section 'packet' with its interfaces, too");
    assertThat(
            bare(
                findings(
                    PLANE
                        + "listeners: { web: { "
                        + listener
                        + ", packet: { mode: nat } } }\n"
                        + pools)))
        .containsExactlyInAnyOrder(
            "error: listeners.web.packet: stands beside another protocol, expected protocol: packet",
            "warning: packet: is not used by any listener");
    assertThat(
            bare(
                findings(
                    PLANE
                        + "listeners: { web: { "
                        + listener
                        + ", protocol: packet } }\n"
                        + pools)))
        .containsExactlyInAnyOrder(
            "error: listeners.web.packet: is missing, expected it with protocol packet");
  }

  @Test
  void theSameServiceTwice() {
    var both =
        "listeners:\n"
            + "  a: { address: 10.0.0.1:80, protocol: packet, pool: site, packet: { mode: nat } }\n"
            + "  b: { address: 10.0.0.1:80, protocol: packet, pool: site, packet: { mode: nat%s } }\n"
            + "pools: { site: { endpoints: [10.1.0.1:80] } }\n";
    assertThat(findings(PLANE + both.formatted(", transport: udp"))).isEmpty();
    assertThat(bare(findings(PLANE + both.formatted(""))))
        .containsExactlyInAnyOrder(
            "error: listeners.b.address: 10.0.0.1:80 is already taken by listeners.a, expected an address, a port or a transport of its own for each listener");
  }

  @Test
  void planes() {
    var rest =
        "listeners: { web: { address: 10.0.0.1:80, protocol: packet, pool: site, packet: { mode: nat } } }\n"
            + "pools: { site: { endpoints: [10.1.0.1:80] } }\n";
    assertThat(bare(findings("packet: { interfaces: [], pins: x }\n" + rest)))
        .containsExactlyInAnyOrder(
            "error: packet.interfaces: is empty, expected a list; each item text (in quotes when it looks like a number)",
            "error: packet.pins: 'x' is no absolute path, expected one such as /sys/fs/bpf/x");
    assertThat(
            bare(
                findings(
                    "packet: { interfaces: [eth0], xdp: generic, pins: \"\", on-stop: keep }\n"
                        + rest)))
        .containsExactlyInAnyOrder(
            "error: packet.on-stop: is keep without 'pins', expected a directory that keeps it all",
            "warning: packet.xdp: is generic: several times the cost of native; for drivers that have no other");
  }

  @Test
  void protection() {
    var rest =
        "listeners: { web: { address: 10.0.0.1:80, protocol: packet, pool: site, packet: { mode: nat } } }\n"
            + "pools: { site: { endpoints: [10.1.0.1:80] } }\n";
    var plane = "packet: { interfaces: [eth0], protection: { %s } }\n" + rest;
    assertThat(
            findings(
                plane.formatted(
                    "deny: [10.0.0.0/8, \"fd00::/8\"], allow: [10.7.0.0/16, \"fd00::7\"], file: /etc/x, packets-per-source: { per-second: 1000 }, connections-per-source: { per-second: 10, burst: 20 }, syn-proxy: { when: always }")))
        .isEmpty();
    assertThat(
            bare(
                findings(
                    plane.formatted(
                        "deny: [10.7.0.0/16], allow: [10.7.0.0/16, 10.0.0.0/8, \"fd00::7\"]"))))
        .containsExactlyInAnyOrder(
            "error: packet.protection.allow[0]: 10.7.0.0/16 is denied, too, expected one of the two",
            "warning: packet.protection.allow[1]: 10.0.0.0/8 is within no network that is denied: it may come in anyway",
            "warning: packet.protection.allow[2]: fd00::7/128 is within no network that is denied: it may come in anyway");
    assertThat(
            findings(
                plane.formatted(
                    "rules: [{ action: allow, source: 10.0.0.0/8 }, { transport: udp, first-port: 53, last-port: 53 }, {}]")))
        .isEmpty();
    assertThat(
            bare(
                findings(
                    plane.formatted(
                        "rules: [{ first-port: 80, last-port: 79, first-source-port: 9, last-source-port: 1 }, { source: 10.0.0.0/8, destination: \"fd00::/8\" }, { transport: icmp, first-port: 1 }, "
                            + "{}, ".repeat(64)
                            + "{}]"))))
        .containsExactlyInAnyOrder(
            "error: packet.protection.rules: are 68, expected 64 at most",
            "error: packet.protection.rules[0].first-port: is 80, expected no more than the last, 79",
            "error: packet.protection.rules[0].first-source-port: is 9, expected no more than the last, 1",
            "error: packet.protection.rules[1].destination: fd00::/8 is of another family than the source, 10.0.0.0/8: no packet is like this",
            "error: packet.protection.rules[2].transport: has no ports, expected tcp or udp beside ports");
    assertThat(bare(findings(plane.formatted("file: networks, packets-per-source: {}"))))
        .containsExactlyInAnyOrder(
            "error: packet.protection.file: 'networks' is no absolute path, expected one such as /etc/steelyard/networks",
            "error: packet.protection.packets-per-source.per-second: is missing, expected a whole number without quotes");
  }
}
