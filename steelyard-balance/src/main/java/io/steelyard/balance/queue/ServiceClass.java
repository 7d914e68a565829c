package io.steelyard.balance.queue;

import static java.util.Objects.requireNonNull;

/**
 * A class of service.
 *
 * @param name what people call it
 * @param weight its share of what is served while others wait, too; 1 or more. Of no interest where
 *     classes come strictly one after the other
 */
public record ServiceClass(String name, int weight) {
  public ServiceClass {
    requireNonNull(name, "name");
    if (weight < 1) {
      throw new IllegalArgumentException(
          "class " + name + " has weight " + weight + ", expected 1 or more");
    }
  }
}
