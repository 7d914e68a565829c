package io.steelyard.balance.balancer;

import io.steelyard.balance.KeySource;
import io.steelyard.balance.key.KeyPart;

/**
 * {@code header-hash}: by the value of a header field of an HTTP request.
 *
 * <p><b>Rule.</b> HAProxy's {@code balance hdr(NAME)}: the first value of a list; {@code
 * domain-only} is its {@code use_domain_only}. With {@code like: nginx} its {@code hash
 * $http_NAME}: the whole value. The field is {@code name}, {@code host} if it is not given.
 *
 * <p><b>When.</b> Tenants by host name, users by what an authenticating proxy adds.
 */
final class HeaderHash extends HashFactory {
  private static final Option<Boolean> DOMAIN_ONLY = Option.flag("domain-only", false);

  static final BalancerFactory FACTORY = new HeaderHash();

  private HeaderHash() {
    super("header-hash", KeySource.Kind.HEADER, NAME, DOMAIN_ONLY);
  }

  @Override
  KeyPart part(BalancerOptions given) {
    return field(given, given.get(DOMAIN_ONLY));
  }
}
