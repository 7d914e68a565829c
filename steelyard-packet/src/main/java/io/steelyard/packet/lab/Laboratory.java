package io.steelyard.packet.lab;

import io.steelyard.packet.Counters;
import io.steelyard.packet.Forwarding;
import io.steelyard.packet.ForwardingTable;
import io.steelyard.packet.KernelForwardingPlane;
import io.steelyard.packet.PacketEndpoint;
import io.steelyard.packet.PlaneOptions;
import io.steelyard.packet.Transport;
import io.steelyard.packet.VirtualService;
import io.steelyard.packet.linux.FrameTap;
import io.steelyard.packet.linux.Link;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Shows a mode at work: builds a lab, sends real traffic, and tells what was on the wires. */
public final class Laboratory {
  private static final int VIP_PORT = 80;
  private static final int MAPPED_PORT = 8080;
  private static final int REQUESTS = 20;
  private static final int TIMEOUT_MILLIS = 5000;

  private final LabNetwork network;
  private final Mode mode;
  private final boolean ipv6;
  private final InetAddress vip;

  /** LVS's four. */
  public enum Mode {
    NAT,
    DR,
    TUN,
    FULLNAT
  }

  private Laboratory(LabNetwork network, Mode mode, boolean ipv6) {
    this.network = network;
    this.mode = mode;
    this.ipv6 = ipv6;
    this.vip = InetAddress.ofLiteral(ipv6 ? "fd99::1" : "10.99.0.1");
  }

  /**
   * Builds, sends, takes down, when the process is told to end meanwhile, too; what was seen, as
   * text. Takes a few seconds.
   *
   * @throws IllegalStateException when something is missing; the message says what
   */
  public static String show(Mode mode, boolean ipv6) {
    var prefix = "lab" + ProcessHandle.current().pid() + "-";
    var hooks = new ArrayList<Thread>();
    try (var network = LabNetwork.build(prefix, building -> hooks.add(closeAtTheEnd(building)))) {
      return new Laboratory(network, mode, ipv6).show();
    } finally {
      hooks.forEach(Laboratory::forget);
    }
  }

  private static Thread closeAtTheEnd(LabNetwork network) {
    var hook = Thread.ofPlatform().unstarted(network::close);
    Runtime.getRuntime().addShutdownHook(hook);
    return hook;
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // it is at work
    }
  }

  private String show() {
    var endpoints = new ArrayList<LabEndpoint>();
    try (var plane = network.namespace("director").call(Laboratory::openPlane);
        var tap = network.namespace("switch").call(FrameTap::open)) {
      for (int i = 1; i <= LabNetwork.ENDPOINTS; i++) {
        endpoints.add(LabEndpoint.start(network, "endpoint" + i));
      }
      var service = new VirtualService(vip, VIP_PORT, Transport.TCP, forwarding());
      var problems = network.namespace("director").call(() -> plane.apply(service, table()));
      if (!problems.isEmpty()) {
        throw new IllegalStateException(String.join("; ", problems));
      }
      var answers = new TreeMap<String, Integer>();
      answers.merge(ask(), 1, Integer::sum); // neighbours find each other
      tap.received();
      answers.merge(ask(), 1, Integer::sum);
      var seen = tap.received();
      for (int i = 2; i < REQUESTS; i++) {
        answers.merge(ask(), 1, Integer::sum);
      }
      return text(seen, answers, plane.counters(service));
    } finally {
      endpoints.forEach(LabEndpoint::close);
    }
  }

  private static KernelForwardingPlane openPlane() {
    return KernelForwardingPlane.open(
        PlaneOptions.of(List.of("eth0", "eth1"), null).withMaxConnections(1 << 14).withRedirect());
  }

  private Forwarding forwarding() {
    var locals = ipv6 ? List.of("fd20::200", "fd20::201") : List.of("10.20.0.200", "10.20.0.201");
    return switch (mode) {
      case NAT -> new Forwarding.Nat();
      case DR -> new Forwarding.Direct();
      case TUN ->
          new Forwarding.Tunnel(
              InetAddress.ofLiteral(ipv6 ? "fd20::c:0" : "10.20.0.192"), 4, false);
      case FULLNAT ->
          new Forwarding.FullNat(
              locals.stream().map(InetAddress::ofLiteral).toList(), 1024, 65_000);
    };
  }

  private ForwardingTable table() {
    int port = forwarding().translates() ? MAPPED_PORT : VIP_PORT;
    var endpoints = new ArrayList<PacketEndpoint>();
    for (int i = 1; i <= LabNetwork.ENDPOINTS; i++) {
      endpoints.add(
          new PacketEndpoint(InetAddress.ofLiteral((ipv6 ? "fd20::2" : "10.20.0.2") + i), port));
    }
    int[] weights = new int[endpoints.size()];
    Arrays.fill(weights, 1);
    return ForwardingTable.maglev(endpoints, weights);
  }

  private String ask() {
    return network.namespace("client").call(this::request);
  }

  private String request() throws IOException {
    try (var socket = new Socket()) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.connect(new InetSocketAddress(vip, VIP_PORT), TIMEOUT_MILLIS);
      socket
          .getOutputStream()
          .write(
              "GET / HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return answer.substring(answer.indexOf("\r\n\r\n") + 4).strip();
    }
  }

  private String text(
      List<FrameTap.Received> seen, Map<String, Integer> answers, Counters counters) {
    var roles = Roles.of(network, vip);
    var text = new StringBuilder();
    text.append(LabPicture.of(mode)).append('\n');
    text.append(roles.legend(ipv6)).append('\n');
    text.append(
        "One connection, packet by packet, as the switch saw it (acknowledgements left out):\n\n");
    var machines = network.namespace("switch").call(this::machines);
    for (var frame : seen) {
      var packet = SeenPacket.read(frame.bytes());
      var from = machines.get(frame.interfaceIndex());
      if (packet != null && from != null && !packet.what().equals("ACK")) {
        text.append(LabPicture.line(from, packet, roles));
      }
    }
    text.append("\n").append(REQUESTS).append(" requests:\n");
    answers.forEach((answer, count) -> text.append("  %4d × %s%n".formatted(count, answer)));
    var total = counters.total();
    text.append(
        "The director carried %d packets (%d bytes) to endpoints and %d (%d bytes) to the client.%n"
            .formatted(total.packets(), total.bytes(), total.answerPackets(), total.answerBytes()));
    return text.toString();
  }

  private Map<Integer, String> machines() {
    var machines = new HashMap<Integer, String>();
    network.ports().forEach((port, machine) -> machines.put(Link.of(port).index(), machine));
    return machines;
  }
}
