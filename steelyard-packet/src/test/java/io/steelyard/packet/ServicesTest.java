package io.steelyard.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.steelyard.packet.bpf.NeedsRoot;
import io.steelyard.packet.bpf.ObjectFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which packets are a service's, and what cannot be one. */
@NeedsRoot
class ServicesTest {
  private static final InetAddress VIP = Frame.address("192.0.2.1");
  private static final InetAddress VIP6 = Frame.address("2001:db8::1");
  private static final InetAddress CLIENT = Frame.address("10.9.1.1");
  private static final InetAddress CLIENT6 = Frame.address("2001:db8:9::1");
  private static final byte[] NOTHING = new byte[0];

  private final Bench bench = new Bench();

  @AfterEach
  void close() {
    bench.close();
  }

  private void serve(InetAddress vip, int port, Transport transport, Forwarding forwarding) {
    var prefix = vip.equals(VIP) ? "10.20.0." : "2001:db8:20::";
    bench.serve(
        new VirtualService(vip, port, transport, forwarding), Bench.endpoints(prefix, 3, 0));
  }

  private int verdict(Frame frame) {
    return bench.run(frame).verdict();
  }

  @Test
  void otherPortsAndAddressesAreTheKernels() {
    serve(VIP, 80, Transport.TCP, new Forwarding.Nat());
    assertThat(verdict(Frame.tcp(CLIENT, 2000, VIP, 81, Frame.SYN, NOTHING))).isEqualTo(Bench.PASS);
    assertThat(verdict(Frame.udp(CLIENT, 2000, VIP, 80, NOTHING))).isEqualTo(Bench.PASS);
    assertThat(verdict(Frame.icmp(CLIENT, VIP, 8, 0, 0, NOTHING))).isEqualTo(Bench.PASS);
    var other = Frame.address("192.0.2.2");
    assertThat(verdict(Frame.tcp(CLIENT, 2000, other, 80, Frame.SYN, NOTHING)))
        .isEqualTo(Bench.PASS);
  }

  @Test
  void aServiceOfAllPortsKeepsThePort() {
    serve(VIP, 0, Transport.TCP, new Forwarding.Nat());
    var out = bench.sent(Frame.tcp(CLIENT, 2000, VIP, 4711, Frame.SYN, NOTHING));
    assertThat(out.destinationPort()).isEqualTo(4711);
    assertThat(verdict(Frame.udp(CLIENT, 2000, VIP, 4711, NOTHING))).isEqualTo(Bench.PASS);
  }

  @Test
  void theMoreSpecificServiceWins() {
    serve(VIP, 0, Transport.ANY, new Forwarding.Direct());
    serve(VIP, 0, Transport.TCP, new Forwarding.Direct());
    var special = new VirtualService(VIP, 80, Transport.TCP, new Forwarding.Nat());
    bench.serve(special, Bench.endpoints("10.20.0.", 3, 8080));
    assertThat(bench.sent(Frame.tcp(CLIENT, 1, VIP, 80, Frame.SYN, NOTHING)).destinationPort())
        .isEqualTo(8080);
    assertThat(bench.sent(Frame.tcp(CLIENT, 1, VIP, 81, Frame.SYN, NOTHING)).destination())
        .isEqualTo(VIP);
    assertThat(bench.sent(Frame.udp(CLIENT, 1, VIP, 81, NOTHING)).destination()).isEqualTo(VIP);
  }

  @Test
  void anyProtocolIsCarried() {
    serve(VIP, 0, Transport.ANY, new Forwarding.Nat());
    int gre = 47;
    var out = bench.sent(Frame.packet(CLIENT, VIP, gre, new byte[32]));
    assertThat(out.checksumProblem()).isEmpty();
    var back = bench.sent(Frame.packet(out.destination(), CLIENT, gre, new byte[16]));
    assertThat(back.source()).isEqualTo(VIP);
    assertThat(back.checksumProblem()).isEmpty();
  }

