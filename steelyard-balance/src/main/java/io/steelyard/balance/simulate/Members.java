package io.steelyard.balance.simulate;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Pool;
import io.steelyard.balance.PoolState;
import io.steelyard.model.Address;
import io.steelyard.model.EndpointSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Who belongs to the pool and who of them can be chosen, and each event loop's view of that, made
 * anew at every change as a server makes it.
 */
final class Members {
  private final Map<Address, EndpointSpec> known = new LinkedHashMap<>();
  private final Set<Address> absent;
  private final Set<Address> down;
  private final PoolState state;
  private final BalancerMaker maker;
  private List<Endpoint> all = List.of();
  private List<Endpoint> ready = List.of();
  private final List<Pool> loops = new ArrayList<>();

  Members(
      String name,
      List<EndpointSpec> specs,
      Set<Address> absent,
      BalancerMaker maker,
      LongSupplier clock,
      int loopCount) {

    this.state = new PoolState(name);
    this.absent = absent;
    this.down = new HashSet<>();
    this.maker = maker;
    specs.forEach(spec -> known.put(spec.address(), spec));
    reread();
    for (int i = 0; i < loopCount; i++) {
      loops.add(new Pool(name, all, maker.make(all, ready), clock));
    }
  }

  private void reread() {
    all =
        state.endpoints(
            known.values().stream().filter(spec -> !absent.contains(spec.address())).toList());
    sift();
  }

  private void sift() {
    ready = all.stream().filter(endpoint -> !down.contains(endpoint.address())).toList();
  }

  List<Endpoint> ready() {
    return ready;
  }

  Pool loop(int number) {
    return loops.get(number);
  }

  boolean isPresent(Address address) {
    return !absent.contains(address);
  }

  boolean isDown(Address address) {
    return down.contains(address);
  }

  /** It is noticed that an endpoint does not serve, or does. */
  void noticed(Address address, boolean serves) {
    if (serves) {
      down.remove(address);
    } else {
      down.add(address);
    }
    sift();
    replace();
  }

  /** A new configuration has the endpoint, or does not. */
  void configured(Address address, boolean present) {
    if (present) {
      absent.remove(address);
    } else {
      absent.add(address);
    }
    reread();
    replace();
  }

  private void replace() {
    loops.replaceAll(loop -> loop.successor(all, maker.make(all, ready)));
  }

  /** The first event loop's view if the last endpoint that can be chosen were not there. */
  Pool withoutLast() {
    var fewer = ready.subList(0, ready.size() - 1);
    return loops.getFirst().successor(all, maker.make(all, fewer));
  }
}
