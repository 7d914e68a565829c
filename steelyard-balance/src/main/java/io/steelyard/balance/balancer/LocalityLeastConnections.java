package io.steelyard.balance.balancer;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.KeySource;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * {@code lblc}: each key has one endpoint, until that is overloaded: LVS's locality-based least
 * connections.
 *
 * <p><b>Rule.</b> A new key's endpoint is the one with the least in flight ÷ weight. When it has
 * more in flight than weight × {@code capacity} (1), and another has less than half of that, or
 * when it is not accepted, the least busy one becomes the key's ({@link Locality}). Without a key,
 * the least busy one. What was not asked for in {@code expires} (24h) is forgotten; {@code entries}
 * (16,384) keys are known. The {@code key} is the address that the client connected to, or another:
 * {@code source-address}, {@code uri}; {@code header}, {@code cookie} or {@code parameter} with a
 * {@code name}.
 *
 * <p><b>Source.</b> Linux, net/netfilter/ipvs/ip_vs_lblc.c; W. Zhang, LVS documentation, "Job
 * Scheduling Algorithms".
 *
 * <p><b>When.</b> Endpoints that cache: forward proxies, render caches. With {@code capacity: 1}
 * weights must say how many requests at a time an endpoint is good for.
 */
final class LocalityLeastConnections {
  private static final int ONE = 1;

  static final BalancerFactory FACTORY =
      new BalancerFactory() {
        @Override
        public String name() {
          return "lblc";
        }

        @Override
        public List<Option<?>> options() {
          return List.of(
              Locality.KEY, Locality.NAME, Locality.CAPACITY, Locality.ENTRIES, Locality.EXPIRES);
        }

        @Override
        public Set<KeySource.Kind> needs(BalancerOptions options) {
          return Locality.needs(options);
        }

        @Override
        public Balancer create(List<Endpoint> ready, BalancerOptions options) {
          return new Locality(ready, options, ONE, Duration.ofDays(1));
        }
      };

  private LocalityLeastConnections() {}
}
