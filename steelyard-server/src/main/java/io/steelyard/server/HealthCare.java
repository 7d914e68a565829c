package io.steelyard.server;

import io.steelyard.balance.Endpoint;
import io.steelyard.health.HealthKeeper;
import io.steelyard.health.PoolMembers;
import io.steelyard.model.Configuration;
import io.steelyard.model.HealthSpec;
import io.steelyard.model.Pool;
import io.steelyard.proxy.PoolCare;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Lets the proxy know what the health keeper knows. */
final class HealthCare implements PoolCare {
  /** A start is not held up for longer by endpoints that do not answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** What a first probe takes beside its own time: threads, classes, a machine that is busy. */
  private static final Duration LEEWAY = Duration.ofMillis(500);

  private final Configuration configuration;
  private final HealthKeeper keeper;
  private final NamedEndpoints names;

  HealthCare(Configuration configuration, HealthKeeper keeper, NamedEndpoints names) {
    this.configuration = configuration;
    this.keeper = keeper;
    this.names = names;
  }

  /** Waits for the first probes, so that the first clients do not find all endpoints unknown. */
  @Override
  public void begin(Map<String, List<Endpoint>> pools) {
    configuration
        .pools()
        .forEach((name, pool) -> keeper.keep(name, pool, pools.getOrDefault(name, List.of())));
    names.begin();
    try {
      keeper.awaitFirstProbes(patience());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the start goes on; endpoints come as they are probed
    }
  }

  private Duration patience() {
    Duration longest =
        configuration.pools().values().stream()
            .map(Pool::health)
            .filter(Objects::nonNull)
            .map(HealthSpec::timeout)
            .max(Duration::compareTo)
            .orElse(Duration.ZERO);
    Duration enough = longest.plus(LEEWAY);
    return enough.compareTo(PATIENCE) < 0 ? enough : PATIENCE;
  }

  @Override
  public List<Endpoint> ready(String pool, List<Endpoint> all) {
    List<Endpoint> usable = keeper.usable(pool);
    return usable == null ? all : usable;
  }

  @Override
  public Members members(String pool, List<Endpoint> before) {
    PoolMembers now = keeper.members(pool);
    return now == null ? new Members(before, before) : new Members(now.all(), now.usable());
  }
}
