package io.steelyard.balance.balancer;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.KeySource;
import io.steelyard.balance.hash.AddressWords;
import io.steelyard.balance.hash.KeyHash;
import io.steelyard.balance.placement.LvsTable;
import io.steelyard.balance.placement.NginxIpHash;
import io.steelyard.balance.placement.Placement;

/**
 * {@code source-hash}: by the client's address.
 *
 * <p><b>Rule.</b> As HAProxy's {@code balance source}: the address's words of 32 bits, xored; no
 * other hash function. With {@code like: nginx} as its {@code ip_hash}, by the first three bytes of
 * an IPv4 address; and with {@code consistent}, as {@code hash $binary_remote_addr consistent}.
 * With {@code like: lvs}, {@link LvsTable}.
 *
 * <p><b>When.</b> Clients that must stay where they are and show nothing else to know them by. Not
 * when many of them come through one address: a proxy, a large company.
 */
final class SourceHash {
  static final BalancerFactory FACTORY =
      new AddressFactory("source-hash", KeySource.Kind.SOURCE_ADDRESS);

  private SourceHash() {}

  /** Of addresses; {@code destination-hash} is one, too. */
  static final class AddressFactory extends HashFactory {
    AddressFactory(String name, KeySource.Kind kind) {
      super(name, kind);
    }

    @Override
    KeyHash haproxyBase(BalancerOptions given) {
      if (isGiven(given, HASH)) {
        throw new IllegalArgumentException(
            name() + " takes no option hash: HAProxy xors the address's words");
      }
      return AddressWords::xored;
    }

    @Override
    Placement nginxPlacement(Endpoint[] endpoints) {
      return new NginxIpHash(endpoints);
    }

    /** LVS's source hashing knows weights, its destination hashing does not. */
    @Override
    Placement lvsPlacement(Endpoint[] endpoints) {
      return new LvsTable(endpoints, kind == KeySource.Kind.SOURCE_ADDRESS);
    }
  }
}
