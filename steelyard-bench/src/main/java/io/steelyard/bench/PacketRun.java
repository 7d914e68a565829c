package io.steelyard.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code ./bench --packets}: the packet plane and nftables in network namespaces, interleaved. All
 * of it shares the machine's processors, so that what carries packets for less leaves more to both
 * ends.
 */
final class PacketRun {
  private static final long READY_NANOS = 60_000_000_000L;
  private static final int CONNECTIONS = 16;
  private static final Pattern RECEIVED = Pattern.compile("\\s([0-9.]+) Mbits/sec\\s.*receiver");

  private final Workspace workspace;
  private final String launcher;
  private final int rounds;
  private final int seconds;
  private final PrintStream progress;

  PacketRun(Workspace workspace, String launcher, int rounds, int seconds, PrintStream progress) {
    this.workspace = workspace;
    this.launcher = launcher;
    this.rounds = rounds;
    this.seconds = seconds;
    this.progress = progress;
  }

  /**
   * A window of each kind.
   *
   * @param megabits of one connection, per second
   * @param requests per second, over connections that last
   * @param connections per second, each with a request
   * @param failures of requests
   */
  record Sample(double megabits, double requests, double connections, List<String> failures) {}

  /** Every round of everybody. */
  Map<PacketSite, List<Sample>> run() throws IOException, InterruptedException {
    Map<PacketSite, List<Sample>> samples = new LinkedHashMap<>();
    try (PacketWires wires = PacketWires.build(workspace);
        Child http = startHttp(wires);
        Child bulk =
            wires.start("endpoint", Tools.require("iperf3"), "-s", "-p", "" + PacketSite.BULK)) {
      for (int round = 1; round <= rounds; round++) {
        runPeers(wires, round, samples);
        runSteelyard(wires, round, samples);
      }
      if (!http.alive() || !bulk.alive()) {
        throw new IllegalStateException("the endpoint has ended: " + http.lastWords());
      }
    }
    return samples;
  }

  private Child startHttp(PacketWires wires) throws IOException {
    Path home = workspace.directory("endpoint");
    Path file =
        Files.writeString(
            home.resolve("nginx.conf"),
            """
            daemon off;
            master_process off;
            pid %1$s/nginx.pid;
            error_log %1$s/error.log error;
            events { worker_connections 4096; }
            http {
              access_log off;
              client_body_temp_path %1$s/body;
              keepalive_requests 100000000;
              server { listen %2$d backlog=8192; location / { return 200 "hello world\\n"; } }
            }
            """
                .formatted(home, PacketSite.HTTP));
    return wires.start(
        "endpoint", Tools.require("nginx"), "-p", home.toString(), "-c", file.toString());
  }

  private void runPeers(PacketWires wires, int round, Map<PacketSite, List<Sample>> samples)
      throws IOException, InterruptedException {
    Path rules = workspace.directory("nft").resolve("rules");
    Files.writeString(rules, PacketSite.rules());
    wires.in("director", Tools.require("nft"), "-f", rules.toString());
    for (PacketSite site : PacketSite.values()) {
      if (site.isPeer()) {
        measure(wires, site, round, samples);
      }
    }
    wires.in("director", Tools.require("nft"), "flush", "ruleset");
  }

  private void runSteelyard(PacketWires wires, int round, Map<PacketSite, List<Sample>> samples)
      throws IOException, InterruptedException {
    Path file = workspace.directory("steelyard").resolve("steelyard.yaml");
    Files.writeString(file, PacketSite.configuration());
    try (Child child = wires.start("director", launcher, "run", file.toString())) {
      long deadline = System.nanoTime() + READY_NANOS;
      while (!(child.output() + child.errors()).contains(" is ready")) {
        if (!child.alive() || deadline - System.nanoTime() < 0) {
          throw new IllegalStateException("steelyard is not ready: " + child.lastWords());
        }
        LockSupport.parkNanos(50_000_000);
      }
      for (PacketSite site : PacketSite.values()) {
        if (!site.isPeer()) {
          measure(wires, site, round, samples);
        }
      }
    }
  }

