package io.steelyard.balance.parity;

import static java.util.Objects.requireNonNull;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.FakeSelection;
import io.steelyard.balance.PoolState;
import io.steelyard.balance.balancer.Balancers;
import io.steelyard.model.Address;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.EndpointSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What our balancers answer. */
final class Ours {
  private Ours() {}

  /** Endpoints at these ports of the loopback address. */
  static List<Endpoint> endpoints(List<Integer> ports, List<Integer> weights) {
    List<EndpointSpec> specs = new ArrayList<>();
    for (int i = 0; i < weights.size(); i++) {
      specs.add(EndpointSpec.of(new Address("127.0.0.1", ports.get(i)), weights.get(i)));
    }
    return new PoolState("p").endpoints(specs);
  }

  /** The port of the endpoint that each key is placed at. */
  static List<Integer> ports(
      String name, Map<String, Object> options, List<Endpoint> endpoints, List<byte[]> keys) {
    return ports(name, options, endpoints, keys, 0);
  }

  /** The same, when so many of the first endpoints are refused. */
  static List<Integer> ports(
      String name,
      Map<String, Object> options,
      List<Endpoint> endpoints,
      List<byte[]> keys,
      int refused) {
    FakeSelection selection = new FakeSelection(1);
    endpoints.stream().limit(refused).forEach(selection::refuse);
    selection.attempt(0);
    return endpoints(name, options, endpoints, keys, selection).stream()
        .map(endpoint -> endpoint.address().port())
        .toList();
  }

  /** The endpoint that each key is placed at. */
  static List<Endpoint> endpoints(
      String name, Map<String, Object> options, List<Endpoint> endpoints, List<byte[]> keys) {
    return endpoints(name, options, endpoints, keys, new FakeSelection(1));
  }

  private static List<Endpoint> endpoints(
      String name,
      Map<String, Object> options,
      List<Endpoint> endpoints,
      List<byte[]> keys,
      FakeSelection selection) {
    Balancer balancer = Balancers.standard().create(new BalancerSpec(name, options), endpoints);
    List<Endpoint> chosen = new ArrayList<>();
    for (byte[] key : keys) {
      selection.key(key);
      chosen.add(requireNonNull(balancer.select(selection)));
    }
    return chosen;
  }
}
