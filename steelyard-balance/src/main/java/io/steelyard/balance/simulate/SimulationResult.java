package io.steelyard.balance.simulate;

import io.steelyard.model.SimulatedEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a simulation. Times in nanoseconds, of virtual time.
 *
 * @param balancer which balancer chose
 * @param requests how many requests arrived
 * @param failed how many of them ended without an answer
 * @param attempts how often an endpoint was asked
 * @param nanos when the last one ended
 * @param rate requests per second that arrived
 * @param imbalance the busiest endpoint's requests for its weight ÷ the mean of all; 1 is even
 * @param waited what answered requests waited
 * @param endpoints in the configuration's order
 * @param changes of who could be chosen, as they came
 * @param departure what would move if the last endpoint left now; null where no keys are looked at
 * @param timeline how it went
 * @param unreached events that were to come later
 */
public record SimulationResult(
    String balancer,
    long requests,
    long failed,
    long attempts,
    long nanos,
    double rate,
    double imbalance,
    Wait waited,
    List<EndpointResult> endpoints,
    List<Change> changes,
    @Nullable Change departure,
    Timeline timeline,
    List<SimulatedEvent> unreached) {
  public SimulationResult {
    endpoints = List.copyOf(endpoints);
    changes = List.copyOf(changes);
    unreached = List.copyOf(unreached);
  }

  /**
   * How long requests waited, from their arrival to their answer, everything included: other
   * attempts, the line, the work. NaN when none was answered.
   */
  public record Wait(double mean, double p50, double p99, double p999, double most) {
    static Wait of(Waits waits) {
      return new Wait(
          waits.mean(),
          waits.quantile(0.5),
          waits.quantile(0.99),
          waits.quantile(0.999),
          waits.count() == 0 ? Double.NaN : waits.most());
    }
  }

  /**
   * What came of an endpoint.
   *
   * @param requests how often it was asked
   * @param share of all that was asked, 0 to 1
   * @param fair its share by weight, 0 to 1
   * @param failed how often it failed what it was asked
   * @param mostInFlight the most that it had at a time, at work and in line
   * @param waited what the requests waited that it answered
   */
  public record EndpointResult(
      String name,
      int weight,
      long requests,
      double share,
      double fair,
      long failed,
      int mostInFlight,
      Wait waited) {}

  /**
   * Another set of endpoints can be chosen.
   *
   * @param nanos when
   * @param what happened
   * @param ready how many endpoints can be chosen now
   * @param moved the share of the keys that another endpoint has now; NaN where the balancer looks
   *     at none
   * @param least the share that had to move: those that the endpoints that left had, or the weight
   *     of those that came
   */
  public record Change(long nanos, String what, int ready, double moved, double least) {}

  /**
   * How it went, in slices of time.
   *
   * @param sliceNanos how long a slice is
   * @param slices how many there are
   * @param asked how often each endpoint was asked, by endpoint and slice
   * @param failed how many requests failed in each slice
   * @param p50 what half of those answered in each slice waited at most; NaN where there are none
   * @param p99 the same for 99 of 100
   */
  public record Timeline(
      long sliceNanos,
      int slices,
      List<List<Long>> asked,
      List<Long> failed,
      List<Double> p50,
      List<Double> p99) {
    public Timeline {
      asked = asked.stream().map(List::copyOf).toList();
      failed = List.copyOf(failed);
      p50 = List.copyOf(p50);
      p99 = List.copyOf(p99);
    }
  }
}
