package io.steelyard.balance;

import static java.util.Objects.requireNonNull;

/**
 * Which part of a request or connection a balancer chooses by. Immutable.
 *
 * @param kind what it is
 * @param name which field, cookie or parameter; empty for kinds that have but one
 */
public record KeySource(Kind kind, String name) {
  /** What there is to choose by, and what {@link Selection#key} then holds. */
  public enum Kind {
    /** The client's address: 4 or 16 bytes, in network order. */
    SOURCE_ADDRESS(false),
    /** The address that the client connected to: 4 or 16 bytes, in network order. */
    DESTINATION_ADDRESS(false),
    /** The target of an HTTP request as it was sent: path and query, or an absolute URI. */
    URI(false),
    /** The value of a parameter in the query of an HTTP request's target, as it was sent. */
    PARAMETER(true),
    /** The value of an HTTP request's header field, the first of that name. */
    HEADER(true),
    /** The value of a cookie. */
    COOKIE(true),
    /** The value of the cookie in an RDP connection request. */
    RDP_COOKIE(true),
    /** The name that a DNS query asks for, in lower case. */
    DNS_NAME(false),
    /** The user's name in a RADIUS request. */
    RADIUS_USER_NAME(false),
    /** Where the user of a RADIUS request calls from. */
    RADIUS_CALLING_STATION_ID(false),
    /** The first key of a command: Redis, memcached. */
    COMMAND_KEY(false);

    private final boolean isNamed;

    Kind(boolean isNamed) {
      this.isNamed = isNamed;
    }
  }

  public KeySource {
    requireNonNull(kind, "kind");
    if (kind.isNamed == name.isEmpty()) {
      throw new IllegalArgumentException(
          "key source " + kind + (kind.isNamed ? " needs a name" : " takes no name, not " + name));
    }
  }

  /** A source of which there is but one. */
  public static KeySource of(Kind kind) {
    return new KeySource(kind, "");
  }
}
