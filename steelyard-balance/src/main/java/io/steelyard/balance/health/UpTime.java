package io.steelyard.balance.health;

/** Adds up the times that something was up and down. Not thread-safe. */
final class UpTime {
  private Health health = Health.STARTING;
  private long since;
  private long upNanos;
  private long downNanos;
  private long failures;

  /** It has this health from now on. */
  void become(Health next, long now) {
    upNanos += health == Health.UP ? now - since : 0;
    downNanos += health == Health.DOWN ? now - since : 0;
    failures += next == Health.DOWN && health != Health.DOWN ? 1 : 0;
    health = next;
    since = now;
  }

  Availability until(long now) {
    return new Availability(
        upNanos + (health == Health.UP ? now - since : 0),
        downNanos + (health == Health.DOWN ? now - since : 0),
        failures);
  }
}