  /** Where ports do not matter, protocols do not either: ESP and SCTP here. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void drAndTunnelsCarryAnyProtocolAsItIs(boolean v4) {
    var vip = v4 ? VIP : VIP6;
    var client = v4 ? CLIENT : CLIENT6;
    serve(vip, 0, Transport.ANY, new Forwarding.Direct());
    var esp = Frame.packet(client, vip, 50, new byte[48]);
    assertThat(bench.sent(esp).ipBytes()).isEqualTo(esp.ipBytes());
    var tunnel =
        new Forwarding.Tunnel(Frame.address(v4 ? "172.16.0.1" : "2001:db8:f::1"), 0, false);
    serve(vip, 0, Transport.ANY, tunnel);
    var sctp = Frame.packet(client, vip, 132, new byte[64]);
    var outer = bench.sent(sctp);
    assertThat(outer.checksumProblem()).isEmpty();
    assertThat(outer.inner().ipBytes()).isEqualTo(sctp.ipBytes());
  }

  @Test
  void pingReachesAnEndpointAndTheAnswerComesFromTheService() {
    serve(VIP, 0, Transport.ICMP, new Forwarding.Nat());
    serve(VIP6, 0, Transport.ICMP, new Forwarding.Nat());
    var out = bench.sent(Frame.icmp(CLIENT, VIP, 8, 0, 77, new byte[40]));
    assertThat(out.checksumProblem()).isEmpty();
    var back = bench.sent(Frame.icmp(out.destination(), CLIENT, 0, 0, 77, new byte[40]));
    assertThat(back.source()).isEqualTo(VIP);
    var out6 = bench.sent(Frame.icmp(CLIENT6, VIP6, 128, 0, 77, new byte[40]));
    assertThat(out6.checksumProblem()).isEmpty();
    var back6 = bench.sent(Frame.icmp(out6.destination(), CLIENT6, 129, 0, 77, new byte[40]));
    assertThat(back6.source()).isEqualTo(VIP6);
    assertThat(back6.checksumProblem()).isEmpty();
  }

  @Test
  void neighboursOfIpv6AreTheKernels() {
    serve(VIP6, 0, Transport.ANY, new Forwarding.Nat());
    assertThat(verdict(Frame.icmp(CLIENT6, VIP6, 135, 0, 0, new byte[16]))).isEqualTo(Bench.PASS);
  }

  @Test
  void anEndpointAtAnotherInterfaceIsReachedThere() {
    bench.serve(
        new VirtualService(VIP, 80, Transport.TCP, new Forwarding.Nat()),
        List.of(new PacketEndpoint(Frame.address("10.20.0.85"), 8080)));
    assertThat(verdict(Frame.tcp(CLIENT, 2000, VIP, 80, Frame.SYN, NOTHING)))
        .isEqualTo(Bench.REDIRECT);
  }

  @Test
  void thisMachineCanBeAnEndpointOfDr() {
    var here = List.of(new PacketEndpoint(Frame.address("10.20.0.119"), 0));
    var direct = new VirtualService(VIP, 80, Transport.TCP, new Forwarding.Direct());
    bench.serve(direct, here);
    var in = Frame.tcp(CLIENT, 2000, VIP, 80, Frame.SYN, NOTHING);
    var run = bench.run(in);
    assertThat(run.verdict()).isEqualTo(Bench.PASS);
    assertThat(run.packet()).isEqualTo(in.bytes());
    assertThat(bench.plane.counters(direct).total().packets()).isEqualTo(1);
    var nat = new VirtualService(VIP, 81, Transport.TCP, new Forwarding.Nat());
    assertThat(bench.plane.apply(nat, ForwardingTable.maglev(here, new int[] {1})))
        .singleElement()
        .asString()
        .contains("this machine itself can be an endpoint of DR and TUN only");
  }

  @Test
  void portsAreMappedByNatOnly() {
    var endpoints = Bench.endpoints("10.20.0.", 1, 8080);
    for (var forwarding :
        List.of(new Forwarding.Direct(), new Forwarding.Tunnel(CLIENT, 0, false))) {
      var service = new VirtualService(VIP, 80, Transport.TCP, forwarding);
      assertThatThrownBy(() -> bench.serve(service, endpoints))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("endpoint 10.20.0.21:8080")
          .hasMessageContaining("only NAT and FullNAT map ports");
    }
  }

  @Test
  void contradictionsAreNamed() {
    assertThatThrownBy(() ->
            new VirtualService(
                VIP, 0, Transport.ANY, new Forwarding.FullNat(List.of(CLIENT), 1, 2)))
        .hasMessage(
            "FullNAT tells connections apart by ports, and ANY has none; expected TCP or UDP");
    assertThatThrownBy(() ->
            new VirtualService(
                VIP, 53, Transport.UDP, new Forwarding.Nat(), new Choice.ByFlow(), true))
        .hasMessageContaining("one-packet scheduling is for UDP with DR or TUN");
    assertThatThrownBy(() ->
            new VirtualService(VIP6, 80, Transport.TCP, new Forwarding.Tunnel(CLIENT, 0, false)))
        .hasMessage(
            "the tunnel's source is 10.9.1.1, expected one of the family of 2001:db8:0:0:0:0:0:1");
    assertThatThrownBy(() -> new VirtualService(VIP, 1, Transport.ICMP, new Forwarding.Nat()))
        .hasMessage("ICMP has no ports, found 1, expected 0");
  }

  @Test
  void missingInterfacesAreNamed() {
    assertThatThrownBy(
            () -> KernelForwardingPlane.open(PlaneOptions.of(List.of("no-such-0"), null)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("there is no interface no-such-0 in this network namespace, found [");
  }

  /** Java and C have the same reasons in the same order. */
  @Test
  void reasonsHaveTheNamesOfTheProgram() {
    var object = ObjectFile.read(resource("forward4.bpf.o"));
    var names = List.copyOf(object.btf().enumeration("drop").keySet());
    for (var reason : DropReason.values()) {
      assertThat(names.get(reason.ordinal()))
          .isEqualTo("DROP_" + reason.name().toUpperCase(Locale.ROOT));
    }
    assertThat(names).hasSize(DropReason.values().length + 1);
  }

  private static byte[] resource(String name) {
    try (var in = ServicesTest.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in).readAllBytes();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
