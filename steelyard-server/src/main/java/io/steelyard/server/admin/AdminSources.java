package io.steelyard.server.admin;

import static java.util.Objects.requireNonNull;

import io.steelyard.proxy.stats.Stats;

/**
 * Where the admin server gets what it shows. All of them are asked by several threads at once, anew
 * for each answer.
 *
 * @param status what runs now
 * @param ready whether traffic may come
 * @param stats what has happened
 * @param wishes does what the administrator wants of endpoints
 */
public record AdminSources(
    StatusSource status, ReadySource ready, Stats stats, WishControl wishes) {
  public AdminSources {
    requireNonNull(status, "status");
    requireNonNull(ready, "ready");
    requireNonNull(stats, "stats");
    requireNonNull(wishes, "wishes");
  }
}
