package io.steelyard.balance.health;

/**
 * An endpoint's health changed.
 *
 * @param nanos when, on the clock that was handed in
 * @param pool the pool's name
 * @param endpoint the endpoint's name
 * @param from the health before
 * @param to the health now
 * @param reason why, for people
 */
public record HealthEvent(
    long nanos, String pool, String endpoint, Health from, Health to, String reason)
    implements Event {}
