package io.steelyard.server.packet;

import static java.util.Objects.requireNonNull;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.decorate.ServingPriorities;
import io.steelyard.model.Listener;
import io.steelyard.model.PacketServiceSpec;
import io.steelyard.model.PacketServiceSpec.Scheduler;
import io.steelyard.model.Pool;
import io.steelyard.model.Wish;
import io.steelyard.packet.Choice;
import io.steelyard.packet.ForwardingTable;
import io.steelyard.packet.PacketEndpoint;
import io.steelyard.packet.VirtualService;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One listener that the kernel carries, and whom it may go to at the moment. For one thread. */
final class CarriedService {
  private final String name;
  private final String poolName;
  private final Pool pool;
  private final PacketServiceSpec spec;
  private final VirtualService service;
  private final List<Endpoint> endpoints;
  private @Nullable Integer lastPriority;

  /**
   * Of a validated configuration.
   *
   * @param endpoints of the pool, in its order
   */
  CarriedService(String name, Listener listener, Pool pool, List<Endpoint> endpoints) {
    this.name = name;
    this.poolName = requireNonNull(listener.pool(), "pool");
    this.pool = pool;
    this.spec = requireNonNull(listener.packet(), "packet");
    var scheduler = spec.schedulerFor(pool.balancer());
    this.service =
        VirtualServices.of(listener, spec, scheduler == null ? Scheduler.MAGLEV : scheduler);
    this.endpoints = endpoints;
  }

  String name() {
    return name;
  }

  String pool() {
    return poolName;
  }

  PacketServiceSpec spec() {
    return spec;
  }

  VirtualService service() {
    return service;
  }

  List<Endpoint> endpoints() {
    return endpoints;
  }

  /** As the plane knows it: where the listener takes all ports, they stay as they came. */
  PacketEndpoint packetEndpoint(Endpoint endpoint) {
    var address = endpoint.address();
    return new PacketEndpoint(
        InetAddress.ofLiteral(address.host()), service.port() == 0 ? 0 : address.port());
  }

  /**
   * The weights that count now, by endpoint; what stands by, drains or is taken out has 0, and what
   * is down is not there.
   *
   * @param ready of the pool, in any form of its endpoints
   */
  Map<PacketEndpoint, Integer> weights(List<Endpoint> ready) {
    Set<Integer> usable = ready.stream().map(Endpoint::index).collect(Collectors.toSet());
    var here = endpoints.stream().filter(each -> usable.contains(each.index())).toList();
    int last = lastPriority(here);
    var weights = new LinkedHashMap<PacketEndpoint, Integer>();
    for (var endpoint : endpoints) {
      if (usable.contains(endpoint.index())) {
        weights.put(packetEndpoint(endpoint), endpoint.priority() <= last ? endpoint.weight() : 0);
      } else if (endpoint.wish() == Wish.DRAIN) {
        weights.put(packetEndpoint(endpoint), 0);
      }
    }
    return weights;
  }

  private int lastPriority(List<Endpoint> ready) {
    var priorities = new ServingPriorities(pool.priorities(), endpoints, ready);
    int last = lastPriority == null ? priorities.last() : priorities.last(lastPriority);
    lastPriority = last;
    return last;
  }

  /** The table of these weights. */
  ForwardingTable table(Map<PacketEndpoint, Integer> weights) {
    var listed = List.copyOf(weights.keySet());
    int[] shares = listed.stream().mapToInt(each -> weights.getOrDefault(each, 0)).toArray();
    return switch (service.choice()) {
      case Choice.InTurn inTurn -> ForwardingTable.inTurn(listed, shares);
      case Choice.LeastLoaded leastLoaded -> ForwardingTable.inTurn(listed, shares);
      case Choice.ByFlow byFlow -> ForwardingTable.maglev(listed, shares);
      case Choice.BySource bySource -> ForwardingTable.maglev(listed, shares);
    };
  }
}
