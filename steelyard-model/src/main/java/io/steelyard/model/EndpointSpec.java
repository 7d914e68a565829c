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
        int weight) {
  public EndpointSpec {
    requireNonNull(address, "address");
  }

  /** An endpoint of weight 1. */
  public static EndpointSpec of(Address address) {
    return new EndpointSpec(address, Shape.of(EndpointSpec.class).<Integer>defaultOf("weight"));
  }
}
