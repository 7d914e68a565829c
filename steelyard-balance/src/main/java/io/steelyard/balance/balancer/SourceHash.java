package io.steelyard.balance.balancer;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.KeySource;
import io.steelyard.balance.hash.KeyHash;
import io.steelyard.balance.placement.NginxIpHash;
import io.steelyard.balance.placement.Placement;

/**
 * {@code source-hash}: by the client's address.
 *
 * <p><b>Rule.</b> As HAProxy's {@code balance source}: the address's words of 32 bits, xored; no
 * other hash function. With {@code like: nginx} as its {@code ip_hash}, by the first three bytes of
 * an IPv4 address; and with {@code consistent}, as {@code hash $binary_remote_addr consistent}.
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
      return AddressFactory::words;
    }

    @Override
    Placement nginxPlacement(Endpoint[] endpoints) {
      return new NginxIpHash(endpoints);
    }

    private static long words(byte[] address, int from, int to) {
      int xored = 0;
      for (int i = from; i + 4 <= to; i += 4) {
        xored ^=
            address[i] << 24
                | (address[i + 1] & 0xff) << 16
                | (address[i + 2] & 0xff) << 8
                | (address[i + 3] & 0xff);
      }
      return xored & 0xffff_ffffL;
    }
  }
}
