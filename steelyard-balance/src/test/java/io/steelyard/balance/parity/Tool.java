package io.steelyard.balance.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** The programs whose placement ours is compared with, and the process of one of them. */
final class Tool implements AutoCloseable {
  static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  /** Set where all tools must be there, so that no test is passed over unseen. */
  private static final boolean REQUIRED = System.getenv("STEELYARD_TOOLS_REQUIRED") != null;

  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private final Process process;

  private Tool(Process process) {
    this.process = process;
  }

  /** Where a program is. Without it the test is aborted, or fails where tools are required. */
  static String path(String program) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.concat(Stream.of(path.split(":")), Stream.of("/usr/sbin", "/usr/local/sbin"))
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst()
        .orElseGet(() -> missing(program));
  }

  private static String missing(String program) {
    String message = program + " is not installed (.ci/run installs what the tests need)";
    return REQUIRED ? fail(message) : abort(message);
  }

  /** Starts a program and waits until it listens at a port. */
  static Tool serve(Path directory, int port, List<String> command) throws IOException {
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    Tool tool = new Tool(process);
    await(command + " listens")
        .atMost(Duration.ofSeconds(30))
        .failFast(() -> assertThat(process.isAlive()).as(Files.readString(output)).isTrue())
        .until(() -> answers(port));
    return tool;
  }

  private static boolean answers(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(LOOPBACK, port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Ports that nobody listens on now, all different, and that the kernel gives to nobody of its own
   * accord (ip_local_port_range begins above). Nobody else in this JVM gets them.
   */
  static List<Integer> freePorts(int count) throws IOException {
    List<Integer> free = new ArrayList<>();
    while (free.size() < count) {
      int port = ThreadLocalRandom.current().nextInt(10_000, 32_000);
      if (GIVEN.add(port) && isFree(port)) {
        free.add(port);
      }
    }
    return free;
  }

  private static boolean isFree(int port) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(LOOPBACK, port));
      return true;
    } catch (BindException e) {
      return false;
    }
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
