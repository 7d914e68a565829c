package io.steelyard.server;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.PoolState;
import io.steelyard.health.HealthKeeper;
import io.steelyard.model.EndpointSpec;
import io.steelyard.proxy.ProxyState;
import io.steelyard.server.names.NameKeeper;
import java.util.List;
import java.util.stream.Collectors;

/** Brings what names lead to into the pools that run. */
final class NamedEndpoints {
  private final NameKeeper names;
  private final ProxyState state;
  private final HealthKeeper health;

  NamedEndpoints(NameKeeper names, ProxyState state, HealthKeeper health) {
    this.names = names;
    this.state = state;
    this.health = health;
  }

  /** The pools are cared for: from now on they follow their names. */
  void begin() {
    names.tell(this::changed);
    names.pools().forEach(this::changed); // what has changed since, and what is missing
  }

  /** Called by the resolver's thread, one change after the other, and once by who starts. */
  private synchronized void changed(String pool) {
    NameKeeper.Members members = names.members(pool);
    if (members != null) {
      PoolState known = state.pool(pool);
      List<Endpoint> endpoints = known.endpoints(members.endpoints());
      health.replace(pool, endpoints, members.missing(), "its name leads elsewhere");
      known.retain(
          members.endpoints().stream()
              .map(EndpointSpec::address)
              .collect(Collectors.toUnmodifiableSet()));
    }
  }
}
