package io.steelyard.balance.placement;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Selection;
import org.jspecify.annotations.Nullable;

/**
 * Gives each key its endpoint: the same key the same endpoint for as long as the endpoints stay the
 * same. Belongs to one event loop; placing changes nothing and allocates nothing, but the first
 * time may build tables.
 */
public interface Placement {
  /**
   * The endpoint of the key {@code key[from]} to {@code key[to - 1]}; when the selection does not
   * accept it, the one that the key falls to instead, found in bounded time.
   *
   * @return null when the selection accepts none, none may have the key, or patience is over
   */
  @Nullable Endpoint place(byte[] key, int from, int to, Selection selection);

  /** Whether a key whose endpoint is not to be had must not go to another one. */
  default boolean isStrict() {
    return false;
  }

  /** How a key comes to its place, in words: the hash, the slot, the point of the ring. */
  String rule(byte[] key, int from, int to);

  /**
   * What was compared to find the key's endpoint, the least is the best; NaN where nothing is
   * compared.
   */
  default double score(Endpoint endpoint, byte[] key, int from, int to) {
    return Double.NaN;
  }

  /**
   * Takes from another placement, made for other endpoints, what need not be computed again. Called
   * before the first key is placed; the other stays as it is. Changes no key's place.
   */
  default void follow(Placement previous) {}
}
