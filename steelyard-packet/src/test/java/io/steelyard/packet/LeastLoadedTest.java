package io.steelyard.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.packet.bpf.NeedsRoot;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections go where there are the fewest for the weight. */
@NeedsRoot
class LeastLoadedTest {
  private static final InetAddress VIP = Frame.address("192.0.2.1");
  private static final InetAddress CLIENT = Frame.address("10.9.1.1");
  private static final byte[] NOTHING = new byte[0];

  private final Bench bench = new Bench();
  private final VirtualService service =
      new VirtualService(
          VIP, 80, Transport.TCP, new Forwarding.Nat(), new Choice.LeastLoaded(), false);
  private final List<PacketEndpoint> endpoints = Bench.endpoints("10.20.0.", 3, 8080);
  private int port = 2000;

  @BeforeEach
  void serve() {
    bench.plane.apply(service, ForwardingTable.inTurn(endpoints, new int[] {1, 1, 2}));
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private Frame frame(int from, int flags) {
    return Frame.tcp(CLIENT, from, VIP, 80, flags, NOTHING);
  }

  /** Opens connections; the ports of each endpoint. */
  private Map<InetAddress, List<Integer>> open(int count) {
    var opened = new HashMap<InetAddress, List<Integer>>();
    for (int i = 0; i < count; i++) {
      var out = bench.sent(frame(port, Frame.SYN));
      bench.sent(frame(port, Frame.ACK));
      opened.computeIfAbsent(out.destination(), first -> new ArrayList<>()).add(port++);
    }
    return opened;
  }

  private List<Integer> counts(Map<InetAddress, List<Integer>> opened) {
    return endpoints.stream()
        .map(each -> opened.getOrDefault(each.address(), List.of()).size())
        .toList();
  }

  @Test
  void sharesByWeightExactly() {
    assertThat(counts(open(400))).containsExactly(100, 100, 200);
  }

  @Test
  void whatEndsMakesRoom() {
    var opened = open(40);
    var first = opened.getOrDefault(endpoints.getFirst().address(), List.of());
    assertThat(first).hasSize(10);
    first.forEach(each -> bench.sent(frame(each, Frame.ACK | 1)));
    assertThat(counts(open(8))).as("the first has none").containsExactly(8, 0, 0);
  }

  @Test
  void aSweepSetsRightWhatNobodySaw() {
    var opened = open(40);
    bench.later(Duration.ofMinutes(14));
    opened
        .getOrDefault(endpoints.get(1).address(), List.of())
        .forEach(each -> bench.sent(frame(each, Frame.ACK)));
    assertThat(counts(open(4)).stream().mapToInt(each -> each).sum()).isEqualTo(4);
    bench.plane.family(Family.IPV4).flows().clear();
    bench.later(Duration.ofSeconds(1));
    assertThat(counts(open(40))).containsExactly(10, 10, 20);
  }

  @Test
  void weightsChangeAndCountsStay() {
    open(40);
    bench.plane.apply(service, ForwardingTable.inTurn(endpoints, new int[] {1, 1, 0}));
    assertThat(counts(open(10))).containsExactly(5, 5, 0);
    bench.plane.apply(service, ForwardingTable.inTurn(endpoints, new int[] {2, 1, 0}));
    assertThat(counts(open(15))).as("15 and 15 become 30 and 15").containsExactly(15, 0, 0);
  }
}
