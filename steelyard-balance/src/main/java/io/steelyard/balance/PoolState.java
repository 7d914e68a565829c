package io.steelyard.balance;

import static java.util.Objects.requireNonNull;

import io.steelyard.balance.limit.Traffic;
import io.steelyard.model.Address;
import io.steelyard.model.EndpointSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What outlives the configurations of one pool: the {@link EndpointState} of every address in it. A
 * new configuration asks for the states of its endpoints, then lets go of the others. Thread-safe.
 */
public final class PoolState {
  private final String name;
  private final Traffic traffic = new Traffic();
  private final Map<Address, EndpointState> states = new ConcurrentHashMap<>();

  /** The state of the pool of this name, with no endpoint known yet. */
  public PoolState(String name) {
    this.name = requireNonNull(name, "name");
  }

  /** The pool's name. */
  public String name() {
    return name;
  }

  /** What all its endpoints together have in use; counted where something of it is limited. */
  public Traffic traffic() {
    return traffic;
  }

  /** The state of the endpoint at an address; a fresh one when the address is not known. */
  public EndpointState endpoint(Address address) {
    return states.computeIfAbsent(address, unknown -> new EndpointState());
  }

  /** The endpoints that a configuration describes, in its order, each with its state. */
  public List<Endpoint> endpoints(List<EndpointSpec> specs) {
    var endpoints = new ArrayList<Endpoint>(specs.size());
    for (var spec : specs) {
      endpoints.add(new Endpoint(name, endpoints.size(), spec, endpoint(spec.address())));
    }
    return List.copyOf(endpoints);
  }

  /**
   * Forgets all addresses but these. An endpoint that still has leases open is kept until a later
   * call finds it idle: should its address come back before that, its leases are still counted.
   */
  public void retain(Set<Address> addresses) {
    states
        .entrySet()
        .removeIf(entry -> !addresses.contains(entry.getKey()) && entry.getValue().inFlight() == 0);
  }
}
