package io.steelyard.balance.health;

/**
 * A pool's health changed.
 *
 * @param nanos when, on the clock that was handed in
 * @param pool the pool's name
 * @param from the health before
 * @param to the health now
 * @param reason why, for people
 */
public record PoolEvent(long nanos, String pool, Health from, Health to, String reason)
    implements Event {}
