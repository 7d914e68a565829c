package io.steelyard.balance.balancer;

import io.steelyard.balance.KeySource;
import io.steelyard.balance.key.KeyPart;
import io.steelyard.balance.key.UriPart;

/**
 * {@code uri-hash}: by the target of an HTTP request.
 *
 * <p><b>Rule.</b> HAProxy's {@code balance uri} with its options {@code whole}, {@code depth},
 * {@code length} and {@code path-only}: up to the question mark unless {@code whole}. With {@code
 * like: nginx} as its {@code hash $request_uri}: {@code whole} holds unless it is said otherwise.
 *
 * <p><b>When.</b> Caches: each object is kept once. Not when few targets have most of the traffic,
 * unless with {@code bounded-load}.
 */
final class UriHash extends HashFactory {
  private static final int MOST = 65_535;
  private static final Option<Boolean> WHOLE = Option.flag("whole", false);
  private static final Option<Long> DEPTH = Option.integer("depth", 0, 0, MOST);
  private static final Option<Long> LENGTH = Option.integer("length", 0, 0, MOST);
  private static final Option<Boolean> PATH_ONLY = Option.flag("path-only", false);

  static final BalancerFactory FACTORY = new UriHash();

  private UriHash() {
    super("uri-hash", KeySource.Kind.URI, WHOLE, DEPTH, LENGTH, PATH_ONLY);
  }

  @Override
  KeyPart part(BalancerOptions given) {
    boolean whole = isGiven(given, WHOLE) ? given.get(WHOLE) : given.get(LIKE) != Like.HAPROXY;
    var part =
        new UriPart(
            whole, given.get(DEPTH).intValue(), given.get(LENGTH).intValue(), given.get(PATH_ONLY));
    return part.then(super.part(given));
  }
}