  private void measure(
      PacketWires wires, PacketSite site, int round, Map<PacketSite, List<Sample>> samples)
      throws IOException, InterruptedException {
    awaitAnswer(wires, site);
    double megabits =
        megabits(
            wires.in(
                "client",
                Tools.require("iperf3"),
                "-c",
                site.address(),
                "-p",
                "" + PacketSite.BULK,
                "-t",
                "" + seconds,
                "-f",
                "m"));
    WrkResult requests = wrk(wires, site, "X-Kept: yes");
    WrkResult connections = wrk(wires, site, "Connection: close");
    List<String> failures = new ArrayList<>(requests.failures());
    failures.addAll(connections.failures());
    Sample sample =
        new Sample(
            megabits, requests.requestsPerSecond(), connections.requestsPerSecond(), failures);
    samples.computeIfAbsent(site, _ -> new ArrayList<>()).add(sample);
    progress.printf(
        Locale.ROOT,
        "round %d: %s %,.0f Mbit/s, %,.0f requests/s, %,.0f connections/s %s%n",
        round,
        site.label(),
        sample.megabits,
        sample.requests,
        sample.connections,
        String.join("; ", failures));
  }

  private WrkResult wrk(PacketWires wires, PacketSite site, String field)
      throws IOException, InterruptedException {
    return WrkResult.parse(
        wires.in(
            "client",
            Tools.require("wrk"),
            "--latency",
            "-t1",
            "-c" + CONNECTIONS,
            "-d" + seconds + "s",
            "-H",
            field,
            "http://" + site.address() + "/"));
  }

  static double megabits(String output) {
    Matcher matcher = RECEIVED.matcher(output);
    if (!matcher.find()) {
      throw new IllegalStateException(
          "expected the output of iperf3 in Mbits/sec but found: " + output.strip());
    }
    return Double.parseDouble(matcher.group(1));
  }

  private static void awaitAnswer(PacketWires wires, PacketSite site)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + READY_NANOS;
    while (true) {
      try {
        wires.in(
            "client", Tools.require("curl"), "-s", "-m", "1", "http://" + site.address() + "/");
        return;
      } catch (IllegalStateException e) {
        if (deadline - System.nanoTime() < 0) {
          throw new IllegalStateException(site.label() + " does not answer", e);
        }
      }
    }
  }

  /** A table in Markdown, as docs/packet-plane.md has it. */
  static String table(Map<PacketSite, List<Sample>> all) {
    StringBuilder text = new StringBuilder();
    text.append("| | Mbit/s | ratio | requests/s | ratio | connections/s | ratio |\n");
    text.append("|---|---|---|---|---|---|---|\n");
    all.forEach((site, samples) -> {
      List<Sample> reference = all.getOrDefault(site.reference(), samples);
      text.append("| ").append(site.label());
      column(text, values(samples, Kind.BULK), values(reference, Kind.BULK));
      column(text, values(samples, Kind.REQUESTS), values(reference, Kind.REQUESTS));
      column(text, values(samples, Kind.CONNECTIONS), values(reference, Kind.CONNECTIONS));
      text.append(" |\n");
      String failures =
          samples.stream()
              .flatMap(each -> each.failures.stream())
              .collect(Collectors.joining("; "));
      if (!failures.isEmpty()) {
        text.append("<!-- ").append(site.label()).append(": ").append(failures).append(" -->\n");
      }
    });
    return text.toString();
  }

  private enum Kind {
    BULK,
    REQUESTS,
    CONNECTIONS
  }

  private static double[] values(List<Sample> samples, Kind kind) {
    return samples.stream()
        .mapToDouble(each ->
            switch (kind) {
              case BULK -> each.megabits;
              case REQUESTS -> each.requests;
              case CONNECTIONS -> each.connections;
            })
        .toArray();
  }

  /** The ratio is one of each round. */
  private static void column(StringBuilder text, double[] own, double[] reference) {
    double[] ratios = new double[Math.min(own.length, reference.length)];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = own[i] / reference[i];
    }
    Spread ratio = Spread.of(ratios);
    text.append(
        String.format(
            Locale.ROOT,
            " | %,.0f | %.2f (%.2f–%.2f)",
            Spread.of(own).median(),
            ratio.median(),
            ratio.min(),
            ratio.max()));
  }
}
