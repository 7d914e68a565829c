package io.steelyard.balance.decorate;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.PoolState;
import io.steelyard.model.Address;
import io.steelyard.model.EndpointSpec;
import java.util.ArrayList;
import java.util.List;

/** Endpoints in the making: so many of a priority or zone. */
final class Group {
  final PoolState state = new PoolState("p");
  private final List<EndpointSpec> specs = new ArrayList<>();

  Group add(int count, int priority, String zone) {
    for (int i = 0; i < count; i++) {
      specs.add(
          EndpointSpec.of(new Address("10.0.0.1", specs.size() + 1))
              .withPriority(priority)
              .withZone(zone));
    }
    return this;
  }

  List<Endpoint> endpoints() {
    return state.endpoints(specs);
  }

  /** Those at these places. */
  static List<Endpoint> only(List<Endpoint> all, int... indexes) {
    var some = new ArrayList<Endpoint>();
    for (int index : indexes) {
      some.add(all.get(index));
    }
    return some;
  }
}
