package io.steelyard.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where contestants are measured: the pinned processors, the endpoints and the client. */
final class Lab {
  private static final int NATIVE_WARMUP_SECONDS = 1;
  private static final Duration WRK_GRACE = Duration.ofSeconds(30);

  private final Workspace workspace;
  private final Cores cores;
  private final FileLimit limit;
  private final Endpoints endpoints;
  private final Omissions omissions;

  private Lab(
      Workspace workspace, Cores cores, FileLimit limit, Endpoints endpoints, Omissions omissions) {
    this.workspace = workspace;
    this.cores = cores;
    this.limit = limit;
    this.endpoints = endpoints;
    this.omissions = omissions;
  }

  /** Starts the endpoints and moves this process out of the way. */
  static Lab open(Workspace workspace, Setting setting, Omissions omissions)
      throws IOException, InterruptedException {
    Cores cores = Cores.of(setting, Cores.allowed());
    FileLimit limit = FileLimit.ofThisProcess();
    Pinned.pinThisProcess(workspace, List.of(cores.runner()));
    Endpoints endpoints = Endpoints.start(workspace, cores.rest(), limit);
    return new Lab(workspace, cores, limit, endpoints, omissions);
  }

  /**
   * A contestant that answers.
   *
   * @param pids the processes that do its work
   * @param startedIn from the start of the process to its first good answer
   */
  record Running(
      Contestant contestant,
      Child child,
      List<Long> pids,
      int port,
      int adminPort,
      Path directory,
      Duration startedIn)
      implements AutoCloseable {
    String name() {
      return contestant.name();
    }

    @Override
    public void close() {
      child.close();
    }

    /** Keeps a log from filling the disk between windows. */
    void emptyLog() throws IOException {
      Path log = directory.resolve(Steelyard.ACCESS_LOG);
      if (Files.exists(log)) {
        Files.newByteChannel(log, StandardOpenOption.WRITE).truncate(0).close();
      }
    }
  }

  /** Starts a contestant on the proxy's processor; its failure is noted and gives null. */
  @Nullable Running start(Contestant contestant, Work work) throws IOException {
    return start(contestant, work, List.of(cores.proxy()));
  }

  /** The same on the whole machine, as a user would start it. */
  @Nullable Running startUnpinned(Contestant contestant, Work work) throws IOException {
    return start(contestant, work, cores.all());
  }

  private @Nullable Running start(Contestant contestant, Work work, List<Integer> on)
      throws IOException {
    List<Integer> ports = Ports.free(2);
    Path directory = workspace.directory(contestant.name());
    Contestant.Site site =
        new Contestant.Site(directory, ports.get(0), ports.get(1), endpoints.ports(), work, limit);
    Contestant.Launch launch = contestant.prepare(site);
    List<String> command = Pinned.to(on, launch.command());
    long start = System.nanoTime();
    Child child = workspace.start(contestant.name(), command, launch.environment());
    try {
      Readiness.await(contestant.name(), child, site.port(), work, contestant.carried().isSecure());
      return new Running(
          contestant,
          child,
          child.workers(),
          site.port(),
          site.adminPort(),
          directory,
          Duration.ofNanos(System.nanoTime() - start));
    } catch (IllegalStateException e) {
      child.close();
      omit(contestant.name(), e);
      return null;
    }
  }

  List<Running> startAll(List<Contestant> contestants, Work work) throws IOException {
    List<Running> field = new ArrayList<>();
    for (Contestant contestant : contestants) {
      Running running = start(contestant, work);
      if (running != null) {
        field.add(running);
      }
    }
    return field;
  }

  /** Notes a failure, unless it is only that the run is being stopped. */
  void omit(String what, Exception e) {
    if (workspace.closed()) {
      throw new IllegalStateException(e);
    }
    omissions.failed(what, e);
  }

  void warm(Running running, Work work, int connections, int jvmSeconds)
      throws IOException, InterruptedException {
    int seconds =
        running.contestant().jvm() ? jvmSeconds : Math.min(jvmSeconds, NATIVE_WARMUP_SECONDS);
    if (seconds > 0) {
      load(running, work, connections, seconds);
    }
  }

