package io.steelyard.health;

import io.steelyard.balance.health.Availability;
import io.steelyard.balance.health.EndpointReport;
import io.steelyard.balance.health.Health;
import java.util.List;

/**
 * What is known about the health of a pool at one moment.
 *
 * @param health UP when enough endpoints can be used
 * @param changes how often that changed
 * @param panic whether so few endpoints are UP that all are used
 * @param usable how many endpoints are used
 * @param ejected how many are ejected
 * @param availability the pool's times up and down
 * @param nanos the moment, on the clock of the reports
 * @param endpoints in the pool's order
 */
public record PoolReport(
    Health health,
    long changes,
    boolean panic,
    int usable,
    int ejected,
    Availability availability,
    long nanos,
    List<EndpointReport> endpoints) {
  public PoolReport {
    endpoints = List.copyOf(endpoints);
  }
}
