package io.steelyard.model.check;

import io.steelyard.model.Address;
import io.steelyard.model.Configuration;
import io.steelyard.model.KeyPath;
import io.steelyard.model.Nearest;
import io.steelyard.model.Pool;
import io.steelyard.model.Quote;
import io.steelyard.model.SimulatedEvent.Action;
import io.steelyard.model.Simulation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks that a simulation is about things that there are. */
final class SimulationCheck {
  private static final KeyPath PATH = KeyPath.ROOT.key("simulation");

  private final Configuration configuration;
  private final Simulation simulation;
  private final Findings findings;

  SimulationCheck(Configuration configuration, Simulation simulation, Findings findings) {
    this.configuration = configuration;
    this.simulation = simulation;
    this.findings = findings;
  }

  void all() {
    var pools = configuration.pools();
    var name = simulation.pool();
    if (name != null && !pools.containsKey(name)) {
      findings.error(
          PATH.key("pool"),
          "there is no pool "
              + Quote.of(name)
              + ", expected the name of one under 'pools'"
              + Nearest.suggestion(name, pools.keySet()));
      return;
    }
    var pool = pool(name);
    if (pool != null) {
      endpoints(pool);
      events(pool);
    }
  }

  private @Nullable Pool pool(@Nullable String name) {
    return name != null
        ? configuration.pools().get(name)
        : configuration.pools().values().stream().findFirst().orElse(null);
  }

  private void endpoints(Pool pool) {
    Map<Address, Integer> first = new HashMap<>();
    for (int i = 0; i < simulation.endpoints().size(); i++) {
      var address = simulation.endpoints().get(i).address();
      var here = PATH.key("endpoints").item(i).key("address");
      belongs(address, pool, here);
      var other = first.putIfAbsent(address, i);
      if (other != null) {
        findings.error(
            here,
            address
                + " is already "
                + PATH.key("endpoints").item(other)
                + ", expected each endpoint once");
      }
    }
  }

  private void events(Pool pool) {
    for (int i = 0; i < simulation.events().size(); i++) {
      var event = simulation.events().get(i);
      var here = PATH.key("events").item(i);
      belongs(event.endpoint(), pool, here.key("endpoint"));
      if (event.action() != Action.SLOW && event.factor() != 10) {
        findings.error(
            here.key("factor"), "stands beside an action that takes none, expected action: slow");
      }
    }
  }

  private void belongs(Address address, Pool pool, KeyPath path) {
    List<String> known =
        pool.endpoints().stream().map(endpoint -> endpoint.address().toString()).toList();
    if (!known.contains(address.toString())) {
      findings.error(
          path,
          () ->
              "there is no endpoint "
                  + address
                  + " in the pool, expected the address of one"
                  + Nearest.suggestion(address.toString(), known));
    }
  }
}
