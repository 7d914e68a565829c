package io.steelyard.packet;

import io.steelyard.packet.bpf.BpfProgram;
import io.steelyard.packet.linux.MacAddress;
import io.steelyard.packet.linux.NextHop;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** A plane without a network: packets are run through its program one by one. Needs root. */
final class Bench implements AutoCloseable {
  static final int DROP = 1;
  static final int PASS = 2;
  static final int TX = 3;
  static final int REDIRECT = 4;

  /** What BPF_PROG_TEST_RUN says that frames come in by. */
  static final int LOOPBACK = 1;

  static final int MTU = 1500;

  final KernelForwardingPlane plane;
  private long ahead;

  Bench() {
    this(options -> options);
  }

  Bench(UnaryOperator<PlaneOptions> change) {
    var options =
        PlaneOptions.of(List.of(), null)
            .withMaxConnections(1 << 17)
            .withTimes(Duration.ofMinutes(1), Timeouts.DEFAULT);
    plane =
        KernelForwardingPlane.open(
            change.apply(options), List.of(), Bench::hop, () -> System.nanoTime() + ahead);
  }

  /**
   * Endpoints are neighbours whose MAC ends like their address; those that end in 99 are not there.
   */
  private static NextHop hop(InetAddress address) {
    byte[] bytes = address.getAddress();
    byte last = bytes[bytes.length - 1];
    if (last == (byte) 0x99) {
      return new NextHop.Unknown("nobody is there");
    }
    if (last == (byte) 0x77) {
      return new NextHop.Local();
    }
    int interfaceIndex = last == (byte) 0x55 ? 42 : LOOPBACK;
    return new NextHop.Neighbour(
        MacAddress.of((byte) 2, (byte) 0, (byte) 0, (byte) 0, (byte) 1, last),
        MacAddress.of((byte) 2, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 1),
        interfaceIndex,
        MTU);
  }

  static List<PacketEndpoint> endpoints(String prefix, int count, int port) {
    var endpoints = new ArrayList<PacketEndpoint>();
    for (int i = 1; i <= count; i++) {
      endpoints.add(new PacketEndpoint(Frame.address(prefix + (20 + i)), port));
    }
    return endpoints;
  }

  void serve(VirtualService service, List<PacketEndpoint> endpoints) {
    int[] weights = new int[endpoints.size()];
    Arrays.fill(weights, 1);
    plane.apply(service, ForwardingTable.maglev(endpoints, weights));
  }

  BpfProgram program() {
    return plane.family(Family.IPV4).program();
  }

  BpfProgram.Run run(Frame frame) {
    return program().testRun(frame.bytes(), 1);
  }

  /** The frame that leaves. */
  Frame sent(Frame frame) {
    var run = run(frame);
    if (run.verdict() != TX) {
      throw new AssertionError("verdict " + run.verdict() + " for " + frame);
    }
    return Frame.of(run.packet());
  }

  /** As if nothing had happened for a time. */
  void later(Duration time) {
    ahead += time.toNanos();
    plane.sweep();
  }

  long dropped(VirtualService service, DropReason reason) {
    return plane.counters(service).drops().getOrDefault(reason, 0L);
  }

  /** At a virtual address, before a service was found. */
  long droppedForNobody(DropReason reason) {
    return plane.dropsOfNoService().getOrDefault(reason, 0L);
  }

  @Override
  public void close() {
    plane.close();
  }
}
