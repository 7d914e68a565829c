package io.steelyard.proxy;

import io.steelyard.model.Configuration;
import io.steelyard.model.Fallback;
import io.steelyard.model.Listener;
import io.steelyard.model.Match;
import io.steelyard.model.Pool;
import io.steelyard.model.Protocol;
import io.steelyard.model.Route;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which protocols are offered in TLS handshakes (RFC 7301). */
final class Alpn {
  private static final List<String> HTTP = List.of("http/1.1");
  private static final List<String> HTTP_2 = List.of("h2", "http/1.1");

  private Alpn() {}

  /**
   * What clients of a listener may choose from, the preferred first; empty for none. What is spoken
   * within a TCP connection its routes know alone.
   */
  static List<String> of(Listener listener) {
    return switch (listener.protocol()) {
      case HTTP -> listener.http2().enabled() ? HTTP_2 : HTTP;
      case TCP ->
          listener.effectiveRoutes().stream()
              .map(Route::match)
              .filter(Objects::nonNull)
              .map(Match::alpn)
              .filter(Objects::nonNull)
              .distinct()
              .toList();
      case UDP, PACKET -> List.of();
    };
  }

  /**
   * What the endpoints of a pool are offered: what the pool says that they speak, else HTTP/1.1, or
   * nothing where connections of any protocol go.
   */
  static List<String> of(String pool, Configuration configuration) {
    Pool settings = configuration.pools().get(pool);
    if (settings != null && settings.http().version() == 2) {
      return List.of("h2");
    }
    boolean carriesTcp =
        configuration.listeners().values().stream()
            .filter(listener -> listener.protocol() == Protocol.TCP)
            .flatMap(listener -> listener.effectiveRoutes().stream())
            .anyMatch(route -> leadsTo(pool, route.pool(), configuration));
    return carriesTcp ? List.of() : HTTP;
  }

  /** Whether connections that are meant for one pool may come to another, a fallback. */
  private static boolean leadsTo(
      String wanted, @Nullable String from, Configuration configuration) {
    Set<String> passed = new HashSet<>();
    String at = from;
    while (at != null && passed.add(at) && !at.equals(wanted)) {
      Pool pool = configuration.pools().get(at);
      Fallback fallback = pool == null ? null : pool.fallback();
      at = fallback == null ? null : fallback.pool();
    }
    return wanted.equals(at);
  }
}
