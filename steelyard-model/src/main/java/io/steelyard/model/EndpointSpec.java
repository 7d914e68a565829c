package io.steelyard.model;

import static java.util.Objects.requireNonNull;

/** One address that serves. */
@Doc("One address that serves. Short form: the address alone.")
@Shorthand("address")
public record EndpointSpec(
    @Doc("Where it is reached: `HOST:PORT`.") Address address,
    @Doc("Its share of the traffic in proportion to the others. 0 takes it out.")
        @Default("1")
        @Range(min = "0", max = "65535")
        int weight,
    @Doc(
            "Which group it belongs to. Traffic goes to the lowest number that has enough endpoints; the others stand by.")
        @Default("0")
        @Range(min = "0", max = "255")
        int priority,
    @Doc("Where it stands: a data centre, a rack. Any word.") @Default("") String zone) {
  public EndpointSpec {
    requireNonNull(address, "address");
    requireNonNull(zone, "zone");
  }

  /** An endpoint with all else at its default. */
  public static EndpointSpec of(Address address) {
    return of(address, Shape.of(EndpointSpec.class).<Integer>defaultOf("weight"));
  }

  /** An endpoint with a weight and all else at its default. */
  public static EndpointSpec of(Address address, int weight) {
    var shape = Shape.of(EndpointSpec.class);
    return new EndpointSpec(
        address, weight, shape.<Integer>defaultOf("priority"), shape.<String>defaultOf("zone"));
  }

  /** This with another {@link #priority}. */
  public EndpointSpec withPriority(int value) {
    return new EndpointSpec(address, weight, value, zone);
  }

  /** This with another {@link #zone}. */
  public EndpointSpec withZone(String value) {
    return new EndpointSpec(address, weight, priority, value);
  }
}
