package io.steelyard.server.simulate;

import io.steelyard.balance.simulate.SimulationResult;
import io.steelyard.balance.simulate.SimulationResult.Change;
import io.steelyard.balance.simulate.SimulationResult.EndpointResult;
import io.steelyard.server.text.TextTable;
import java.util.List;

/** The results of simulations as tables for a terminal. Times in milliseconds. */
public final class SimulationText {
  /**
   * More endpoints than these make a table that nobody reads: the busiest and the least are shown.
   */
  private static final int MOST_ENDPOINTS = 40;

  private SimulationText() {}

  /**
   * The text.
   *
   * @param results of the same scenario with one balancer each; at least one
   */
  public static String of(List<SimulationResult> results) {
    var text = new StringBuilder(summary(results));
    for (var result : results) {
      if (results.size() == 1) {
        text.append('\n').append(endpoints(result));
      }
      if (!result.changes().isEmpty()) {
        text.append('\n').append(changes(result));
      }
    }
    for (var event : results.getFirst().unreached()) {
      text.append("\nNever came, because all requests had ended: ")
          .append(Figures.seconds(event.at().toNanos()))
          .append(" s, ")
          .append(event.endpoint())
          .append('\n');
    }
    return text.toString();
  }

  private static String summary(List<SimulationResult> results) {
    var table =
        new TextTable(
            "balancer",
            "imbalance",
            "p50 ms",
            "p99 ms",
            "p99.9 ms",
            "max ms",
            "failed",
            "attempts",
            "moved keys",
            "least");
    for (var result : results) {
      var waited = result.waited();
      var departure = result.departure();
      table.row(
          result.balancer(),
          Figures.decimals(result.imbalance(), 3),
          Figures.millis(waited.p50()),
          Figures.millis(waited.p99()),
          Figures.millis(waited.p999()),
          Figures.millis(waited.most()),
          Long.toString(result.failed()),
          Long.toString(result.attempts()),
          Figures.percent(departure == null ? Double.NaN : departure.moved()),
          Figures.percent(departure == null ? Double.NaN : departure.least()));
    }
    return headline(results.getFirst()) + "\n\n" + table.text();
  }

  private static String headline(SimulationResult result) {
    return "%d requests to %d endpoints in %s s, %s a second"
        .formatted(
            result.requests(),
            result.endpoints().size(),
            Figures.seconds(result.nanos()),
            Figures.decimals(result.rate(), 0));
  }

  private static String endpoints(SimulationResult result) {
    var table =
        new TextTable(
            "endpoint",
            "weight",
            "requests",
            "share",
            "by weight",
            "p50 ms",
            "p99 ms",
            "p99.9 ms",
            "most in flight",
            "failed");
    result.endpoints().stream().limit(MOST_ENDPOINTS).forEach(endpoint -> row(table, endpoint));
    int more = result.endpoints().size() - MOST_ENDPOINTS;
    return table.text() + (more > 0 ? "and " + more + " more\n" : "");
  }

  private static void row(TextTable table, EndpointResult endpoint) {
    table.row(
        endpoint.name(),
        Integer.toString(endpoint.weight()),
        Long.toString(endpoint.requests()),
        Figures.percent(endpoint.share()),
        Figures.percent(endpoint.fair()),
        Figures.millis(endpoint.waited().p50()),
        Figures.millis(endpoint.waited().p99()),
        Figures.millis(endpoint.waited().p999()),
        Integer.toString(endpoint.mostInFlight()),
        Long.toString(endpoint.failed()));
  }

  private static String changes(SimulationResult result) {
    var table =
        new TextTable(
            "what happened to " + result.balancer(), "at s", "ready", "moved keys", "least");
    for (Change change : result.changes()) {
      table.row(
          change.what(),
          Figures.seconds(change.nanos()),
          Integer.toString(change.ready()),
          Figures.percent(change.moved()),
          Figures.percent(Double.isNaN(change.moved()) ? Double.NaN : change.least()));
    }
    return table.text();
  }
}
