package io.steelyard.balance.balancer;

import io.steelyard.balance.KeySource;

/**
 * {@code key-hash}: by whatever there is to choose by, as option {@code key} says; the client's
 * address if it does not.
 *
 * <p><b>Rule.</b> HAProxy's {@code balance hash} of a sample's bytes; with {@code like: nginx} its
 * {@code hash}, of an address in its binary form; with {@code like: twemproxy} its {@code modula},
 * or its {@code ketama} when {@code consistent}.
 */
final class KeyedHash extends HashFactory {
  static final BalancerFactory FACTORY = new KeyedHash();

  private KeyedHash() {
    super("key-hash", KeySource.Kind.SOURCE_ADDRESS, PlacementFactory.KEY, NAME);
  }

  @Override
  KeySource.Kind kind(BalancerOptions given) {
    return given.get(PlacementFactory.KEY);
  }
}
