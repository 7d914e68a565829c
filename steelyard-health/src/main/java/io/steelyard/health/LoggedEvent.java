package io.steelyard.health;

import io.steelyard.balance.health.Event;
import java.time.Instant;

/** A change, and when it was by the time of day. */
public record LoggedEvent(Instant time, Event event) {}
