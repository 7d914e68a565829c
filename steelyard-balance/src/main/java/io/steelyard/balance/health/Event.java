package io.steelyard.balance.health;

/** Something about a pool changed that decides who gets its traffic. */
public sealed interface Event permits HealthEvent, WishEvent, PoolEvent, MemberEvent {
  /** When, on the clock that was handed in. */
  long nanos();

  /** The pool's name. */
  String pool();

  /** Why, for people. */
  String reason();
}
