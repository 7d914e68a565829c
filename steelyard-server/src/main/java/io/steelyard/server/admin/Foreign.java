package io.steelyard.server.admin;

import io.steelyard.model.Address;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps pages of other sites from giving orders through somebody's browser, which reaches the
 * loopback address as its user does.
 *
 * <p>A browser says where a request comes from ({@code Origin}, {@code Sec-Fetch-Site}); other
 * programs say nothing and are let through. A browser that was lured to a name which leads here
 * (DNS rebinding) takes us for that site, so from browsers the host must be an address or
 * localhost. A body must be said to be JSON, for which a browser asks first, and is not allowed.
 */
final class Foreign {
  private static final Set<String> OWN_SITE = Set.of("", "same-origin", "none");
  private static final Pattern NUMERIC = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private Foreign() {}

  /** Why an order is not taken; null when it is. */
  static @Nullable Problem refusal(Request request) {
    String origin = request.field("Origin");
    String site = request.field("Sec-Fetch-Site");
    boolean browser = !origin.isEmpty() || !site.isEmpty();
    if (browser && !isOwn(origin, site, request.field("Host"))) {
      return new Problem(
          "Forbidden", 403, "the request comes from a page of another site", request.path());
    }
    String type = request.field("Content-Type").split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!type.equals("application/json")) {
      return new Problem(
          "Unsupported Media Type",
          415,
          "the content type is '" + type + "', expected application/json",
          request.path());
    }
    if (!request.whole()) {
      return new Problem(
          "Content Too Large",
          413,
          "the body has more than " + Request.MOST + " bytes",
          request.path());
    }
    return null;
  }

  private static boolean isOwn(String origin, String site, String host) {
    return OWN_SITE.contains(site)
        && (origin.isEmpty() || origin.equals("http://" + host))
        && isHere(host);
  }

  /** Whether it cannot be a name of somebody else's. */
  private static boolean isHere(String host) {
    String name;
    try {
      name = host.contains(":") ? Address.parse(host).host() : host;
    } catch (IllegalArgumentException e) {
      return false;
    }
    return name.equals("localhost") || NUMERIC.matcher(name).matches();
  }
}
