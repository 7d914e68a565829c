package io.steelyard.server.packet;

import io.steelyard.balance.Endpoint;
import io.steelyard.model.Kind;
import io.steelyard.model.PacketPlaneSpec;
import io.steelyard.packet.Counters;
import io.steelyard.packet.DropReason;
import io.steelyard.packet.KernelForwardingPlane;
import io.steelyard.packet.Listing;
import io.steelyard.packet.PacketEndpoint;
import io.steelyard.server.admin.PacketState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the plane does at the moment, for people and programs.
 *
 * @param accessList null when there is none
 * @param weights by listener
 * @param problems by listener
 * @param advice commands
 */
record PacketReport(
    PacketPlaneSpec spec,
    KernelForwardingPlane plane,
    PacketState.@Nullable AccessList accessList,
    List<CarriedService> services,
    Map<String, Map<PacketEndpoint, Integer>> weights,
    Map<String, List<String>> problems,
    List<String> advice) {
  private static final Counters.EndpointCounters NOTHING =
      new Counters.EndpointCounters(0, 0, 0, 0, 0, 0, 0);

  PacketState state() {
    return new PacketState(
        spec.interfaces(),
        Kind.Choice.word(spec.xdp()),
        spec.maxConnections(),
        advice,
        accessList,
        drops(plane.dropsOfNoService()),
        services.stream().map(this::service).toList());
  }

  private PacketState.Service service(CarriedService service) {
    var counters = plane.counters(service.service());
    return new PacketState.Service(
        service.name(),
        Kind.Choice.word(service.spec().mode()),
        Kind.Choice.word(service.spec().transport()),
        service.pool(),
        problems.getOrDefault(service.name(), List.of()),
        drops(counters.drops()),
        counters.handshakes().cookies(),
        counters.handshakes().opened(),
        service.endpoints().stream().map(each -> endpoint(service, each, counters)).toList());
  }

  private PacketState.Endpoint endpoint(
      CarriedService service, Endpoint endpoint, Counters counters) {
    var at = service.packetEndpoint(endpoint);
    var counted = counters.endpoints().getOrDefault(at, NOTHING);
    var weight = weights.getOrDefault(service.name(), Map.of()).get(at);
    return new PacketState.Endpoint(
        endpoint.name(),
        weight != null,
        weight == null ? 0 : weight,
        counted.packets(),
        counted.bytes(),
        counted.answerPackets(),
        counted.answerBytes(),
        counted.connections(),
        counted.active(),
        counted.inactive());
  }

  /** Those that occurred. */
  private static Map<String, Long> drops(Map<DropReason, Long> counted) {
    var drops = new LinkedHashMap<String, Long>();
    for (var reason : DropReason.values()) {
      long count = counted.getOrDefault(reason, 0L);
      if (count > 0) {
        drops.put(Kind.Choice.word(reason), count);
      }
    }
    return drops;
  }

  /** As {@code ipvsadm -Ln}. */
  String ipvs() {
    return Listing.of(
        spec.maxConnections(),
        services.stream()
            .map(service ->
                new Listing.Entry(
                    service.service(),
                    weights.getOrDefault(service.name(), Map.of()),
                    plane.counters(service.service())))
            .toList());
  }
}
