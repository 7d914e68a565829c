package io.steelyard.bench;

import static java.util.Objects.requireNonNull;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code ./bench}: Steelyard, nginx and HAProxy side by side. Exit status 0 when all that is on
 * this machine was measured, 1 when something failed or an answer was wrong, 2 for wrong usage.
 */
@Command(
    name = "bench",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description =
        "Measures Steelyard, nginx and HAProxy side by side; docs/performance.md tells how to read"
            + " it. \"bench jmh [REGEX]\" runs the JMH benchmarks instead.")
public final class Bench implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--work",
      split = ",",
      defaultValue = "small,10k,1m",
      description =
          "What the answers carry: small, 10k, 1m; connect: small, with a connection for each"
              + " exchange; resume: the same with TLS sessions resumed (default:"
              + " ${DEFAULT-VALUE}).")
  private List<Work> works = List.of();

  @Option(
      names = "--connections",
      split = ",",
      defaultValue = "64,512",
      description = "Connections of the client (default: ${DEFAULT-VALUE}).")
  private List<Integer> connections = List.of();

  @Option(
      names = "--peers",
      split = ",",
      defaultValue = "nginx,haproxy",
      description = "Whom to compare with: nginx, haproxy (default: ${DEFAULT-VALUE}).")
  private List<Peer> peers = List.of();

  @Option(
      names = "--protocol",
      defaultValue = "http",
      description =
          "As what the contestants carry the load: http, https, h2, or tcp, as connections whose"
              + " bytes are passed on (nginx stream, HAProxy mode tcp; default: ${DEFAULT-VALUE}).")
  private Carried carried = Carried.HTTP;

  @Option(
      names = "--peer-tuning",
      defaultValue = "large-buffers",
      description =
          "Peers at 1m: large-buffers (nginx 8 x 128k, HAProxy 131072) or cache-sized (16k each);"
              + " both with splice in HAProxy (default: ${DEFAULT-VALUE}).")
  private Tuning tuning = Tuning.LARGE_BUFFERS;

  @Option(
      names = "--transport",
      split = ",",
      defaultValue = "epoll,io-uring",
      description =
          "Transports of Steelyard, each a contestant: epoll, io-uring, nio"
              + " (default: ${DEFAULT-VALUE}).")
  private List<Transport> transports = List.of();

  @Option(
      names = "--access-log",
      description = "Measure Steelyard with its access log on, too (-log).")
  private boolean accessLog;

  @Option(
      names = "--steelyard",
      paramLabel = "[NAME=]PATH",
      description =
          "The start script of a built distribution; give it several times with names to compare"
              + " builds (default: the one of this repository).")
  private List<String> launchers = List.of();

  @Option(
      names = "--setting",
      defaultValue = "one-core",
      description =
          "one-core: client, proxy and endpoints share one; two-core: the proxy has its own"
              + " (default: ${DEFAULT-VALUE}).")
  private Setting setting = Setting.ONE_CORE;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = "Windows of each contestant, interleaved (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--seconds",
      defaultValue = "5",
      description = "Length of a window (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--warmup",
      defaultValue = "10",
      paramLabel = "SECONDS",
      description = "Load on a JVM before its first window (default: ${DEFAULT-VALUE}).")
  private int warmup;

  @Option(names = "--memory", description = "Measure memory per idle connection.")
  private boolean memory;

  @Option(
      names = "--idle-connections",
      defaultValue = "9000",
      description = "How many for --memory (default: ${DEFAULT-VALUE}).")
  private int idleConnections;

  @Option(names = "--syscalls", description = "Count system calls per request with strace.")
  private boolean syscalls;

  @Option(names = "--startup", description = "Measure the time from start to first answer.")
  private boolean startup;

  @Option(
      names = "--load",
      description = "Measure under load; so it is too when no measurement is named.")
  private boolean load;

  @Option(
      names = "--faults",
      description =
          "Let one of three endpoints fail in each of the ways there are, under a constant load,"
              + " and count what clients feel; docs/reliability.md tells how to read it. Nothing"
              + " else is measured then.")
  private boolean faults;

  @Option(
      names = "--datagrams",
      description =
          "Measure UDP: nginx and each transport, for sessions and for datagrams by themselves. Only"
              + " --peers, --transport, --rounds, --seconds, --warmup and --steelyard matter then.")
  private boolean datagrams;

  @Option(
      names = "--packets",
      description =
          "Measure the packet plane: nat and fullnat beside nftables, in network namespaces (needs"
              + " root). Only --rounds, --seconds and --steelyard matter then.")
  private boolean packets;

  @Option(names = "--json", paramLabel = "FILE", description = "Write everything as JSON.")
  private @Nullable Path json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this.")
  @SuppressWarnings("UnusedVariable") // picocli itself answers it
  private boolean help;

  private final PrintStream out;
  private final PrintStream err;

  private Bench(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** Runs and exits. */
  public static void main(String[] arguments) {
    PrintStream out = stream(FileDescriptor.out);
    System.exit(run(out, stream(FileDescriptor.err), arguments));
  }

  /** Tables hold µ and –, whatever the locale. */
  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  static int run(PrintStream out, PrintStream err, String... arguments) {
    CommandLine line = new CommandLine(new Bench(out, err));
    register(line, Work.class);
    register(line, Peer.class);
    register(line, Tuning.class);
    register(line, Carried.class);
    register(line, Transport.class);
    register(line, Setting.class);
    line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    line.setExecutionExceptionHandler((e, _, _) -> {
      tell(err, e);
      return CommandLine.ExitCode.SOFTWARE;
    });
    return line.execute(arguments);
  }

  /** What the machine or a contestant did is told in a line; a fault of ours with its trace. */
  private static void tell(PrintStream err, Exception e) {
    if (e instanceof IOException || e instanceof IllegalStateException) {
      err.println("bench: " + e.getMessage());
    } else {
      e.printStackTrace(err);
    }
  }

  private static <E extends Enum<E> & Named> void register(CommandLine line, Class<E> type) {
    line.registerConverter(
        type,
        text -> {
          try {
            return Named.parse(type, text);
          } catch (IllegalArgumentException e) {
            throw new CommandLine.TypeConversionException(e.getMessage());
          }
        });
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!Files.isDirectory(Path.of("/proc/self"))) {
      throw new IOException("the side-by-side run needs Linux: it reads /proc");
    }
    if (faults) {
      return runFaults();
    }
    if (datagrams) {
      return runDatagrams();
    }
    if (packets) {
      return runPackets();
    }
    Plan plan = plan();
    List<Contestant> contestants = contestants();
    Report report;
    try (Workspace workspace = Workspace.create()) {
      report = new Session(workspace, plan, err).run(contestants);
    }
    if (json != null) {
      report.writeJson(json);
    }
    out.print(ReportText.of(report));
    return report.failed() ? 1 : 0;
  }

  /** Every program that is here; the first build when several are named. */
  private int runFaults() throws IOException, InterruptedException {
    String launcher = launchers.isEmpty() ? defaultLauncher() : launchers.getFirst();
    List<FaultSite> sites = new ArrayList<>(List.of(FaultSite.STEELYARD));
    for (Peer peer : EnumSet.copyOf(peers)) {
      if (Tools.find(peer.label()).isPresent()) {
        sites.add(
            switch (peer) {
              case NGINX -> FaultSite.NGINX;
              case HAPROXY -> FaultSite.HAPROXY;
            });
      } else {
        err.println("bench: " + Tools.absence(peer.label()));
      }
    }
    String path = launcher.substring(launcher.indexOf('=') + 1);
    try (Workspace workspace = Workspace.create()) {
      out.print(
          FaultSession.table(
              new FaultSession(workspace, Path.of(path).toAbsolutePath().toString(), err)
                  .run(sites)));
    }
    return 0;
  }

  /** The first build when several are named. */
  private int runDatagrams() throws IOException, InterruptedException {
    atLeast("--rounds", 1, rounds);
    atLeast("--seconds", 1, seconds);
    String launcher = launchers.isEmpty() ? defaultLauncher() : launchers.getFirst();
    List<DatagramSite> sites = new ArrayList<>();
    if (peers.contains(Peer.NGINX)) {
      sites.add(DatagramSite.NGINX);
    }
    for (Transport transport : EnumSet.copyOf(transports)) {
      sites.add(DatagramSite.of(transport));
    }
    String path = launcher.substring(launcher.indexOf('=') + 1);
    try (Workspace workspace = Workspace.create()) {
      String absolute = Path.of(path).toAbsolutePath().toString();
      out.print(
          DatagramRun.table(
              new DatagramRun(workspace, absolute, rounds, seconds, Math.max(1, warmup), err)
                  .run(sites)));
    }
    return 0;
  }

  private int runPackets() throws IOException, InterruptedException {
    atLeast("--rounds", 1, rounds);
    atLeast("--seconds", 1, seconds);
    String launcher = launchers.isEmpty() ? defaultLauncher() : launchers.getFirst();
    String path = launcher.substring(launcher.indexOf('=') + 1);
    try (Workspace workspace = Workspace.create()) {
      String absolute = Path.of(path).toAbsolutePath().toString();
      out.print(PacketRun.table(new PacketRun(workspace, absolute, rounds, seconds, err).run()));
    }
    return 0;
  }

  private Plan plan() throws IOException {
    atLeast("--rounds", 1, rounds);
    atLeast("--seconds", 1, seconds);
    atLeast("--warmup", 0, warmup);
    connections.forEach(count -> atLeast("--connections", 1, count));
    checkIdleConnections();
    checkWorks();
    checkProcessors();
    checkJson();
    return new Plan(
        measurements(),
        setting,
        tuning,
        works.stream().distinct().toList(),
        connections.stream().distinct().toList(),
        rounds,
        seconds,
        warmup,
        idleConnections);
  }

  private Set<Measurement> measurements() {
    Set<Measurement> measurements = EnumSet.noneOf(Measurement.class);
    add(measurements, Measurement.MEMORY, memory);
    add(measurements, Measurement.SYSCALLS, syscalls);
    add(measurements, Measurement.STARTUP, startup);
    add(measurements, Measurement.LOAD, load || measurements.isEmpty());
    return measurements;
  }

  private static void add(Set<Measurement> all, Measurement one, boolean wanted) {
    if (wanted) {
      all.add(one);
    }
  }

  private List<Contestant> contestants() {
    List<Contestant> contestants = new ArrayList<>();
    for (Peer peer : EnumSet.copyOf(peers)) {
      contestants.add(
          switch (peer) {
            case NGINX -> new NginxPeer(tuning, carried);
            case HAPROXY -> new HaproxyPeer(tuning, carried, true);
          });
      if (peer == Peer.HAPROXY && carried == Carried.TCP && works.contains(Work.ONE_M)) {
        contestants.add(new HaproxyPeer(tuning, carried, false));
      }
    }
    for (String launcher : launchers.isEmpty() ? List.of(defaultLauncher()) : launchers) {
      addSteelyard(contestants, launcher);
    }
    return contestants;
  }

  private void addSteelyard(List<Contestant> contestants, String launcher) {
    int equals = launcher.indexOf('=');
    String name = equals < 0 ? "steelyard" : launcher.substring(0, equals);
    Path path = Path.of(launcher.substring(equals + 1)).toAbsolutePath();
    if (contestants.stream().anyMatch(c -> c instanceof Steelyard s && s.build().equals(name))) {
      throw usage("--steelyard: two builds are called \"" + name + "\"; name them: NAME=PATH");
    }
    for (Transport transport : transports.stream().distinct().toList()) {
      contestants.add(new Steelyard(name, path, transport, carried, false));
      if (accessLog) {
        contestants.add(new Steelyard(name, path, transport, carried, true));
      }
    }
  }

  /** ./bench tells where the repository is. */
  private static String defaultLauncher() {
    String root = System.getProperty("steelyard.bench.root", ".");
    return Path.of(root, "steelyard-server/target/steelyard/bin/steelyard").toString();
  }

  private void atLeast(String option, int least, int found) {
    if (found < least) {
      throw usage("%s: expected %d or more but found %d".formatted(option, least, found));
    }
  }

  private void checkIdleConnections() throws IOException {
    atLeast("--idle-connections", 1, idleConnections);
    int most = FileLimit.ofThisProcess().pairs();
    if (memory && idleConnections > most) {
      throw usage(
          "--idle-connections: expected at most %d (limit of open files) but found %d"
              .formatted(most, idleConnections));
    }
  }

  private void checkWorks() {
    if (works.contains(Work.RESUME) && carried != Carried.HTTPS) {
      throw usage("--work: resume needs --protocol https");
    }
    if (works.contains(Work.CONNECT) && carried == Carried.H2) {
      throw usage("--work: connect is not measured with --protocol h2; use https");
    }
  }

  private void checkProcessors() throws IOException {
    try {
      Cores.of(setting, Cores.allowed());
    } catch (IllegalArgumentException e) {
      throw usage("--setting: " + e.getMessage());
    }
  }

  /** Before the run rather than after it. */
  private void checkJson() {
    if (json == null) {
      return;
    }
    Path file = json.toAbsolutePath();
    Path directory = file.getParent();
    boolean writable =
        Files.exists(file)
            ? Files.isRegularFile(file) && Files.isWritable(file)
            : directory != null && Files.isWritable(directory);
    if (!writable) {
      throw usage("--json: expected a file that can be written but found " + json);
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(requireNonNull(spec).commandLine(), message);
  }
}
