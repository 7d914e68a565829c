package io.steelyard.balance.health;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.steelyard.balance.Endpoint;
import io.steelyard.model.Wish;
import org.jspecify.annotations.Nullable;

/** One endpoint's probes and ejections, and what they amount to. Not thread-safe. */
final class EndpointHealth {
  Endpoint endpoint;
  final ProbedHealth probed = new ProbedHealth();
  final Ejection ejection = new Ejection();
  private final boolean hasProbes;
  private final UpTime upTime = new UpTime();
  private Wish wish;

  /** Why there is nothing to be reached: its name leads nowhere. */
  private @Nullable String missing;

  private Health health;
  private String reason;
  private long since;
  private long changes;

  /** What it had done when the last window ended. */
  Traffic earlier = Traffic.NONE;

  EndpointHealth(Endpoint endpoint, boolean hasProbes, long now) {
    this.endpoint = endpoint;
    this.hasProbes = hasProbes;
    this.wish = endpoint.wish();
    health = amount();
    reason = hasProbes ? "not probed yet" : "not probed";
    since = now;
    upTime.become(health, now);
  }

  Health health() {
    return health;
  }

  /** Whether probes hold it for well, or there are none. */
  boolean isProbedUp() {
    return !hasProbes || probed.health() == Health.UP;
  }

  /** Whether it is to take traffic when it is well. */
  boolean serves() {
    return endpoint.weight() > 0 && wish == Wish.READY;
  }

  boolean isMissing() {
    return missing != null;
  }

  /** What it is now: the same, perhaps at another place of the pool, perhaps of another weight. */
  void become(Endpoint next, @Nullable String why) {
    endpoint = next;
    missing = why;
  }

  Wish wish() {
    return wish;
  }

  /** Something else is wanted of it. One that is not probed any more is not known any more. */
  void become(Wish next) {
    wish = next;
    if (next == Wish.DISABLED) {
      probed.forget();
    }
  }

  boolean isUsable() {
    return serves() && health == Health.UP;
  }

  /** The change, if what is known now amounts to another health; else null. */
  @Nullable HealthEvent update(String why, long now) {
    var next = amount();
    if (next == health) {
      return null;
    }
    var event = new HealthEvent(now, endpoint.pool(), endpoint.name(), health, next, why);
    health = next;
    reason = why;
    since = now;
    changes++;
    upTime.become(next, now);
    return event;
  }

  private Health amount() {
    if (missing != null || ejection.isEjected()) {
      return Health.DOWN;
    }
    return hasProbes ? probed.health() : Health.UP;
  }

  /** What a window of its traffic looks like; the next one begins. */
  Traffic window(Traffic until) {
    var window = until.since(earlier);
    earlier = until;
    return window;
  }

  EndpointReport report(long now) {
    return new EndpointReport(
        endpoint,
        wish,
        health,
        reason,
        since,
        ejection.isEjected(),
        ejection.isEjected() ? ejection.until() : 0,
        probed.results(),
        probed.passed(),
        probed.failed(),
        ejection.total(),
        changes,
        upTime.until(now));
  }

  static String seconds(long nanos) {
    return NANOSECONDS.toMillis(nanos) / 1e3 + " s";
  }
}
