package io.steelyard.model.check;

import io.steelyard.model.EndpointSpec;
import io.steelyard.model.KeyPath;
import io.steelyard.model.Nearest;
import io.steelyard.model.Pool;
import io.steelyard.model.Quorum;
import io.steelyard.model.Quote;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks when a pool is down, and what serves in its place then. */
final class FallbackCheck {
  private final Map<String, Pool> pools;
  private final Findings findings;

  FallbackCheck(Map<String, Pool> pools, Findings findings) {
    this.pools = pools;
    this.findings = findings;
  }

  void pool(String name, Pool pool, KeyPath path) {
    if (pool.quorum() != null) {
      quorum(pool.quorum(), pool.endpoints(), path.key("quorum"));
    }
    var fallback = pool.fallback();
    if (fallback != null && (fallback.pool() == null) == (fallback.answer() == null)) {
      var found = fallback.pool() == null ? "has neither 'pool' nor" : "has 'pool' and";
      findings.error(path.key("fallback"), found + " 'answer', expected one of the two");
    }
    var next = fallback(pool);
    if (next != null) {
      target(name, next, path.key("fallback").key("pool"));
    }
  }

  static @Nullable String fallback(Pool pool) {
    return pool.fallback() == null ? null : pool.fallback().pool();
  }

  private void quorum(Quorum quorum, List<EndpointSpec> endpoints, KeyPath path) {
    long serving = endpoints.stream().filter(endpoint -> endpoint.weight() > 0).count();
    long weight = endpoints.stream().mapToLong(EndpointSpec::weight).sum();
    below(path, "endpoints", quorum.endpoints(), quorum.hysteresis());
    reachable(path, "endpoints", quorum.endpoints(), quorum.hysteresis(), serving);
    if (quorum.weight() > 0) {
      below(path, "weight", quorum.weight(), quorum.hysteresis());
      reachable(path, "weight", quorum.weight(), quorum.hysteresis(), weight);
    }
  }

  /** keepalived has the same rule: else the pool would never be down. */
  private void below(KeyPath path, String key, int quorum, int hysteresis) {
    if (quorum > 0 && hysteresis >= quorum) {
      findings.error(
          path.key("hysteresis"),
          "is " + hysteresis + ", expected less than '" + key + "', which is " + quorum);
    }
  }

  private void reachable(KeyPath path, String key, int quorum, int hysteresis, long there) {
    if (quorum > there) {
      findings.warning(path.key(key), "is " + quorum + ", and the pool has no more than " + there);
    } else if ((long) quorum + hysteresis > there) {
      findings.warning(
          path.key("hysteresis"),
          "asks for "
              + (quorum + hysteresis)
              + " "
              + key
              + " before the pool is up again, and it has no more than "
              + there);
    }
  }

  private void target(String name, String next, KeyPath path) {
    if (!pools.containsKey(next)) {
      findings.error(
          path,
          () ->
              "there is no pool "
                  + Quote.of(next)
                  + ", expected the name of one under 'pools'"
                  + Nearest.suggestion(next, pools.keySet()));
      return;
    }
    var way = new ArrayList<>(List.of(name));
    for (String at = next; at != null; at = nextOf(at)) {
      if (at.equals(name)) {
        findings.error(
            path, "leads back to " + Quote.of(name) + ": " + String.join(" → ", way) + " → " + at);
        return;
      }
      if (way.contains(at)) {
        return; // a circle of others, which they are told of
      }
      way.add(at);
    }
  }

  private @Nullable String nextOf(String name) {
    var pool = pools.get(name);
    return pool == null ? null : fallback(pool);
  }
}
