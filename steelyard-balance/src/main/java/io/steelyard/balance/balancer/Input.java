package io.steelyard.balance.balancer;

/**
 * What a balancer needs to know of a request or connection. A listener whose protocol cannot tell
 * it cannot use that balancer.
 */
public enum Input {
  /** The client's address. */
  SOURCE_ADDRESS,
  /** The address that the client connected to. */
  DESTINATION_ADDRESS,
  /** The target of an HTTP request. */
  URI,
  /** The header fields of an HTTP request, its cookies among them. */
  FIELDS
}
