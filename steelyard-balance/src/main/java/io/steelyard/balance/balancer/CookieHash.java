package io.steelyard.balance.balancer;

import io.steelyard.balance.KeySource;

/**
 * {@code cookie-hash}: by the value of a cookie.
 *
 * <p><b>Rule.</b> HAProxy's {@code balance hash req.cook(NAME)}; with {@code like: nginx} its
 * {@code hashn * $cookie_NAME}. The cookie is {@code name}, {@code session} if it is not given.
 *
 * <p><b>When.</b> A cookie that the application sets anyway. To stay with an endpoint whatever
 * comes or goes,n * persistence is better.
 */
final class CookieHash {
  static final BalancerFactory FACTORY =
      new HashFactory("cookie-hash", KeySource.Kind.COOKIE, HashFactory.NAME);

  private CookieHash() {}
}