  /** Loads a contestant for some seconds, with the client that suits. */
  WrkResult load(Running running, Work work, int connections, int seconds)
      throws IOException, InterruptedException {
    Carried carried = running.contestant().carried();
    if (carried == Carried.H2) {
      return H2Load.parse(
          client("h2load", H2Load.command(running.port(), work, connections, seconds), seconds));
    }
    return carried == Carried.HTTPS && work.isConnecting()
        ? handshakes(running, work, connections, seconds)
        : wrk(running, work, connections, seconds);
  }

  /** As many clients at a time as there shall be connections: each makes one after the other. */
  private WrkResult handshakes(Running running, Work work, int clients, int seconds)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    List<Child> children = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      List<String> command = HandshakeClient.command(running.port(), work, seconds);
      children.add(workspace.start("s_time", Pinned.to(cores.rest(), command), clientTls()));
    }
    List<String> outputs = new ArrayList<>();
    for (Child child : children) {
      if (child.await(Duration.ofSeconds(seconds).plus(WRK_GRACE)) != 0) {
        throw new IllegalStateException("openssl s_time: " + child.lastWords());
      }
      outputs.add(child.output());
    }
    return HandshakeClient.sum(outputs, work, (System.nanoTime() - start) / 1e9);
  }

  private String client(String name, List<String> command, int seconds)
      throws IOException, InterruptedException {
    Child child = workspace.start(name, Pinned.to(cores.rest(), command), clientTls());
    if (child.await(Duration.ofSeconds(seconds).plus(WRK_GRACE)) != 0) {
      throw new IllegalStateException(name + ": " + child.lastWords());
    }
    return child.output();
  }

  /** One version, suite and group for all, so that libraries' preferences are not compared. */
  private Map<String, String> clientTls() throws IOException {
    return Map.of("OPENSSL_CONF", SiteCertificate.clientSettings(workspace).toString());
  }

  /** Loads a contestant for some seconds. */
  WrkResult wrk(Running running, Work work, int connections, int seconds)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Tools.require("wrk")));
    if (work.isConnecting()) {
      command.addAll(List.of("-H", "Connection: close"));
    }
    command.addAll(
        List.of(
            "-t1",
            "-c" + connections,
            "-d" + seconds + "s",
            "--timeout",
            "10s",
            "--latency",
            (running.contestant().carried().isSecure() ? "https" : "http")
                + "://127.0.0.1:"
                + running.port()
                + work.path()));
    return WrkResult.parse(client("wrk", command, seconds));
  }

  /** A window's raw figures: what the client saw, what the proxy used, and who else was about. */
  record Load(WrkResult client, Usage proxy, double seconds, double others) {}

  /**
   * Loads a contestant for some seconds and looks what it used.
   *
   * @throws IllegalStateException when it has died
   */
  Load measure(Running running, Work work, int connections, int seconds)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    long others = othersTicks(running);
    Usage before = Usage.of(running.pids());
    WrkResult client = load(running, work, connections, seconds);
    Usage proxy = Usage.of(running.pids()).since(before);
    double elapsed = (System.nanoTime() - start) / 1e9;
    double othersSeconds = (othersTicks(running) - others) / CoreTime.TICKS_PER_SECOND;
    return new Load(client, proxy, elapsed, Math.max(0, othersSeconds / elapsed));
  }

  /** What the contestants' processors did that was neither proxy nor endpoints nor client. */
  private long othersTicks(Running running) throws IOException {
    Set<Integer> measured = Set.copyOf(List.of(cores.proxy(), cores.rest()));
    long ours = Usage.of(running.pids()).ticks() + Usage.of(endpoints.pids()).ticks();
    return CoreTime.busyTicks(measured) - ours - Usage.endedChildrenTicks();
  }

  Workspace workspace() {
    return workspace;
  }

  /** Lets this process use all processors again; the workspace ends the others. */
  void leave() throws IOException, InterruptedException {
    if (!workspace.closed()) {
      Pinned.pinThisProcess(workspace, cores.all());
    }
  }
}
