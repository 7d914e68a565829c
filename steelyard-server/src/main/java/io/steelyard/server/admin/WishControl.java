package io.steelyard.server.admin;

import io.steelyard.model.Wish;

/** Does what the administrator wants. Thread-safe. */
@FunctionalInterface
public interface WishControl {
  /**
   * Something is wanted of an endpoint from now on.
   *
   * @param pool its pool's name
   * @param endpoint its address as text
   * @return false when there is no such endpoint
   */
  boolean wish(String pool, String endpoint, Wish wish);
}
