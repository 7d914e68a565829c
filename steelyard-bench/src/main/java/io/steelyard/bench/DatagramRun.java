package io.steelyard.bench;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code ./bench --datagrams}: UDP through each proxy, client, proxy and endpoints on one core,
 * interleaved.
 */
final class DatagramRun {
  private static final int ENDPOINTS = 3;
  private static final int CLIENTS = 64;
  private static final int SIZE = 100;
  private static final long READY_NANOS = 30_000_000_000L;

  private final Workspace workspace;
  private final String launcher;
  private final int rounds;
  private final int seconds;
  private final int warmup;
  private final PrintStream progress;

  DatagramRun(
      Workspace workspace,
      String launcher,
      int rounds,
      int seconds,
      int warmup,
      PrintStream progress) {
    this.workspace = workspace;
    this.launcher = launcher;
    this.rounds = rounds;
    this.seconds = seconds;
    this.warmup = warmup;
    this.progress = progress;
  }

  /**
   * A window. Each exchange is two datagrams through the proxy.
   *
   * @param micros CPU time of the proxy for a datagram
   */
  record Sample(double perSecond, double micros, long lost, long wrong) {}

  private record Running(DatagramSite site, Child child, List<Long> pids, int port) {}

  /** Every round of every proxy, for each kind. */
  Map<DatagramSite.Kind, Map<DatagramSite, List<Sample>>> run(List<DatagramSite> sites)
      throws IOException, InterruptedException {
    Cores cores = Cores.of(Setting.ONE_CORE, Cores.allowed());
    Pinned.pinThisProcess(workspace, List.of(cores.runner()));
    List<Integer> ports = Ports.free(ENDPOINTS);
    List<String> echo = program(DatagramEcho.class, ports.stream().map(String::valueOf).toList());
    Map<DatagramSite.Kind, Map<DatagramSite, List<Sample>>> all = new LinkedHashMap<>();
    try (Child endpoints = workspace.start("echo", Pinned.to(cores.rest(), echo))) {
      for (DatagramSite.Kind kind : DatagramSite.Kind.values()) {
        all.put(kind, run(kind, sites, ports, cores));
      }
      if (!endpoints.alive()) {
        throw new IllegalStateException("the endpoints have ended: " + endpoints.lastWords());
      }
    }
    return all;
  }

  private Map<DatagramSite, List<Sample>> run(
      DatagramSite.Kind kind, List<DatagramSite> sites, List<Integer> endpoints, Cores cores)
      throws IOException, InterruptedException {
    List<Running> field = new ArrayList<>();
    try {
      for (DatagramSite site : sites) {
        field.add(start(site, kind, endpoints, cores));
      }
      return rounds(kind, field, cores);
    } finally {
      field.forEach(running -> running.child().close());
    }
  }

  private Map<DatagramSite, List<Sample>> rounds(
      DatagramSite.Kind kind, List<Running> field, Cores cores)
      throws IOException, InterruptedException {
    Map<DatagramSite, List<Sample>> samples = new LinkedHashMap<>();
    for (int round = 1; round <= rounds; round++) {
      for (Running running : field) {
        Sample sample = measure(running, cores);
        samples.computeIfAbsent(running.site(), _ -> new ArrayList<>()).add(sample);
        progress.printf(
            Locale.ROOT,
            "%s, round %d: %s %,.0f datagrams/s, %.2f µs CPU each, %d lost%n",
            kind.label(),
            round,
            running.site().label(),
            sample.perSecond(),
            sample.micros(),
            sample.lost());
      }
    }
    return samples;
  }

  private Running start(
      DatagramSite site, DatagramSite.Kind kind, List<Integer> endpoints, Cores cores)
      throws IOException, InterruptedException {
    List<Integer> ports = Ports.free(2);
    Path directory = workspace.directory(site.label());
    List<String> command =
        site.prepare(directory, launcher, kind, ports.get(0), ports.get(1), endpoints);
    Child child = workspace.start(site.label(), Pinned.to(cores.proxy(), command));
    awaitAnswer(site, child, ports.get(0));
    Running running = new Running(site, child, child.workers(), ports.get(0));
    load(running.port(), site == DatagramSite.NGINX ? 1 : warmup, cores);
    return running;
  }

  private static void awaitAnswer(DatagramSite site, Child child, int port) throws IOException {
    long deadline = System.nanoTime() + READY_NANOS;
    while (true) {
      try (DatagramLoad probe = new DatagramLoad(port, 1, SIZE)) {
        if (probe.run(0.1).answers() > 0) {
          return;
        }
      }
      if (!child.alive() || deadline - System.nanoTime() < 0) {
        throw new IllegalStateException(site.label() + " does not answer: " + child.lastWords());
      }
      LockSupport.parkNanos(50_000_000);
    }
  }

  private Sample measure(Running running, Cores cores) throws IOException, InterruptedException {
    Usage before = Usage.of(running.pids());
    DatagramLoad.Result result = load(running.port(), seconds, cores);
    Usage used = Usage.of(running.pids()).since(before);
    double datagrams = 2.0 * result.answers();
    return new Sample(
        datagrams / seconds, used.cpuNanos() / 1e3 / datagrams, result.lost(), result.wrong());
  }

  /** The same client for all. */
  private DatagramLoad.Result load(int port, int duration, Cores cores)
      throws IOException, InterruptedException {
    List<String> command =
        program(
            DatagramLoad.class,
            Stream.of(port, CLIENTS, duration, SIZE).map(String::valueOf).toList());
    return DatagramLoad.Result.parse(
        workspace.run(
            "load",
            Pinned.to(cores.rest(), command),
            Duration.ofSeconds(duration).plusSeconds(30)));
  }

  private static List<String> program(Class<?> main, List<String> arguments) {
    String classPath =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .collect(Collectors.joining(File.pathSeparator));
    List<String> java =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx64m",
            "-cp",
            classPath,
            main.getName());
    return Stream.concat(java.stream(), arguments.stream()).toList();
  }

  /** A table in Markdown, as docs/performance.md has it. */
  static String table(Map<DatagramSite.Kind, Map<DatagramSite, List<Sample>>> all) {
    StringBuilder text = new StringBuilder();
    text.append("| datagrams | proxy | datagrams/s | CPU µs each | ratio | lost | wrong |\n");
    text.append("|---|---|---|---|---|---|---|\n");
    all.forEach((kind, sites) ->
        sites.forEach((site, samples) ->
            text.append(
                String.format(
                    Locale.ROOT,
                    "| %s | %s | %,.0f | %.2f | %s | %d | %d |%n",
                    kind.label(),
                    site.label(),
                    Spread.of(samples.stream().mapToDouble(Sample::perSecond).toArray()).median(),
                    Spread.of(samples.stream().mapToDouble(Sample::micros).toArray()).median(),
                    ratio(samples, sites.get(DatagramSite.NGINX)),
                    samples.stream().mapToLong(Sample::lost).sum(),
                    samples.stream().mapToLong(Sample::wrong).sum()))));
    return text.toString();
  }

  /** To nginx, within each round. */
  private static String ratio(List<Sample> own, @Nullable List<Sample> nginx) {
    if (nginx == null) {
      return "–";
    }
    double[] ratios = new double[Math.min(own.size(), nginx.size())];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = own.get(i).micros() / nginx.get(i).micros();
    }
    Spread spread = Spread.of(ratios);
    return String.format(
        Locale.ROOT, "%.2f (%.2f–%.2f)", spread.median(), spread.min(), spread.max());
  }
}
