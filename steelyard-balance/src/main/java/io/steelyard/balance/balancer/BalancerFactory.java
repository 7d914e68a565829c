package io.steelyard.balance.balancer;

import static java.util.Objects.requireNonNull;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.KeySource;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Makes balancers of one kind. Immutable and thread-safe; what it makes is neither. */
public interface BalancerFactory {
  /** The balancer's name in a configuration, in kebab-case. */
  String name();

  /** The options that it takes. */
  default List<Option<?>> options() {
    return List.of();
  }

  /**
   * What its balancers need to see of a request or connection. A listener whose protocol cannot
   * show it cannot use them.
   */
  default Set<KeySource.Kind> needs(BalancerOptions options) {
    return Set.of();
  }

  /**
   * Makes a balancer for one event loop.
   *
   * @param ready the endpoints to choose from, in the configuration's order; those of weight 0 are
   *     never chosen; may be empty
   * @throws IllegalArgumentException when the options do not fit; the message says why
   */
  Balancer create(List<Endpoint> ready, BalancerOptions options);

  /** The factory of a balancer that takes no options and needs nothing of the request. */
  static BalancerFactory plain(String name, Function<List<Endpoint>, Balancer> constructor) {
    return new Plain(name, constructor);
  }

  /** See {@link #plain}. */
  record Plain(String name, Function<List<Endpoint>, Balancer> constructor)
      implements BalancerFactory {
    public Plain {
      requireNonNull(name, "name");
      requireNonNull(constructor, "constructor");
    }

    @Override
    public Balancer create(List<Endpoint> ready, BalancerOptions options) {
      return constructor.apply(ready);
    }
  }
}
