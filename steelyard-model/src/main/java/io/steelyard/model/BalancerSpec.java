package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which balancer a pool uses, by name, with the balancer's own options. What names and options
 * there are is not known here but where the balancers are.
 *
 * @param name the balancer's name
 * @param options by name; each a String, Long, Double, Boolean, or a List or Map of these
 */
@Doc(
    "How an endpoint is chosen: a balancer's name, or its name with options, `{ NAME: { OPTION: VALUE } }`.")
public record BalancerSpec(String name, Map<String, Object> options) {
  public BalancerSpec {
    requireNonNull(name, "name");
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
  }

  /** A balancer without options. */
  public static BalancerSpec of(String name) {
    return new BalancerSpec(name, Map.of());
  }

  /** The name, and the options if there are any. */
  @Override
  public String toString() {
    return options.isEmpty() ? name : name + options;
  }
}
