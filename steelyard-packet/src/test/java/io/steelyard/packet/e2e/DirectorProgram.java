package io.steelyard.packet.e2e;

import io.steelyard.packet.Choice;
import io.steelyard.packet.Forwarding;
import io.steelyard.packet.ForwardingTable;
import io.steelyard.packet.KernelForwardingPlane;
import io.steelyard.packet.PacketEndpoint;
import io.steelyard.packet.PlaneOptions;
import io.steelyard.packet.Transport;
import io.steelyard.packet.VirtualService;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The director of a lab: {@code serve TRANSPORT VIP PORT MODE ENDPOINT=WEIGHT…}, {@code counters
 * TRANSPORT VIP PORT MODE}.
 */
final class DirectorProgram {
  private static final Pattern ENDPOINT = Pattern.compile("[@=]");

  private final KernelForwardingPlane plane;
  private final Path pins;
  private final Map<String, VirtualService> services = new HashMap<>();

  private DirectorProgram(KernelForwardingPlane plane, Path pins) {
    this.plane = plane;
    this.pins = pins;
  }

  public static void main(String[] arguments) throws IOException {
    var pins = Path.of(arguments[0]);
    var options =
        PlaneOptions.of(List.of("eth0", "eth1"), pins).withMaxConnections(1 << 16).withRedirect();
    try (var plane = KernelForwardingPlane.open(options);
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      var director = new DirectorProgram(plane, pins);
      var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
      out.println("ready");
      for (var line = in.readLine(); line != null; line = in.readLine()) {
        out.println(director.answer(line.split(" ")));
      }
    }
  }

  private String answer(String[] words) {
    try {
      return switch (words[0]) {
        case "serve" -> serve(words);
        case "counters" -> counters(service(words));
        case "remove" -> {
          plane.close();
          KernelForwardingPlane.remove(pins);
          yield "removed";
        }
        case "sweep" -> {
          plane.sweep();
          yield "swept";
        }
        default -> "problem: what is " + words[0];
      };
    } catch (RuntimeException | IOException problem) {
      return "problem: " + problem;
    }
  }

  private String serve(String[] words) {
    var endpoints = new ArrayList<PacketEndpoint>();
    var weights = new ArrayList<Integer>();
    for (int i = 5; i < words.length; i++) {
      var parts = ENDPOINT.split(words[i], -1);
      endpoints.add(new PacketEndpoint(address(parts[0]), Integer.parseInt(parts[1])));
      weights.add(Integer.parseInt(parts[2]));
    }
    var table =
        ForwardingTable.maglev(endpoints, weights.stream().mapToInt(Integer::intValue).toArray());
    var problems = plane.apply(service(words), table);
    return problems.isEmpty() ? "served" : "problem: " + problems;
  }

  private VirtualService service(String[] words) {
    var key = String.join(" ", List.of(words).subList(1, 5));
    return services.computeIfAbsent(
        key,
        unknown ->
            new VirtualService(
                address(words[2]),
                Integer.parseInt(words[3]),
                Transport.valueOf(words[1]),
                forwarding(words[4], address(words[2])),
                new Choice.ByFlow(),
                false));
  }

  private static Forwarding forwarding(String mode, InetAddress vip) {
    boolean v4 = vip.getAddress().length == 4;
    return switch (mode) {
      case "nat" -> new Forwarding.Nat();
      case "dr" -> new Forwarding.Direct();
      case "tun" -> new Forwarding.Tunnel(address(v4 ? "10.20.0.192" : "fd20::c:0"), 4, false);
      case "gue" -> new Forwarding.Tunnel(address(v4 ? "10.20.0.192" : "fd20::c:0"), 0, true);
      case "fullnat" ->
          new Forwarding.FullNat(
              List.of(
                  address(v4 ? "10.20.0.200" : "fd20::200"),
                  address(v4 ? "10.20.0.201" : "fd20::201")),
              1024,
              65_000);
      default -> throw new IllegalArgumentException(mode);
    };
  }

  private String counters(VirtualService service) {
    plane.sweep();
    var counters = plane.counters(service);
    var total = counters.total();
    var each = new StringBuilder();
    counters
        .endpoints()
        .forEach((endpoint, counted) ->
            each.append(' ')
                .append(endpoint.address().getHostAddress())
                .append('=')
                .append(counted.connections()));
    return "packets=%d answers=%d connections=%d active=%d inactive=%d%s"
        .formatted(
            total.packets(),
            total.answerPackets(),
            total.connections(),
            total.active(),
            total.inactive(),
            each);
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }
}
