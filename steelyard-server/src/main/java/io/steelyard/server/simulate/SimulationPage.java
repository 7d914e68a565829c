package io.steelyard.server.simulate;

import io.steelyard.balance.simulate.SimulationResult;
import io.steelyard.balance.simulate.SimulationResult.Timeline;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The results of simulations as one page that needs nothing else: no script, no font, no network.
 * It is light or dark as the reader's screen is.
 */
public final class SimulationPage {
  /** Colours that differ for every kind of sight; more lines than these nobody tells apart. */
  private static final int COLOURS = 8;

  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <title>Steelyard: simulation</title>
      <style>
      :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif;
        --c0: #0072b2; --c1: #d55e00; --c2: #009e73; --c3: #cc79a7; --c4: #b8860b; --c5: #56a0d0; --c6: #7a5195; --c7: #808080; }
      @media (prefers-color-scheme: dark) { :root {
        --c0: #4da3dd; --c1: #ff8c42; --c2: #2fc79a; --c3: #e59ac6; --c4: #e0b040; --c5: #8cc8f0; --c6: #b08cd0; --c7: #a0a0a0; } }
      body { margin: 2rem auto; max-width: 62rem; padding: 0 1rem; }
      h1, h2 { font-weight: 600; }
      pre { font: 13px/1.45 ui-monospace, monospace; overflow-x: auto; }
      figure { margin: 1.5rem 0; }
      svg { display: block; height: auto; width: 100%; }
      svg text { fill: currentColor; font-size: 12px; }
      svg text.title { font-size: 14px; font-weight: 600; }
      svg text.mark { opacity: .7; }
      svg path { fill: none; stroke-linejoin: round; stroke-width: 1.8; }
      .grid { stroke: currentColor; stroke-opacity: .15; }
      .moment { stroke: currentColor; stroke-dasharray: 3 3; stroke-opacity: .6; stroke-width: 1.5; }
      figcaption { display: flex; flex-wrap: wrap; font-size: 13px; gap: .2rem 1rem; }
      figcaption i { border-radius: 2px; display: inline-block; height: .7em; margin-right: .4em; width: .7em; }
      """;

  private SimulationPage() {}

  /**
   * The page.
   *
   * @param results of the same scenario with one balancer each; at least one
   */
  public static String of(List<SimulationResult> results) {
    var page = new StringBuilder(HEAD);
    for (int i = 0; i < COLOURS; i++) {
      page.append(
          ".c%d { stroke: var(--c%d); } .b%d { background: var(--c%d); }\n".formatted(i, i, i, i));
    }
    page.append("</style>\n</head>\n<body>\n<h1>Simulation</h1>\n<pre>")
        .append(Markup.escape(SimulationText.of(results)))
        .append("</pre>\n");
    if (results.size() > 1) {
      page.append(together(results));
    }
    results.stream().limit(COLOURS).forEach(result -> page.append(alone(result)));
    return page.append("</body>\n</html>\n").toString();
  }

  /** The balancers beside each other. */
  private static String together(List<SimulationResult> results) {
    var chart = chart("p99 wait, ms", results.getFirst());
    for (int i = 0; i < Math.min(results.size(), COLOURS); i++) {
      var result = results.get(i);
      chart.line(result.balancer(), i, millis(result.timeline().p99()));
    }
    return "<h2>Compared</h2>\n" + chart.svg();
  }

  private static String alone(SimulationResult result) {
    var timeline = result.timeline();
    var waits =
        chart("Wait, ms", result)
            .line("p50", 0, millis(timeline.p50()))
            .line("p99", 1, millis(timeline.p99()));
    var asked = chart("Requests per second, by endpoint", result);
    endpoints(result, asked);
    var parts = new StringBuilder("<h2>" + Markup.escape(result.balancer()) + "</h2>\n");
    parts.append(asked.svg()).append(waits.svg());
    if (result.failed() > 0) {
      parts.append(
          chart("Failed requests per second", result)
              .line("failed", 1, perSecond(timeline.failed(), timeline))
              .svg());
    }
    return parts.toString();
  }

  private static LineChart chart(String title, SimulationResult result) {
    var chart = new LineChart(title, result.timeline().sliceNanos() / 1e9);
    result.changes().forEach(change -> chart.moment(change.nanos() / 1e9, change.what()));
    return chart;
  }

  /** All of a few endpoints; of many, the busiest and the rest's mean. */
  private static void endpoints(SimulationResult result, LineChart chart) {
    var timeline = result.timeline();
    var order =
        IntStream.range(0, result.endpoints().size())
            .boxed()
            .sorted(Comparator.comparingLong(i -> -result.endpoints().get(i).requests()))
            .toList();
    boolean few = order.size() <= COLOURS;
    var shown = (few ? order : order.subList(0, COLOURS - 1)).stream().sorted().toList();
    for (int i = 0; i < shown.size(); i++) {
      int endpoint = shown.get(i);
      chart.line(
          result.endpoints().get(endpoint).name(),
          i,
          perSecond(timeline.asked().get(endpoint), timeline));
    }
    if (!few) {
      var rest = order.subList(COLOURS - 1, order.size());
      chart.line("mean of " + rest.size() + " others", COLOURS - 1, mean(rest, timeline));
    }
  }

  private static List<Double> mean(List<Integer> endpoints, Timeline timeline) {
    var sums = new ArrayList<Double>();
    for (int slice = 0; slice < timeline.slices(); slice++) {
      double sum = 0;
      for (int endpoint : endpoints) {
        sum += timeline.asked().get(endpoint).get(slice);
      }
      sums.add(sum / endpoints.size() / timeline.sliceNanos() * 1e9);
    }
    return withoutLast(sums);
  }

  private static List<Double> perSecond(List<Long> counts, Timeline timeline) {
    return withoutLast(counts.stream().map(count -> count * 1e9 / timeline.sliceNanos()).toList());
  }

  /** The last slice is seldom whole, or holds all that came late: its rate would mislead. */
  private static List<Double> withoutLast(List<Double> rates) {
    return rates.size() > 1 ? rates.subList(0, rates.size() - 1) : rates;
  }

  private static List<Double> millis(List<Double> nanos) {
    return nanos.stream().map(value -> value / 1e6).toList();
  }
}
