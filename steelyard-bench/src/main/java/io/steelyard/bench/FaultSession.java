package io.steelyard.bench;

import io.steelyard.bench.OpenLoad.Sample;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * {@code ./bench --faults}: one of three endpoints fails under a constant load, in each of the ways
 * there are, behind each proxy.
 */
final class FaultSession {
  static final int PER_SECOND = 200;
  private static final double WARM_SECONDS = 2;
  private static final double BEFORE_SECONDS = 2;
  private static final double AFTER_SECONDS = 6;
  private static final long SLOW_NANOS = 100_000_000;
  private static final long READY_NANOS = 30_000_000_000L;
  private static final int ENDPOINTS = 3;

  private final Workspace workspace;
  private final String launcher;
  private final PrintStream progress;

  FaultSession(Workspace workspace, String launcher, PrintStream progress) {
    this.workspace = workspace;
    this.launcher = launcher;
    this.progress = progress;
  }

  /**
   * What clients felt of one fault.
   *
   * @param requests since the fault began
   * @param failed of these
   * @param slow of these, those that were well but took more than 100 ms
   * @param worstMillis the longest of them
   * @param feltMillis from the fault until the last request that failed or was slow; 0: none
   * @param reachedMillis from the fault until the last request that the endpoint got; -1: unknown
   * @param how what the failed ones were
   */
  record Outcome(
      FaultSite site,
      Fault fault,
      long requests,
      long failed,
      long slow,
      double worstMillis,
      long feltMillis,
      long reachedMillis,
      String how) {}

  List<Outcome> run(List<FaultSite> sites) throws IOException, InterruptedException {
    List<Outcome> outcomes = new ArrayList<>();
    for (Fault fault : Fault.values()) {
      for (FaultSite site : sites) {
        progress.println("bench: " + site.label() + ", " + fault.label());
        outcomes.add(run(site, fault));
      }
    }
    return outcomes;
  }

  private Outcome run(FaultSite site, Fault fault) throws IOException, InterruptedException {
    List<Integer> ports = Ports.free(2 + 2 * ENDPOINTS);
    List<FaultyEndpoint> endpoints = new ArrayList<>();
    Child proxy = null;
    try {
      for (int i = 0; i < ENDPOINTS; i++) {
        endpoints.add(FaultyEndpoint.start(workspace, ports.get(2 + 2 * i), ports.get(3 + 2 * i)));
      }
      proxy =
          workspace.start(
              site.label(),
              site.prepare(
                  workspace.directory(site.label()),
                  launcher,
                  ports.get(0),
                  ports.get(1),
                  endpoints.stream().map(FaultyEndpoint::port).toList()));
      awaitAnswer(site, proxy, ports.get(0));
      return measure(site, fault, ports.get(0), endpoints.getFirst());
    } finally {
      if (proxy != null) {
        proxy.stop();
      }
      endpoints.forEach(FaultyEndpoint::close);
    }
  }

  private static void awaitAnswer(FaultSite site, Child proxy, int port) {
    long deadline = System.nanoTime() + READY_NANOS;
    while (new OpenLoad(port).run(1, 1).getFirst().failure() != null) {
      if (!proxy.alive() || deadline - System.nanoTime() < 0) {
        throw new IllegalStateException(site.label() + " does not answer: " + proxy.lastWords());
      }
      LockSupport.parkNanos(50_000_000);
    }
  }

  private static Outcome measure(FaultSite site, Fault fault, int port, FaultyEndpoint victim)
      throws IOException, InterruptedException {
    new OpenLoad(port).run(PER_SECOND, WARM_SECONDS);
    List<Sample> samples = new ArrayList<>();
    Thread load =
        Thread.ofPlatform()
            .start(() ->
                samples.addAll(new OpenLoad(port).run(PER_SECOND, BEFORE_SECONDS + AFTER_SECONDS)));
    LockSupport.parkNanos((long) (BEFORE_SECONDS * 1e9));
    long began = System.currentTimeMillis();
    victim.begin(fault);
    load.join();
    return outcome(site, fault, samples, began, victim.lastRequestMillis(fault));
  }

  private static Outcome outcome(
      FaultSite site, Fault fault, List<Sample> samples, long began, long lastRequest) {
    List<Sample> since = samples.stream().filter(s -> s.atMillis() >= began).toList();
    List<Sample> failed = since.stream().filter(s -> s.failure() != null).toList();
    List<Sample> slow =
        since.stream().filter(s -> s.failure() == null && s.nanos() > SLOW_NANOS).toList();
    long felt =
        since.stream()
            .filter(s -> s.failure() != null || s.nanos() > SLOW_NANOS)
            .mapToLong(s -> s.atMillis() - began)
            .max()
            .orElse(0);
    return new Outcome(
        site,
        fault,
        since.size(),
        failed.size(),
        slow.size(),
        since.stream().mapToLong(Sample::nanos).max().orElse(0) / 1e6,
        felt,
        lastRequest == 0 ? -1 : Math.max(0, lastRequest - began),
        String.join(
            ", ",
            failed.stream()
                .map(s -> String.valueOf(s.failure()))
                .distinct()
                .sorted()
                .limit(3)
                .toList()));
  }

  /** A table in Markdown, as docs/reliability.md has it. */
  static String table(List<Outcome> outcomes) {
    var text = new StringBuilder();
    text.append(
        "| fault | proxy | requests | failed | over 100 ms | worst | felt for | reached for | failures |\n");
    text.append("|---|---|---|---|---|---|---|---|---|\n");
    for (Outcome o : outcomes) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %d | %d | %d | %.0f ms | %s | %s | %s |%n",
              o.fault().label(),
              o.site().label(),
              o.requests(),
              o.failed(),
              o.slow(),
              o.worstMillis(),
              seconds(o.feltMillis()),
              seconds(o.reachedMillis()),
              o.how()));
    }
    return text.toString();
  }

  private static String seconds(long millis) {
    return millis < 0
        ? "–"
        : millis == 0 ? "0" : String.format(Locale.ROOT, "%.1f s", millis / 1e3);
  }
}
