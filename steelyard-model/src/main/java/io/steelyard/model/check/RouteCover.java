package io.steelyard.model.check;

import io.steelyard.model.Match;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds routes that can never be taken, because an earlier one takes everything that they would. A
 * look-up costs no more than the labels of the host times the different lengths of path prefixes,
 * however many routes there are.
 */
final class RouteCover implements Cover {
  /** Stands for "every host" and "every path". */
  private static final String EVERY = "";

  /**
   * No host name is longer (RFC 1035 section 2.3.4); what is longer is found to be wrong elsewhere.
   */
  private static final int LONGEST_HOST = 253;

  /**
   * The index of the first route with a condition, by host, then length of the path prefix, then
   * path prefix.
   */
  private final Map<String, TreeMap<Integer, Map<String, Integer>>> routes = new HashMap<>();

  @Override
  public void add(@Nullable Match match, int index) {
    var prefix = prefix(match);
    routes
        .computeIfAbsent(host(match), host -> new TreeMap<>())
        .computeIfAbsent(prefix.length(), length -> new HashMap<>())
        .putIfAbsent(prefix, index);
  }

  @Override
  public @Nullable Integer covering(@Nullable Match match) {
    var host = host(match);
    var prefix = prefix(match);
    if (host.length() > LONGEST_HOST) {
      return null;
    }
    var cover = covering(EVERY, prefix);
    if (cover == null) {
      cover = covering(host, prefix);
    }
    // a.b.c is below *.b.c and *.c, and *.b.c is below *.c
    for (int dot = host.indexOf('.'); cover == null && dot >= 0; dot = host.indexOf('.', dot + 1)) {
      cover = covering("*" + host.substring(dot), prefix);
    }
    return cover;
  }

  private @Nullable Integer covering(String host, String prefix) {
    var lengths = routes.get(host);
    if (lengths == null) {
      return null;
    }
    for (var sameLength : lengths.headMap(prefix.length(), true).entrySet()) {
      var index = sameLength.getValue().get(prefix.substring(0, sameLength.getKey()));
      if (index != null) {
        return index;
      }
    }
    return null;
  }

  private static String host(@Nullable Match match) {
    return match == null || match.host() == null ? EVERY : match.host();
  }

  private static String prefix(@Nullable Match match) {
    return match == null || match.pathPrefix() == null ? EVERY : match.pathPrefix();
  }
}
