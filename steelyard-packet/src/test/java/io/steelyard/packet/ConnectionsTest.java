package io.steelyard.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.steelyard.packet.bpf.NeedsRoot;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which endpoint a connection goes to, for how long, and what is counted. */
@NeedsRoot
class ConnectionsTest {
  private static final InetAddress VIP = Frame.address("192.0.2.1");
  private static final InetAddress CLIENT = Frame.address("10.9.1.1");
  private static final byte[] NOTHING = new byte[0];

  private final Bench bench = new Bench();
  private final VirtualService nat = service(Transport.TCP, new Forwarding.Nat());

  @AfterEach
  void close() {
    bench.close();
  }

  private static VirtualService service(Transport transport, Forwarding forwarding) {
    return new VirtualService(VIP, 80, transport, forwarding);
  }

  private static Frame from(int port, int flags) {
    return Frame.tcp(CLIENT, port, VIP, 80, flags, NOTHING);
  }

  private void serve(VirtualService service, int... weights) {
    var port = service.forwarding().translates() ? 8080 : 0;
    var endpoints = Bench.endpoints("10.20.0.", weights.length, port);
    bench.plane.apply(service, ForwardingTable.maglev(endpoints, weights));
  }

  /** Where each of some connections goes. */
  private Map<Integer, InetAddress> destinations(int flags) {
    var found = new TreeMap<Integer, InetAddress>();
    for (int port = 2000; port < 2300; port++) {
      found.put(port, bench.sent(from(port, flags)).destination());
    }
    return found;
  }

  @Test
  void aDrainedEndpointKeepsItsConnectionsAndGetsNoOthers() {
    serve(nat, 1, 1, 1);
    var before = destinations(Frame.SYN);
    serve(nat, 1, 1, 0);
    assertThat(destinations(Frame.ACK)).isEqualTo(before);
    var drained = Frame.address("10.20.0.23");
    assertThat(before).containsValue(drained);
    for (int port = 3000; port < 3300; port++) {
      assertThat(bench.sent(from(port, Frame.SYN)).destination()).isNotEqualTo(drained);
    }
  }

  @Test
  void connectionsOfAnEndpointThatLeftAreChosenForAnewAndTheOthersStay() {
    serve(nat, 1, 1, 1);
    var before = destinations(Frame.SYN);
    serve(nat, 1, 1);
    var after = destinations(Frame.ACK);
    var gone = Frame.address("10.20.0.23");
    assertThat(after).doesNotContainValue(gone);
    before.forEach((port, endpoint) -> {
      if (!endpoint.equals(gone)) {
        assertThat(after.get(port)).isEqualTo(endpoint);
      }
    });
  }

  @Test
  void connectionsStayWhenEndpointsAreAdded() {
    serve(nat, 1);
    var before = destinations(Frame.SYN);
    serve(nat, 1, 100, 100);
    assertThat(destinations(Frame.ACK)).isEqualTo(before);
    // Its client begins another connection from the same port when the first has ended.
    before.keySet().forEach(port -> bench.sent(from(port, Frame.FIN | Frame.ACK)));
    assertThat(new HashSet<>(destinations(Frame.SYN).values())).hasSizeGreaterThan(1);
  }

  @Test
  void weightsAreShares() {
    serve(nat, 1, 3);
    int heavy = 0;
    for (int port = 10_000; port < 14_000; port++) {
      var to = bench.sent(from(port, Frame.SYN)).destination();
      heavy += to.equals(Frame.address("10.20.0.22")) ? 1 : 0;
    }
    assertThat(heavy).isBetween(2850, 3150);
  }

  @Test
  void nobodyToServeIsCounted() {
    serve(nat);
    assertThat(bench.run(from(2000, Frame.SYN)).verdict()).isEqualTo(Bench.DROP);
    assertThat(bench.dropped(nat, DropReason.NO_ENDPOINT)).isEqualTo(1);
  }

  @Test
  void anEndpointThatIsNotThereIsNamed() {
    var missing = new PacketEndpoint(Frame.address("10.20.0.153"), 8080);
    var problems = bench.plane.apply(nat, ForwardingTable.maglev(List.of(missing), new int[] {1}));
    assertThat(problems)
        .containsExactly("endpoint 10.20.0.153:8080 cannot be reached: nobody is there");
    assertThat(bench.run(from(2000, Frame.SYN)).verdict()).isEqualTo(Bench.DROP);
  }

