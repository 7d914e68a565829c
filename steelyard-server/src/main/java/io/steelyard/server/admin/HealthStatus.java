package io.steelyard.server.admin;

import io.steelyard.balance.health.Availability;
import io.steelyard.balance.health.EndpointReport;
import io.steelyard.balance.health.HealthEvent;
import io.steelyard.balance.health.MemberEvent;
import io.steelyard.balance.health.PoolEvent;
import io.steelyard.balance.health.ProbeResult;
import io.steelyard.balance.health.WishEvent;
import io.steelyard.health.LoggedEvent;
import io.steelyard.health.PoolReport;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code /v1/status} says about health; see {@link StatusReport}. */
final class HealthStatus {
  private HealthStatus() {}

  record Pool(
      String health,
      long changes,
      boolean panic,
      int usable,
      int ejected,
      Availabilities availability) {
    static @Nullable Pool of(@Nullable PoolReport report) {
      return report == null
          ? null
          : new Pool(
              report.health().name(),
              report.changes(),
              report.panic(),
              report.usable(),
              report.ejected(),
              Availabilities.of(report.availability()));
    }
  }

  record Endpoint(
      String health,
      String reason,
      double forSeconds,
      @Nullable Double ejectedForSeconds,
      long changes,
      long ejections,
      Probes probes,
      Availabilities availability) {
    /**
     * @param index which endpoint of the pool it is
     */
    static @Nullable Endpoint of(@Nullable PoolReport pool, int index) {
      return pool == null ? null : of(pool.endpoints().get(index), pool.nanos());
    }

    private static Endpoint of(EndpointReport report, long now) {
      return new Endpoint(
          report.health().name(),
          report.reason(),
          seconds(now - report.sinceNanos()),
          report.ejected() ? seconds(Math.max(0, report.ejectedUntilNanos() - now)) : null,
          report.changes(),
          report.ejections(),
          Probes.of(report),
          Availabilities.of(report.availability()));
    }
  }

  /** {@code last} has the oldest first. */
  record Probes(long passed, long failed, List<Probe> last) {
    private static Probes of(EndpointReport report) {
      return new Probes(
          report.passed(), report.failed(), report.results().stream().map(Probe::of).toList());
    }
  }

  record Probe(boolean passed, String layer, String detail, double ms) {
    private static Probe of(ProbeResult result) {
      return new Probe(
          result.passed(),
          result.layer().text(),
          result.detail(),
          Math.round(result.nanos() / 1e3) / 1e3);
    }
  }

  /** The times are null as long as there was no failure. */
  record Availabilities(
      double ratio,
      double upSeconds,
      double downSeconds,
      long failures,
      @Nullable Double mtbfSeconds,
      @Nullable Double mttrSeconds) {
    private static Availabilities of(Availability availability) {
      boolean failed = availability.failures() > 0;
      return new Availabilities(
          availability.ratio(),
          seconds(availability.upNanos()),
          seconds(availability.downNanos()),
          availability.failures(),
          failed ? (Double) seconds(availability.mtbfNanos()) : null,
          failed ? (Double) seconds(availability.mttrNanos()) : null);
    }
  }

  /** Without an endpoint it is the pool that changed. */
  record Event(
      String time, String pool, @Nullable String endpoint, String from, String to, String reason) {
    static Event of(LoggedEvent logged) {
      return switch (logged.event()) {
        case HealthEvent e -> of(logged, e.endpoint(), e.from(), e.to());
        case WishEvent e -> of(logged, e.endpoint(), e.from(), e.to());
        case PoolEvent e -> of(logged, null, e.from(), e.to());
        case MemberEvent e ->
            of(logged, e.endpoint(), Presence.of(!e.present()), Presence.of(e.present()));
      };
    }

    private static Event of(
        LoggedEvent logged, @Nullable String endpoint, Enum<?> from, Enum<?> to) {
      return new Event(
          logged.time().truncatedTo(ChronoUnit.MILLIS).toString(),
          logged.event().pool(),
          endpoint,
          from.name(),
          to.name(),
          logged.event().reason());
    }
  }

  private enum Presence {
    ABSENT,
    PRESENT;

    static Presence of(boolean present) {
      return present ? PRESENT : ABSENT;
    }
  }

  private static double seconds(long nanos) {
    return seconds((double) nanos);
  }

  private static double seconds(double nanos) {
    return Math.round(nanos / 1e6) / 1e3;
  }
}
