package io.steelyard.model.check;

import io.steelyard.model.EndpointSpec;
import io.steelyard.model.KeyPath;
import io.steelyard.model.Nearest;
import io.steelyard.model.Pool;
import io.steelyard.model.Quote;
import java.util.TreeSet;

/** Checks a pool's groups of endpoints: priorities, zones, subsets. */
final class PoolGroups {
  private final String zone;
  private final Pool pool;
  private final KeyPath path;
  private final Findings findings;

  PoolGroups(String zone, Pool pool, KeyPath path, Findings findings) {
    this.zone = zone;
    this.pool = pool;
    this.path = path;
    this.findings = findings;
  }

  void all() {
    priorities();
    zone();
    var subset = pool.subset();
    if (subset != null && subset.size() > pool.endpoints().size()) {
      findings.warning(
          path.key("subset").key("size"),
          "is " + subset.size() + ", and the pool has no more than " + pool.endpoints().size());
    }
  }

  private void priorities() {
    var priorities = pool.priorities();
    var here = path.key("priorities");
    int returnAt = priorities.returnAt();
    if (returnAt != 0 && returnAt < priorities.minimumActive()) {
      findings.error(
          here.key("return-at"),
          "is "
              + returnAt
              + ", expected 0 or no less than 'minimum-active', which is "
              + priorities.minimumActive());
    }
    long first = pool.endpoints().stream().mapToInt(EndpointSpec::priority).min().orElse(0);
    long count = pool.endpoints().stream().filter(spec -> spec.priority() == first).count();
    if (count < pool.endpoints().size() && priorities.effectiveReturnAt() > count) {
      findings.warning(
          here,
          "want "
              + priorities.effectiveReturnAt()
              + " endpoints of priority "
              + first
              + ", of which there are only "
              + count
              + ": the next priority never stands by again");
    }
  }

  /** A pool whose endpoints stand in zones, but none in ours: a slip, most likely. */
  private void zone() {
    var zones = new TreeSet<String>();
    pool.endpoints().forEach(endpoint -> zones.add(endpoint.zone()));
    zones.remove("");
    if (!zone.isEmpty() && !zones.isEmpty() && !zones.contains(zone)) {
      findings.warning(
          path.key("endpoints"),
          "have none in the zone of this process, "
              + Quote.of(zone)
              + Nearest.suggestion(zone, zones));
    }
  }
}
