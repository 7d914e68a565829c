package io.steelyard.balance.balancer;

import io.steelyard.balance.KeySource;

/**
 * {@code destination-hash}: by the address that the client connected to.
 *
 * <p><b>Rule.</b> That of {@link SourceHash}, with the other address.
 *
 * <p><b>When.</b> Caches behind a transparent proxy, each to have its part of all destinations. Not
 * for a listener with one address: all go to the same endpoint.
 */
final class DestinationHash {
  static final BalancerFactory FACTORY =
      new SourceHash.AddressFactory("destination-hash", KeySource.Kind.DESTINATION_ADDRESS);

  private DestinationHash() {}
}
