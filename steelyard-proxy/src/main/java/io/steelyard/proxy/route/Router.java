package io.steelyard.proxy.route;

import io.steelyard.codec.ByteView;
import io.steelyard.model.Match;
import io.steelyard.model.Route;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The routes of one listener, compiled: the first that matches wins, at a cost that does not grow
 * with their number.
 *
 * <p>Routes are grouped by their host condition; a group's path prefixes form a {@link PrefixTrie}
 * that knows the order of the routes. A request looks up its exact host, each wildcard that could
 * cover it, and the routes without a host, and takes the lowest order found.
 *
 * <p>Hosts are compared without case, without port and without a trailing dot. {@code
 * *.example.com} covers every name below {@code example.com}, at any depth, and not that name
 * itself. Paths are compared byte by byte as they were sent.
 *
 * <p>Immutable; thread-safe.
 */
public final class Router {
  /** No route matches. */
  public static final int NONE = -1;

  private final PrefixTrie anyHost;
  private final HostTable exactHosts;
  private final HostTable wildcards;

  private Router(PrefixTrie anyHost, HostTable exactHosts, HostTable wildcards) {
    this.anyHost = anyHost;
    this.exactHosts = exactHosts;
    this.wildcards = wildcards;
  }

  /** Compiles {@code routes}, which have been validated. */
  public static Router compile(List<Route> routes) {
    PrefixTrie any = new PrefixTrie();
    Map<String, PrefixTrie> exact = new HashMap<>();
    Map<String, PrefixTrie> wild = new HashMap<>();
    for (int order = 0; order < routes.size(); order++) {
      Match match = routes.get(order).match();
      PrefixTrie group = group(match == null ? null : match.host(), any, exact, wild);
      String prefix = match == null ? null : match.pathPrefix();
      group.add(prefix == null ? "" : prefix, order);
    }
    return new Router(any, HostTable.of(exact), HostTable.of(wild));
  }

  private static PrefixTrie group(
      @Nullable String host,
      PrefixTrie any,
      Map<String, PrefixTrie> exact,
      Map<String, PrefixTrie> wild) {
    if (host == null) {
      return any;
    }
    if (host.startsWith("*.")) {
      return wild.computeIfAbsent(host.substring(1), _ -> new PrefixTrie());
    }
    return exact.computeIfAbsent(host, _ -> new PrefixTrie());
  }

  /**
   * The index of the first route that matches, or {@link #NONE}.
   *
   * @param host as the request names it, a port included; empty when there is none
   * @param path with or without a query
   */
  public int route(ByteView host, ByteView path) {
    int best = anyHost.match(path, PrefixTrie.NO_MATCH);
    if (!exactHosts.isEmpty() || !wildcards.isEmpty()) {
      best = routeByHost(host, path, best);
    }
    return best == PrefixTrie.NO_MATCH ? NONE : best;
  }

  /**
   * Hashes the host from its end, so that the hash of each suffix is at hand when its dot is
   * reached.
   */
  private int routeByHost(ByteView host, ByteView path, int found) {
    int best = found;
    int end = HostTable.nameEnd(host);
    int hash = HostTable.EMPTY_HASH;
    for (int i = end - 1; i >= 0; i--) {
      byte b = host.at(i);
      hash = HostTable.hashStep(hash, b);
      if (b == '.' && i > 0) {
        best = matchIn(wildcards, host, i, end, hash, path, best);
      }
    }
    return matchIn(exactHosts, host, 0, end, hash, path, best);
  }

  private static int matchIn(
      HostTable table, ByteView host, int from, int end, int hash, ByteView path, int best) {
    PrefixTrie group = table.find(host, from, end, hash);
    return group == null ? best : group.match(path, best);
  }
}
