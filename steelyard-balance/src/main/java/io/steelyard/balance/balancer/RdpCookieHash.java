package io.steelyard.balance.balancer;

import io.steelyard.balance.KeySource;
import io.steelyard.balance.key.KeyPart;

/**
 * {@code rdp-cookie-hash}: by the cookie of an RDP connection request.
 *
 * <p><b>Rule.</b> HAProxy's {@code balance rdp-cookie(NAME)}. The cookie is {@code name}, {@code
 * mstshash} if it is not given: the user's name, as the client sends it.
 *
 * <p><b>When.</b> Terminal servers: a user who was cut off finds the session that is still there.
 */
final class RdpCookieHash extends HashFactory {
  static final BalancerFactory FACTORY = new RdpCookieHash();

  private RdpCookieHash() {
    super("rdp-cookie-hash", KeySource.Kind.RDP_COOKIE, NAME);
  }

  @Override
  KeyPart part(BalancerOptions given) {
    return KeyPart.NOT_EMPTY;
  }
}
