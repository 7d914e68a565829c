package io.steelyard.balance.health;

import io.steelyard.balance.Endpoint;
import io.steelyard.model.Wish;
import java.util.List;

/**
 * What is known about one endpoint at one moment.
 *
 * @param endpoint which one
 * @param wish what the administrator wants of it
 * @param health what it amounts to
 * @param reason why it has this health
 * @param sinceNanos since when
 * @param ejected whether traffic, not probes, keeps it out
 * @param ejectedUntilNanos until when it is ejected; 0 when it is not
 * @param results the last ten probes, the oldest first
 * @param passed probes that passed
 * @param failed probes that failed
 * @param ejections how often it was ejected
 * @param changes how often its health changed
 * @param availability its times up and down
 */
public record EndpointReport(
    Endpoint endpoint,
    Wish wish,
    Health health,
    String reason,
    long sinceNanos,
    boolean ejected,
    long ejectedUntilNanos,
    List<ProbeResult> results,
    long passed,
    long failed,
    long ejections,
    long changes,
    Availability availability) {
  public EndpointReport {
    results = List.copyOf(results);
  }
}
