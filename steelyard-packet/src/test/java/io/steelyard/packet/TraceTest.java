package io.steelyard.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.packet.bpf.NeedsRoot;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Decisions, as somebody who looks sees them. */
@NeedsRoot
class TraceTest {
  private static final InetAddress VIP = Frame.address("192.0.2.1");
  private static final InetAddress CLIENT = Frame.address("10.9.1.1");
  private static final byte[] NOTHING = new byte[0];
  private static final String RIP = "10.20.0.21";

  private final Bench bench = new Bench();

  @AfterEach
  void close() {
    bench.close();
  }

  private void serve(Forwarding forwarding, int port) {
    bench.serve(
        new VirtualService(VIP, 80, Transport.TCP, forwarding),
        List.of(new PacketEndpoint(Frame.address(RIP), port)));
  }

  private static Frame client(int port, int flags) {
    return Frame.tcp(CLIENT, port, VIP, 80, flags, NOTHING);
  }

  private List<String> seen() {
    return bench.plane.traced().stream().map(PacketTrace::toString).toList();
  }

  @Test
  void natInBothDirections() {
    serve(new Forwarding.Nat(), 8080);
    bench.sent(client(1999, Frame.SYN));
    assertThat(seen()).as("nobody looks").isEmpty();
    bench.plane.trace(VIP, 1);
    bench.sent(client(2000, Frame.SYN));
    bench.sent(Frame.tcp(Frame.address(RIP), 8080, CLIENT, 2000, Frame.SYN | Frame.ACK, NOTHING));
    bench.sent(client(2000, Frame.ACK));
    bench.run(client(2000, Frame.SYN | 1));
    assertThat(seen())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .matches(
                        "TCP +SYN 40 B +10.9.1.1:2000 → 192.0.2.1:80  .{17} → .{17}  ⇒ NAT new RIP 10.20.0.21  10.9.1.1:2000 → 10.20.0.21:8080  02:00:00:00:00:01 → 02:00:00:00:01:15"),
            line ->
                assertThat(line)
                    .matches(
                        "TCP +SYN,ACK 40 B +10.20.0.21:8080 → 10.9.1.1:2000 .* ⇒ NAT answer RIP 10.20.0.21  192.0.2.1:80 → 10.9.1.1:2000 .*"),
            line -> assertThat(line).contains("ACK 40 B", "NAT known RIP"),
            line -> assertThat(line).endsWith("dropped: TCP_FLAGS"));
    bench.plane.endTrace();
    bench.sent(client(2000, Frame.ACK));
    assertThat(seen()).isEmpty();
  }

  @Test
  void modesThatLeaveThePacketAsItIs() {
    serve(new Forwarding.Direct(), 0);
    bench.plane.trace(VIP, 1);
    bench.sent(client(2000, Frame.SYN));
    serve(new Forwarding.Tunnel(Frame.address("172.16.0.1"), 0, false), 0);
    bench.sent(client(2001, Frame.SYN));
    assertThat(seen())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .contains("⇒ DR new RIP 10.20.0.21  10.9.1.1:2000 → 192.0.2.1:80  "),
            line -> assertThat(line).contains("⇒ TUN new RIP 10.20.0.21  172.16.0.1:"));
  }

  @Test
  void otherAddressesAreNotSeen() {
    serve(new Forwarding.Nat(), 8080);
    bench.plane.trace(Frame.address("192.0.2.2"), 1);
    bench.sent(client(2000, Frame.SYN));
    assertThat(seen()).isEmpty();
    var vip6 = Frame.address("2001:db8::1");
    bench.serve(
        new VirtualService(vip6, 80, Transport.TCP, new Forwarding.Nat()),
        Bench.endpoints("2001:db8:20::", 1, 8080));
    bench.plane.trace(vip6, 1);
    bench.sent(Frame.tcp(Frame.address("2001:db8:9::1"), 2000, vip6, 80, Frame.SYN, NOTHING));
    bench.sent(client(2000, Frame.ACK));
    assertThat(seen()).singleElement().asString().contains("[2001:db8:20:0:0:0:0:21]:8080");
  }

  /** More than there is room for: the first ones are there, and what comes later is seen again. */
  @ParameterizedTest
  @ValueSource(ints = {1, 10})
  void samplesAndLosesWhatNobodyReads(int every) {
    serve(new Forwarding.Nat(), 8080);
    bench.plane.trace(VIP, every);
    int packets = 8000;
    for (int i = 0; i < packets; i++) {
      bench.sent(client(2000, Frame.ACK));
    }
    int seen = seen().size();
    if (every == 1) {
      assertThat(seen).isBetween(1000, packets - 1);
    } else {
      assertThat(seen).isBetween(packets / every / 2, packets / every * 2);
    }
    bench.plane.trace(VIP, 1);
    for (int round = 0; round < 5; round++) {
      for (int i = 0; i < 500; i++) {
        bench.sent(client(2000, Frame.ACK));
      }
      assertThat(seen()).as("round the buffer").hasSize(500);
    }
  }
}
