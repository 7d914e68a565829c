package io.steelyard.packet;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Services and endpoints as {@code ipvsadm -Ln} prints them, for people and scripts that know it.
 */
public final class Listing {
  private Listing() {}

  /**
   * A service as it is listed.
   *
   * @param weights of its endpoints
   */
  public record Entry(
      VirtualService service, Map<PacketEndpoint, Integer> weights, Counters counters) {
    public Entry {
      weights = Map.copyOf(weights);
    }
  }

  /**
   * The whole listing.
   *
   * @param size how many connections there is room for
   */
  public static String of(int size, List<Entry> entries) {
    var text = new StringBuilder();
    text.append("IP Virtual Server version 1.2.1 (size=").append(size).append(")\n");
    text.append("Prot LocalAddress:Port Scheduler Flags\n");
    text.append("  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n");
    for (var entry : entries) {
      var service = entry.service;
      var at = new PacketEndpoint(service.address(), service.port());
      text.append(
          "%-4s %s %s%s%n"
              .formatted(
                  service.transport(),
                  at,
                  scheduler(service.choice()),
                  service.onePacket() ? " ops" : ""));
      entry.counters.endpoints().entrySet().stream()
          .sorted(Comparator.comparing(each -> each.getKey().toString()))
          .forEach(each -> text.append(line(entry, each.getKey(), each.getValue())));
    }
    return text.toString();
  }

  private static String line(
      Entry entry, PacketEndpoint endpoint, Counters.EndpointCounters counters) {
    return "  -> %-28s %-7s %-6d %-10d %-10d%n"
        .formatted(
            endpoint,
            forward(entry.service.forwarding()),
            entry.weights.getOrDefault(endpoint, 0),
            counters.active(),
            counters.inactive());
  }

  private static String scheduler(Choice choice) {
    return switch (choice) {
      case Choice.ByFlow byFlow -> "mh";
      case Choice.BySource bySource -> "sh";
      case Choice.InTurn inTurn -> "wrr";
      case Choice.LeastLoaded leastLoaded -> "sed";
    };
  }

  private static String forward(Forwarding forwarding) {
    return switch (forwarding) {
      case Forwarding.Direct direct -> "Route";
      case Forwarding.Tunnel tunnel -> "Tunnel";
      case Forwarding.Nat nat -> "Masq";
      case Forwarding.FullNat fullNat -> "FullNat";
    };
  }
}
