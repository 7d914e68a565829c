package io.steelyard.packet;

import java.util.HashSet;
import java.util.List;

/**
 * Where a service's connections go: endpoints, and slots that name them. An endpoint that is listed
 * without a slot is drained: its connections go on and it gets no new ones. Connections of one that
 * is no longer listed are chosen for anew. Immutable.
 */
public final class ForwardingTable {
  /** How many slots a table has; a prime, as Maglev needs it. */
  public static final int SLOTS = 65_537;

  /** A slot that names nobody. */
  public static final int NOBODY = -1;

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
    return new ForwardingTable(endpoints, new MaglevSlots(SLOTS).fill(endpoints, weights));
  }

  /** All endpoints, drained ones too. */
  public List<PacketEndpoint> endpoints() {
    return endpoints;
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
