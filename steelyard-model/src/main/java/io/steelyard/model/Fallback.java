package io.steelyard.model;

import org.jspecify.annotations.Nullable;

/** What serves in a pool's place. */
@Doc(
    "What serves requests while none of the pool's endpoints can be used, or when all that can be have failed the request. Short form: the name of a pool.")
@Shorthand("pool")
@ExactlyOne({"pool", "answer"})
public record Fallback(
    @Doc("Another pool, which may have a fallback of its own.") @Nullable String pool,
    @Doc("An answer, over HTTP.") @Nullable FixedAnswer answer) {
  /** Another pool. */
  public static Fallback to(String pool) {
    return new Fallback(pool, null);
  }

  /** An answer. */
  public static Fallback of(FixedAnswer answer) {
    return new Fallback(null, answer);
  }
}
