package io.steelyard.model.check;

import io.steelyard.model.Match;
import org.jspecify.annotations.Nullable;

/** Finds routes that can never be taken, because an earlier one takes all that they would. */
interface Cover {
  /** Adds a route; later ones may be covered by it. */
  void add(@Nullable Match match, int index);

  /**
   * The index of a route that takes all that a route with this condition would; null when there is
   * none.
   */
  @Nullable Integer covering(@Nullable Match match);
}