  @Test
  void statesAreCountedAndSilenceEndsConnections() {
    serve(nat, 1);
    var endpoint = new PacketEndpoint(Frame.address("10.20.0.21"), 8080);
    for (int port = 2000; port < 2010; port++) {
      bench.sent(from(port, Frame.SYN));
      if (port < 2006) {
        bench.sent(from(port, Frame.ACK));
      }
      if (port < 2002) {
        bench.sent(from(port, Frame.FIN | Frame.ACK));
      }
    }
    bench.later(Duration.ZERO);
    var counted = Objects.requireNonNull(bench.plane.counters(nat).endpoints().get(endpoint));
    assertThat(counted.connections()).isEqualTo(10);
    assertThat(counted.packets()).isEqualTo(18);
    assertThat(counted.bytes()).isEqualTo(18 * 40);
    assertThat(counted.active()).isEqualTo(4);
    assertThat(counted.inactive()).isEqualTo(6);
    bench.later(Duration.ofSeconds(61));
    assertThat(bench.plane.counters(nat).total().inactive()).as("ending").isEqualTo(2);
    bench.later(Duration.ofSeconds(61));
    assertThat(bench.plane.counters(nat).total().inactive()).isZero();
    assertThat(bench.plane.counters(nat).total().active()).isEqualTo(4);
    bench.later(Duration.ofMinutes(15));
    assertThat(bench.plane.counters(nat).total().active()).isZero();
    assertThat(bench.plane.family(Family.IPV4).flows().size()).isZero();
  }

  @Test
  void answersAreCounted() {
    serve(nat, 1);
    bench.sent(from(2000, Frame.SYN));
    var endpoint = Frame.address("10.20.0.21");
    bench.sent(Frame.tcp(endpoint, 8080, CLIENT, 2000, Frame.SYN | Frame.ACK, new byte[100]));
    var total = bench.plane.counters(nat).total();
    assertThat(total.answerPackets()).isEqualTo(1);
    assertThat(total.answerBytes()).isEqualTo(140);
  }

  @Test
  void aResetOfNobodyBeginsNothing() {
    serve(nat, 1);
    bench.sent(from(2000, Frame.RST));
    assertThat(bench.plane.family(Family.IPV4).flows().size()).isZero();
    assertThat(bench.plane.counters(nat).total().connections()).isZero();
  }

  @Test
  void servicesThatAreNotKeptEndAndTheirNumbersAreUsedAgain() {
    serve(nat, 1, 1);
    bench.sent(from(2000, Frame.SYN));
    bench.plane.retain(List.of());
    bench.later(Duration.ZERO);
    assertThat(bench.run(from(2001, Frame.SYN)).verdict()).isEqualTo(Bench.PASS);
    assertThat(bench.run(from(2000, Frame.ACK)).verdict()).isEqualTo(Bench.PASS);
    serve(nat, 1, 1);
    assertThat(bench.plane.counters(nat).total().packets()).isZero();
    bench.sent(from(2000, Frame.SYN));
  }

  @ParameterizedTest
  @ValueSource(ints = {24, 32})
  void clientsOfANetworkStayTogether(int prefixLength) {
    var choice = new Choice.BySource(prefixLength);
    var service = new VirtualService(VIP, 80, Transport.TCP, new Forwarding.Nat(), choice, false);
    serve(service, 1, 1, 1);
    var endpoints = new HashSet<InetAddress>();
    for (int host = 1; host < 200; host++) {
      var client = Frame.address("10.9.1." + host);
      endpoints.add(
          bench.sent(Frame.tcp(client, 1000 + host, VIP, 80, Frame.SYN, NOTHING)).destination());
    }
    assertThat(endpoints).hasSize(prefixLength == 24 ? 1 : 3);
  }

