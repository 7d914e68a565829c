package io.steelyard.balance.balancer;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.KeySource;
import java.util.List;
import java.util.Set;

/**
 * {@code lblcr}: each key has a set of endpoints that grows while they are overloaded and shrinks
 * when it has long been as it is: LVS's locality-based least connections with replication.
 *
 * <p><b>Rule.</b> As {@link LocalityLeastConnections}, with the least busy of the key's endpoints;
 * the one that is taken for an overloaded one joins them. When nothing has changed for {@code
 * shrink-after} (6m), the busiest of them leaves. At most eight at a time; a ninth takes the
 * busiest one's place.
 *
 * <p><b>Source.</b> Linux, net/netfilter/ipvs/ip_vs_lblcr.c, whose sets have no bound and shrink
 * after a day by default; the six minutes are those of the LVS documentation, "Job Scheduling
 * Algorithms".
 *
 * <p><b>When.</b> As {@link LocalityLeastConnections}, where a few keys are more than one endpoint
 * can serve.
 */
final class ReplicatedLocality {
  private static final int MOST = 8;

  static final BalancerFactory FACTORY =
      new BalancerFactory() {
        @Override
        public String name() {
          return "lblcr";
        }

        @Override
        public List<Option<?>> options() {
          return List.of(
              Locality.KEY,
              Locality.NAME,
              Locality.CAPACITY,
              Locality.ENTRIES,
              Locality.EXPIRES,
              Locality.SHRINK_AFTER);
        }

        @Override
        public Set<KeySource.Kind> needs(BalancerOptions options) {
          return Locality.needs(options);
        }

        @Override
        public Balancer create(List<Endpoint> ready, BalancerOptions options) {
          return new Locality(ready, options, MOST, options.get(Locality.SHRINK_AFTER));
        }
      };

  private ReplicatedLocality() {}
}
