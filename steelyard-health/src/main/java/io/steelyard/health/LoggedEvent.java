package io.steelyard.health;

import io.steelyard.balance.health.HealthEvent;
import java.time.Instant;

/** A change of health, and when it was by the time of day. */
public record LoggedEvent(Instant time, HealthEvent event) {}
