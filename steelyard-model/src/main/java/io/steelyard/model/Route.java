package io.steelyard.model;

import org.jspecify.annotations.Nullable;

/** A condition and where matching traffic goes. */
@Doc(
    "A condition and where matching requests or connections go. The first route whose condition holds is taken. It has either `pool` or `redirect`.")
@ExactlyOne({"pool", "redirect"})
public record Route(
    @Doc("The condition. A route without one takes every request that reaches it.") @NotEmpty
        @Nullable Match match,
    @Doc("The name of the pool that serves these requests.") @NotEmpty @Nullable String pool,
    @Doc("Sends these clients elsewhere. `redirect: {}` sends them to HTTPS.")
        @Nullable Redirect redirect,
    @Doc(
            "The class of service, one of the pool's `queue.classes`, that these requests are of when they have to wait. Absent: the last.")
        @NotEmpty
        @Nullable String serviceClass) {
  /** A route to a pool, without a class of service. */
  public Route(@Nullable Match match, String pool) {
    this(match, pool, null, null);
  }
}
