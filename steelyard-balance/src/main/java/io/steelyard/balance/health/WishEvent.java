package io.steelyard.balance.health;

import io.steelyard.model.Wish;

/**
 * The administrator wants something else of an endpoint.
 *
 * @param nanos when, on the clock that was handed in
 * @param pool the pool's name
 * @param endpoint the endpoint's name
 * @param from what was wanted before
 * @param to what is wanted now
 * @param reason who said so, for people
 */
public record WishEvent(long nanos, String pool, String endpoint, Wish from, Wish to, String reason)
    implements Event {}
