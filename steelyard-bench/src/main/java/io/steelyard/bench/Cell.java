package io.steelyard.bench;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One work at one number of connections: all its windows, and what they come to. */
record Cell(Work work, int connections, List<Window> windows, List<Row> rows) {

  /**
   * A contestant over all rounds.
   *
   * @param ratio CPU per request to the lower of the sound peers of the same round; null when no
   *     round had one
   */
  record Row(
      String contestant,
      Spread requestsPerSecond,
      Spread p50Micros,
      Spread p99Micros,
      Spread cpuMicros,
      Spread userMicros,
      @Nullable Spread ratio,
      Spread busy,
      Spread others,
      Spread residentBytes,
      List<String> problems) {}

  static Cell of(Work work, int connections, List<Window> windows) {
    List<Row> rows =
        windows.stream()
            .map(Window::contestant)
            .distinct()
            .map(contestant -> row(contestant, windows))
            .toList();
    return new Cell(work, connections, List.copyOf(windows), rows);
  }

  private static Row row(String contestant, List<Window> all) {
    List<Window> own = all.stream().filter(w -> w.contestant().equals(contestant)).toList();
    double[] ratios = own.stream().flatMap(w -> ratio(w, all)).mapToDouble(d -> d).toArray();
    return new Row(
        contestant,
        Spread.of(own.stream().mapToDouble(Window::requestsPerSecond).toArray()),
        Spread.of(own.stream().mapToDouble(Window::p50Micros).toArray()),
        Spread.of(own.stream().mapToDouble(Window::p99Micros).toArray()),
        Spread.of(own.stream().mapToDouble(Window::cpuMicros).toArray()),
        Spread.of(own.stream().mapToDouble(Window::userMicros).toArray()),
        ratios.length == 0 ? null : Spread.of(ratios),
        Spread.of(own.stream().mapToDouble(Window::busy).toArray()),
        Spread.of(own.stream().mapToDouble(Window::others).toArray()),
        Spread.of(own.stream().mapToDouble(Window::residentBytes).toArray()),
        own.stream().flatMap(w -> w.problems().stream()).distinct().toList());
  }

  private static Stream<Double> ratio(Window window, List<Window> all) {
    OptionalDouble lower =
        all.stream()
            .filter(w -> w.peer() && w.sound() && w.round() == window.round() && w.cpuMicros() > 0)
            .mapToDouble(Window::cpuMicros)
            .min();
    return lower.isPresent() ? Stream.of(window.cpuMicros() / lower.getAsDouble()) : Stream.empty();
  }
}
