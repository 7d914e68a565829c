package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** A condition and where matching traffic goes. */
@Doc(
    "A condition and where matching requests or connections go. The first route whose condition holds is taken.")
public record Route(
    @Doc("The condition. A route without one takes every request that reaches it.") @NotEmpty
        @Nullable Match match,
    @Doc("The name of the pool that serves these requests.") @NotEmpty String pool) {
  public Route {
    requireNonNull(pool, "pool");
  }
}
