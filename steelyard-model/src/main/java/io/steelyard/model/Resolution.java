package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/** How the names among a pool's endpoints are resolved. */
@Doc(
    "How the names among the endpoints are resolved. Each address that a name leads to is an endpoint with the settings of its entry. Names are asked again before their answers grow too old, and endpoints come and go with them.")
public record Resolution(
    @Doc("The name servers to ask, in turn. Absent: those of the system (`/etc/resolv.conf`).")
        @Default("[]")
        @NotEmpty
        List<Address> servers,
    @Doc(
            "Which addresses are used: `ipv4-first` (IPv6 ones only of names without an IPv4 one), `ipv6-first`, or `all`.")
        @Default("ipv4-first")
        Family family,
    @Doc("A name is asked again no sooner, whatever its time to live; after a failure just then.")
        @Default("1s")
        @Range(min = "100ms", max = "24h")
        Duration minTtl,
    @Doc("A name is asked again no later, whatever its time to live.")
        @Default("5m")
        @Range(min = "100ms", max = "168h")
        Duration maxTtl,
    @Doc("How long name servers may take to answer.")
        @Default("2s")
        @Range(min = "10ms", max = "1m")
        Duration timeout,
    @Doc(
            "How long the last addresses are used when a name leads nowhere any more or nobody answers. Then its endpoint is DOWN, until the name is back.")
        @Default("5m")
        @Range(min = "0s", max = "168h")
        Duration keep) {
  /** Which of a name's addresses are used. */
  public enum Family {
    /** IPv4 addresses; IPv6 ones where there are no others. */
    IPV4_FIRST,
    /** IPv6 addresses; IPv4 ones where there are no others. */
    IPV6_FIRST,
    /** Both. */
    ALL
  }

  public Resolution {
    servers = List.copyOf(servers);
    requireNonNull(family, "family");
    requireNonNull(minTtl, "minTtl");
    requireNonNull(maxTtl, "maxTtl");
    requireNonNull(timeout, "timeout");
    requireNonNull(keep, "keep");
  }

  /** The section with every key at its default. */
  public static Resolution defaults() {
    return Shape.of(Resolution.class).defaults();
  }
}
