package io.steelyard.balance.health;

/**
 * An endpoint came into a pool or left it.
 *
 * @param nanos when, on the clock that was handed in
 * @param pool the pool's name
 * @param endpoint the endpoint's name
 * @param present whether it is in the pool now
 * @param reason why, for people
 */
public record MemberEvent(long nanos, String pool, String endpoint, boolean present, String reason)
    implements Event {}
