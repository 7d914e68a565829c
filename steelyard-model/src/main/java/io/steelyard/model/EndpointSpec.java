package io.steelyard.model;

import static java.util.Objects.requireNonNull;

/** One address that serves. */
@Doc("One address that serves. Short form: the address alone.")
@Shorthand("address")
public record EndpointSpec(
    @Doc(
            "Where it is reached: `HOST:PORT`. A name stands for all addresses that it leads to, see `resolution`."
                + " `unix:/PATH` is a Unix socket. `HOST:PORT-PORT` are as many ports as the listener has: its first leads to the first here, and so on.")
        @Sockets
        Address address,
    @Doc("Its share of the traffic in proportion to the others. 0 takes it out.")
        @Default("1")
        @Range(min = "0", max = "65535")
        int weight,
    @Doc(
            "Which group it belongs to. Traffic goes to the lowest number that has enough endpoints; the others stand by.")
        @Default("0")
        @Range(min = "0", max = "255")
        int priority,
    @Doc("Where it stands: a data centre, a rack. Any word.") @Default("") String zone,
    @Doc(
            "How many requests or connections it may have in flight at most, over all event loops; 0 for any number. Beyond that others are chosen, or none.")
        @Default("0")
        @Range(min = "0", max = "1000000000")
        int maxInFlight,
    @Doc(
            "What is wanted of it at first: `ready`, `drain` (no new requests) or `disabled` (no probes either). `steelyard ready`, `drain` and `disable` change it.")
        @Default("ready")
        Wish wish,
    @Doc(
            "A service such as `_http._tcp`, offered by the host: its SRV records name hosts and ports, which are the endpoints, with their priorities and weights. The port of `address` is 0 then.")
        @Default("")
        @Syntax(
            pattern = "^$|^_[A-Za-z0-9-]+\\._[A-Za-z]+$",
            expected = "a service and a protocol such as _http._tcp")
        String service,
    @Doc(
            "The host that it goes by, in the `Host` field and in TLS of its probes. Empty: that of `address`.")
        @Default("")
        String host) {
  public EndpointSpec {
    requireNonNull(address, "address");
    requireNonNull(zone, "zone");
    requireNonNull(wish, "wish");
    requireNonNull(service, "service");
    requireNonNull(host, "host");
  }

  /** An endpoint with all else at its default. */
  public static EndpointSpec of(Address address) {
    return of(address, Shape.of(EndpointSpec.class).<Integer>defaultOf("weight"));
  }

  /** An endpoint with a weight and all else at its default. */
  public static EndpointSpec of(Address address, int weight) {
    var shape = Shape.of(EndpointSpec.class);
    return new EndpointSpec(
        address,
        weight,
        shape.<Integer>defaultOf("priority"),
        shape.<String>defaultOf("zone"),
        shape.<Integer>defaultOf("maxInFlight"),
        shape.<Wish>defaultOf("wish"),
        shape.<String>defaultOf("service"),
        shape.<String>defaultOf("host"));
  }

  /** This with another {@link #address}. */
  public EndpointSpec withAddress(Address value) {
    return new EndpointSpec(value, weight, priority, zone, maxInFlight, wish, service, host);
  }

  /** This with another {@link #weight}. */
  public EndpointSpec withWeight(int value) {
    return new EndpointSpec(address, value, priority, zone, maxInFlight, wish, service, host);
  }

  /** This with another {@link #priority}. */
  public EndpointSpec withPriority(int value) {
    return new EndpointSpec(address, weight, value, zone, maxInFlight, wish, service, host);
  }

  /** This with another {@link #zone}. */
  public EndpointSpec withZone(String value) {
    return new EndpointSpec(address, weight, priority, value, maxInFlight, wish, service, host);
  }

  /** This with another {@link #maxInFlight}. */
  public EndpointSpec withMaxInFlight(int value) {
    return new EndpointSpec(address, weight, priority, zone, value, wish, service, host);
  }

  /** This with another {@link #wish}. */
  public EndpointSpec withWish(Wish value) {
    return new EndpointSpec(address, weight, priority, zone, maxInFlight, value, service, host);
  }

  /** This with another {@link #service}; empty for none. */
  public EndpointSpec withService(String value) {
    return new EndpointSpec(address, weight, priority, zone, maxInFlight, wish, value, host);
  }

  /** This with another {@link #host}; empty for that of its address. */
  public EndpointSpec withHost(String value) {
    return new EndpointSpec(address, weight, priority, zone, maxInFlight, wish, service, value);
  }
}
