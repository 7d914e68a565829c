package io.steelyard.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A {@link FaultyServer} in a process of its own. */
final class FaultyEndpoint implements AutoCloseable {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final int FILLERS = 16;
  private static final int PATIENCE_MILLIS = 2_000;
  private static final long START_NANOS = 20_000_000_000L;

  private final Workspace workspace;
  private final int port;
  private final int controlPort;
  private final Child process;
  private final List<Socket> fillers = new ArrayList<>();

  private FaultyEndpoint(Workspace workspace, int port, int controlPort) throws IOException {
    this.workspace = workspace;
    this.port = port;
    this.controlPort = controlPort;
    this.process =
        workspace.start(
            "endpoint",
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "-cp",
                classPath(),
                FaultyServer.class.getName(),
                String.valueOf(port),
                String.valueOf(controlPort)));
  }

  /** This process's own, for a process in another directory. */
  private static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Starts one and waits until it answers. */
  static FaultyEndpoint start(Workspace workspace, int port, int controlPort) throws IOException {
    var endpoint = new FaultyEndpoint(workspace, port, controlPort);
    long deadline = System.nanoTime() + START_NANOS;
    while (true) {
      try {
        endpoint.tell("");
        return endpoint;
      } catch (IOException e) {
        if (!endpoint.process.alive() || deadline - System.nanoTime() < 0) {
          throw new IOException("an endpoint does not start: " + endpoint.process.lastWords(), e);
        }
        LockSupport.parkNanos(10_000_000);
      }
    }
  }

  int port() {
    return port;
  }

  void begin(Fault fault) throws IOException, InterruptedException {
    switch (fault) {
      case KILLED -> signal("KILL");
      case STOPPED -> signal("STOP");
      case ERRORS, GARBAGE, RESETS, SLOW -> tell(fault.label());
      case FULL -> {
        tell(fault.label());
        fill();
      }
    }
  }

  /** Takes the places in its queue. */
  private void fill() {
    for (int i = 0; i < FILLERS; i++) {
      try {
        Socket filler = new Socket();
        fillers.add(filler);
        filler.connect(new InetSocketAddress(LOOPBACK, port), 20);
      } catch (IOException e) {
        return; // full
      }
    }
  }

  /** When the last request came, in milliseconds since 1970; 0 when it cannot tell any more. */
  long lastRequestMillis(Fault fault) {
    return switch (fault) {
      case KILLED, STOPPED, FULL -> 0;
      case ERRORS, GARBAGE, RESETS, SLOW -> {
        try {
          yield Long.parseLong(tell(""));
        } catch (IOException e) {
          yield 0;
        }
      }
    };
  }

  private String tell(String order) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(LOOPBACK, controlPort), PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write((order + "\n").getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1).strip();
    }
  }

  private void signal(String name) throws IOException, InterruptedException {
    for (long pid : process.workers()) {
      workspace.run(
          "kill",
          List.of("/bin/sh", "-c", "kill -" + name + " " + pid),
          java.time.Duration.ofSeconds(5));
    }
  }

  @Override
  public void close() {
    for (Socket filler : fillers) {
      try {
        filler.close();
      } catch (IOException e) {
        // It is closed.
      }
    }
    process.stop(java.time.Duration.ZERO);
  }
}
