package io.steelyard.health.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.steelyard.model.Address;
import java.io.File;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** A server that others wrote, run as a process of its own until it is closed. */
final class RealServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private final Process process;
  private final int port;
  private final Path output;

  private RealServer(Process process, int port, Path output) {
    this.process = process;
    this.port = port;
    this.output = output;
  }

  /**
   * A program's path. Where it is not installed the test is passed over; not in CI, which sets
   * {@code STEELYARD_TOOLS_REQUIRED}.
   */
  static String program(String name) {
    var path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/usr/local/sbin";
    var found =
        Stream.of(path.split(":", -1))
            .map(directory -> Path.of(directory, name))
            .filter(Files::isExecutable)
            .findFirst();
    boolean required = System.getenv("STEELYARD_TOOLS_REQUIRED") != null;
    assertThat(found.isPresent() || !required).as("%s is installed", name).isTrue();
    assumeTrue(found.isPresent(), name + " is not installed");
    return found.orElseThrow().toString();
  }

  /**
   * A port that nobody listens on now, and that the kernel gives to nobody of its own accord
   * (ip_local_port_range begins above).
   */
  static int freePort() throws IOException {
    for (; ; ) {
      int port = ThreadLocalRandom.current().nextInt(10_000, 32_000);
      try (ServerSocket socket = new ServerSocket()) {
        socket.bind(new InetSocketAddress(LOOPBACK, port));
        return port;
      } catch (BindException e) {
        // taken: the next one
      }
    }
  }

  /** Starts a program and waits until it accepts connections on that port. */
  static RealServer start(Path directory, int port, List<String> command) throws IOException {
    var output = Files.createTempFile(directory, "server-", ".out");
    var process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectInput(new File("/dev/null"))
            .redirectOutput(output.toFile())
            .redirectErrorStream(true)
            .start();
    var server = new RealServer(process, port, output);
    try {
      await(command.getFirst() + " listens")
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .failFast(() -> assertThat(process.isAlive()).as(server.said()).isTrue())
          .until(server::listens);
      return server;
    } catch (Throwable e) {
      server.close();
      throw e;
    }
  }

  /** Runs a program to its end, which must be a success. */
  static void run(Path directory, List<String> command) throws IOException, InterruptedException {
    var output = Files.createTempFile(directory, "run-", ".out");
    var process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectInput(new File("/dev/null"))
            .redirectOutput(output.toFile())
            .redirectErrorStream(true)
            .start();
    assertThat(process.waitFor()).as("%s: %s", command, Files.readString(output)).isZero();
  }

  private boolean listens() {
    try (var socket = new Socket(LOOPBACK, port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private String said() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      return e.toString();
    }
  }

  ProbeTarget target() {
    return ProbeTarget.of(new Address("127.0.0.1", port));
  }

  /** SIGSTOP: it still accepts, in the kernel, and answers nothing; or SIGCONT. */
  void signal(String signal) throws IOException, InterruptedException {
    var kill = new ProcessBuilder("sh", "-c", "kill -" + signal + " " + process.pid()).start();
    assertThat(kill.waitFor()).isZero();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().join();
  }
}
