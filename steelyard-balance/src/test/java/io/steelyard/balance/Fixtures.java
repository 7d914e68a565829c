package io.steelyard.balance;

import io.steelyard.model.Address;
import io.steelyard.model.EndpointSpec;
import java.util.ArrayList;
import java.util.List;

/** Endpoints by weight: the first at 10.0.0.1:1, the next at 10.0.0.1:2 and so on. */
public final class Fixtures {
  private Fixtures() {}

  public static List<Endpoint> endpoints(int... weights) {
    return endpoints(new PoolState("p"), weights);
  }

  public static List<Endpoint> endpoints(PoolState state, int... weights) {
    var specs = new ArrayList<EndpointSpec>();
    for (int weight : weights) {
      specs.add(EndpointSpec.of(new Address("10.0.0.1", specs.size() + 1), weight));
    }
    return state.endpoints(specs);
  }
}