  @Test
  void slotsInTurnGoRound() {
    var service =
        new VirtualService(
            VIP, 80, Transport.TCP, new Forwarding.Nat(), new Choice.InTurn(), false);
    int[] slots = new int[ForwardingTable.SLOTS];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = i % 3;
    }
    var endpoints = Bench.endpoints("10.20.0.", 3, 8080);
    bench.plane.apply(service, new ForwardingTable(endpoints, slots));
    var counts = new TreeMap<InetAddress, Integer>((a, b) -> a.toString().compareTo(b.toString()));
    for (int port = 2000; port < 2300; port++) {
      counts.merge(bench.sent(from(port, Frame.SYN)).destination(), 1, Integer::sum);
    }
    // Each processor has a turn of its own.
    assertThat(counts.values()).allMatch(count -> count >= 98 && count <= 102);
  }

  @Test
  void singleDatagramsLeaveNothingBehind() {
    var service =
        new VirtualService(
            VIP, 80, Transport.UDP, new Forwarding.Direct(), new Choice.InTurn(), true);
    serve(service, 1, 1, 1);
    var macs = new HashSet<String>();
    for (int i = 0; i < 50; i++) {
      macs.add(bench.sent(Frame.udp(CLIENT, 2000, VIP, 80, NOTHING)).macs());
    }
    assertThat(macs).hasSize(3);
    assertThat(bench.plane.family(Family.IPV4).flows().size()).isZero();
  }

  @Test
  void localPortsRestBeforeTheyAreUsedAgain() {
    var local = List.of(Frame.address("10.20.1.1"));
    var fullNat = service(Transport.TCP, new Forwarding.FullNat(local, 40_000, 40_009));
    serve(fullNat, 1);
    var ports = new ArrayList<Integer>();
    for (int port = 2000; port < 2010; port++) {
      ports.add(bench.sent(from(port, Frame.SYN)).sourcePort());
      bench.sent(from(port, Frame.RST));
    }
    assertThat(ports).doesNotHaveDuplicates().allMatch(port -> port >= 40_000 && port < 40_010);
    assertThat(bench.run(from(3000, Frame.SYN)).verdict()).isEqualTo(Bench.DROP);
    assertThat(bench.dropped(fullNat, DropReason.NO_PORT)).isEqualTo(1);
    bench.later(Duration.ofMinutes(3));
    bench.sent(from(3000, Frame.SYN));
  }

  /** A port that is taken from its owner takes the owner's other direction with it. */
  @Test
  void aPortTakenFromItsOwnerLeavesNoWayIntoTheNewConnection() {
    try (var hasty = new Bench(options -> options.withTimes(Duration.ZERO, Timeouts.DEFAULT))) {
      var local = List.of(Frame.address("10.20.1.1"));
      var fullNat = service(Transport.TCP, new Forwarding.FullNat(local, 40_000, 40_000));
      hasty.serve(fullNat, Bench.endpoints("10.20.0.", 1, 8080));
      hasty.sent(from(2000, Frame.SYN));
      hasty.sent(from(2000, Frame.RST));
      await()
          .untilAsserted(
              () -> assertThat(hasty.run(from(3000, Frame.SYN)).verdict()).isEqualTo(Bench.TX));
      assertThat(hasty.run(from(2000, Frame.ACK)).verdict()).isEqualTo(Bench.DROP);
      assertThat(hasty.dropped(fullNat, DropReason.NO_CONNECTION)).isEqualTo(1);
    }
  }

  /** A table that overflows forgets the flood, and keeps those who speak. */
  @Test
  void aFloodOfNewConnectionsLeavesThoseThatSpeakAlone() {
    int room = 8192;
    try (var small = new Bench(options -> options.withMaxConnections(room))) {
      var direct = service(Transport.TCP, new Forwarding.Direct());
      var endpoints = Bench.endpoints("10.20.0.", 3, 0);
      small.plane.apply(direct, ForwardingTable.maglev(endpoints, new int[] {1, 1, 1}));
      var before = new TreeMap<Integer, String>();
      for (int port = 2000; port < 2200; port++) {
        before.put(port, small.sent(from(port, Frame.SYN)).macs());
        small.sent(from(port, Frame.ACK));
      }
      // From here on the table alone would send two thirds of them elsewhere.
      small.plane.apply(direct, ForwardingTable.maglev(endpoints, new int[] {0, 0, 1}));
      for (int i = 0; i < 100_000; i++) {
        var stranger =
            Frame.address("10." + (20 + i % 200) + "." + i / 200 % 256 + "." + i / 51_200);
        small.sent(Frame.tcp(stranger, 1024 + i % 60_000, VIP, 80, Frame.SYN, NOTHING));
        if (i % 500 == 0) {
          before.keySet().forEach(port -> small.sent(from(port, Frame.ACK)));
        }
      }
      before.forEach(
          (port, macs) -> assertThat(small.sent(from(port, Frame.ACK)).macs()).isEqualTo(macs));
      assertThat(small.plane.family(Family.IPV4).flows().size()).isLessThanOrEqualTo(room);
    }
  }

  /** Their answers could not be told apart. */
  @Test
  void twoServicesDoNotShareAClientsPortAtAnEndpoint() {
    serve(nat, 1);
    var other =
        new VirtualService(Frame.address("192.0.2.2"), 80, Transport.TCP, new Forwarding.Nat());
    bench.serve(other, Bench.endpoints("10.20.0.", 1, 8080));
    var second = Frame.tcp(CLIENT, 2000, other.address(), 80, Frame.SYN, NOTHING);
    bench.sent(from(2000, Frame.SYN));
    assertThat(bench.run(second).verdict()).isEqualTo(Bench.DROP);
    assertThat(bench.dropped(other, DropReason.NO_PORT)).isEqualTo(1);
    var endpoint = Frame.address("10.20.0.21");
    var answer = Frame.tcp(endpoint, 8080, CLIENT, 2000, Frame.SYN | Frame.ACK, NOTHING);
    assertThat(bench.sent(answer).source()).isEqualTo(VIP);
    bench.sent(from(2000, Frame.RST));
    bench.sent(second);
    assertThat(bench.sent(answer).source()).isEqualTo(other.address());
    // The first one's end has no way into the second.
    assertThat(bench.run(from(2000, Frame.ACK)).verdict()).isEqualTo(Bench.DROP);
  }
}
