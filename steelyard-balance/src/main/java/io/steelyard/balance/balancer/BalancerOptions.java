package io.steelyard.balance.balancer;

import java.util.Map;
import java.util.Set;

/** The options that a configuration gives a balancer, by name. Immutable. */
public final class BalancerOptions {
  private static final BalancerOptions NONE = new BalancerOptions(Map.of());

  private final Map<String, Object> values;

  private BalancerOptions(Map<String, Object> values) {
    this.values = values;
  }

  /** No options: each has its default. */
  public static BalancerOptions none() {
    return NONE;
  }

  /**
   * Options by name.
   *
   * @param values each a String, Boolean, Long, Integer, Double, List or Map
   */
  public static BalancerOptions of(Map<String, Object> values) {
    return new BalancerOptions(Map.copyOf(values));
  }

  /**
   * An option's value, or its default when it is absent.
   *
   * @throws IllegalArgumentException when the option has another type or is out of bounds; the
   *     message says what was found and what was expected
   */
  public <T> T get(Option<T> option) {
    try {
      return option.read(values.get(option.name()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("option " + option.name() + ": " + e.getMessage(), e);
    }
  }

  /** The names of the options that are given. */
  public Set<String> names() {
    return values.keySet();
  }

  /** What is wrong with an option's value, or an empty text. */
  String complaint(Option<?> option) {
    try {
      var _ = option.read(values.get(option.name()));
      return "";
    } catch (IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** The options, for messages. */
  @Override
  public String toString() {
    return values.toString();
  }
}
