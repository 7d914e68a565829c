package io.steelyard.packet;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.PoolState;
import io.steelyard.balance.placement.SlotTable;
import io.steelyard.model.Address;
import io.steelyard.model.EndpointSpec;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where a service's connections go: endpoints, and slots that name them. An endpoint that is listed
 * without a slot is drained: its connections go on and it gets no new ones. Connections of one that
 * is no longer listed are chosen for anew. Immutable.
 */
public final class ForwardingTable {
  /** How many slots a table has; a prime, as Maglev needs it. */
  public static final int SLOTS = 65_537;

  /** A slot that names nobody. */
  public static final int NOBODY = SlotTable.NOBODY;

  private final List<PacketEndpoint> endpoints;
  private final int[] slots;

  /**
   * A table of {@value #SLOTS} slots.
   *
   * @param slots for each slot the place of its endpoint in the list, or {@link #NOBODY}
   */
  public ForwardingTable(List<PacketEndpoint> endpoints, int[] slots) {
    this.endpoints = List.copyOf(endpoints);
    this.slots = slots.clone();
    if (slots.length != SLOTS) {
      throw new IllegalArgumentException(
          "a table of " + slots.length + " slots, expected " + SLOTS);
    }
    for (int slot : slots) {
      if (slot < NOBODY || slot >= endpoints.size()) {
        throw new IllegalArgumentException(
            "a slot names endpoint " + slot + " of " + endpoints.size());
      }
    }
    if (new HashSet<>(endpoints).size() != endpoints.size()) {
      throw new IllegalArgumentException("an endpoint is listed twice: " + endpoints);
    }
  }

  /** A table filled by Maglev; weight 0 drains. */
  public static ForwardingTable maglev(List<PacketEndpoint> endpoints, int[] weights) {
    return new ForwardingTable(endpoints, SlotTable.maglev(weighted(endpoints, weights), SLOTS));
  }

  /**
   * A table whose slots are the endpoints' turns, by weight, for {@link Choice.InTurn}; weight 0
   * drains.
   */
  public static ForwardingTable inTurn(List<PacketEndpoint> endpoints, int[] weights) {
    return new ForwardingTable(endpoints, SlotTable.inTurn(weighted(endpoints, weights), SLOTS));
  }

  private static List<Endpoint> weighted(List<PacketEndpoint> endpoints, int[] weights) {
    if (weights.length != endpoints.size()) {
      throw new IllegalArgumentException(
          weights.length + " weights for " + endpoints.size() + " endpoints");
    }
    return new PoolState("packet")
        .endpoints(
            IntStream.range(0, weights.length)
                .mapToObj(i -> EndpointSpec.of(address(endpoints.get(i)), weights[i]))
                .toList());
  }

  private static Address address(PacketEndpoint endpoint) {
    return new Address(endpoint.address().getHostAddress(), endpoint.port());
  }

  /** All endpoints, drained ones too. */
  public List<PacketEndpoint> endpoints() {
    return endpoints;
  }

  /** How many slots each endpoint has. */
  int[] shares() {
    int[] shares = new int[endpoints.size()];
    for (int slot : slots) {
      if (slot != NOBODY) {
        shares[slot]++;
      }
    }
    return shares;
  }

  /** The place in the list of a slot's endpoint, or {@link #NOBODY}. */
  int slot(int index) {
    return slots[index];
  }

  /**
   * Checks that a service can be carried to these endpoints.
   *
   * @throws IllegalArgumentException when it cannot; the message says why
   */
  void check(VirtualService service) {
    for (var endpoint : endpoints) {
      VirtualService.checkFamily(service.address(), endpoint.address(), "an endpoint");
      boolean otherPort = endpoint.port() != 0 && endpoint.port() != service.port();
      if (otherPort && !service.forwarding().translates()) {
        throw new IllegalArgumentException(
            "endpoint "
                + endpoint
                + " of "
                + service
                + " has another port than the service: "
                + service.forwarding().title()
                + " leaves the packet as it is; only NAT and FullNAT map ports");
      }
      if (endpoint.port() != 0 && !service.transport().hasPorts()) {
        throw new IllegalArgumentException(
            "endpoint "
                + endpoint
                + " of "
                + service
                + " has a port, and "
                + service.transport()
                + " has none; expected 0");
      }
    }
  }
}
