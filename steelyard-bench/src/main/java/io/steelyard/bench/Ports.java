package io.steelyard.bench;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Free ports of 127.0.0.1 for programs that cannot be told to take any.
 *
 * <p>Never those that the kernel gives to outgoing connections: the proxies' own could take one
 * before its listener does, and a client that keeps asking a port on which nobody listens yet is
 * sooner or later given that very port and connected to itself.
 */
final class Ports {
  private static final int LOWEST = 10_000;
  private static final int HIGHEST = 65_535;
  private static final Path OUTGOING = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

  private Ports() {}

  /** Distinct ports that nobody listens on now. */
  static List<Integer> free(int count) throws IOException {
    List<Integer> candidates = candidates(outgoingRange());
    int first = RandomGenerator.getDefault().nextInt(candidates.size());
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < candidates.size() && ports.size() < count; i++) {
      int port = candidates.get((first + i) % candidates.size());
      if (isFree(port)) {
        ports.add(port);
      }
    }
    if (ports.size() < count) {
      throw new IOException("found no " + count + " free ports on 127.0.0.1");
    }
    return List.copyOf(ports);
  }

  /** Read with one large read: the kernel gives only what the first one asks for. */
  private static String outgoingRange() throws IOException {
    return Files.readAllLines(OUTGOING).getFirst();
  }

  /** The ports outside the range of outgoing connections; all, when that range leaves few. */
  static List<Integer> candidates(String outgoingRange) {
    String[] ends = outgoingRange.strip().split("\\s+", -1);
    int from = Integer.parseInt(ends[0]);
    int to = Integer.parseInt(ends[1]);
    List<Integer> outside =
        IntStream.rangeClosed(LOWEST, HIGHEST).filter(p -> p < from || p > to).boxed().toList();
    return outside.size() >= 100
        ? outside
        : IntStream.rangeClosed(LOWEST, HIGHEST).boxed().toList();
  }

  private static boolean isFree(int port) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
      return true;
    } catch (BindException e) {
      return false;
    }
  }
}
