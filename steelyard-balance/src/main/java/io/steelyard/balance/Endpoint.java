package io.steelyard.balance;

import io.steelyard.model.Address;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.Wish;

/**
 * One address that serves, as one configuration describes it: immutable settings, and the live
 * {@linkplain #state() state} that it shares with the same endpoint in other configurations.
 * Thread-safe. Two endpoints are equal only when they are the same object; whether they are the
 * same endpoint of two configurations is told by their state.
 */
public final class Endpoint {
  private final String pool;
  private final int index;
  private final EndpointSpec spec;
  private final String name;
  private final int weight;
  private final EndpointState state;

  Endpoint(String pool, int index, EndpointSpec spec, EndpointState state) {
    if (spec.weight() < 0) {
      throw new IllegalArgumentException(
          "endpoint "
              + spec.address()
              + " of pool "
              + pool
              + " has weight "
              + spec.weight()
              + ", expected 0 or more");
    }
    this.pool = pool;
    this.index = index;
    this.spec = spec;
    this.name = spec.address().toString();
    this.weight = spec.weight();
    this.state = state;
  }

  /** The name of the pool that it belongs to. */
  public String pool() {
    return pool;
  }

  /** Where it is in its pool's {@link Pool#endpoints}, from 0. */
  public int index() {
    return index;
  }

  /** Where it is reached. */
  public Address address() {
    return spec.address();
  }

  /** The host that it goes by: its name where it was found by one, else that of its address. */
  public String host() {
    if (!spec.host().isEmpty()) {
      return spec.host();
    }
    return spec.address().isUnix() ? "localhost" : spec.address().host();
  }

  /** The address as text: what logs, metrics and the API call it. */
  public String name() {
    return name;
  }

  /** Its share of the traffic in proportion to the others of its pool; 0 takes it out. */
  public int weight() {
    return weight;
  }

  /** Which group it belongs to: a pool uses the lowest number that has enough to offer. */
  public int priority() {
    return spec.priority();
  }

  /** Where it stands; empty when that was not said. */
  public String zone() {
    return spec.zone();
  }

  /** How much it may have in flight at most, over all event loops; 0 for any number. */
  public int maxInFlight() {
    return spec.maxInFlight();
  }

  /** What is wanted of it now: what the administrator said last, or else the configuration says. */
  public Wish wish() {
    var wished = state.wished();
    return wished == null ? spec.wish() : wished;
  }

  /** What is known of it, shared by all event loops and configurations. */
  public EndpointState state() {
    return state;
  }

  /** Pool and address, for messages. */
  @Override
  public String toString() {
    return pool + "/" + name;
  }
}
