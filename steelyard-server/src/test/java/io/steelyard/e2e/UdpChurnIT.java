package io.steelyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A million sessions of datagrams come and go, and nothing of them stays. */
class UdpChurnIT {
  private static final int SESSIONS = 1_000_000;
  private static final int WARMING = 50_000;
  private static final int CLIENTS = 1_000;
  private static final int MOST = 6_000;

  /** So many datagrams are sent at a time; more would not fit the sockets' buffers. */
  private static final int BURST = 100;

  private static final long PAUSE_NANOS = 900_000;

  private static final long MIB = 1 << 20;

  @TempDir private Path directory = Path.of("");

  private static String yaml(int endpoint) {
    return """
    admin: { address: "127.0.0.1:0" }
    listeners:
      web:
        address: 127.0.0.1:0
        protocol: udp
        pool: site
        max-connections: %d
        timeouts: { idle: 10ms }
        sessions: { answers: 0, datagrams: 1 }
    pools:
      site: { endpoints: [127.0.0.1:%d] }
    """
        .formatted(MOST, endpoint);
  }

  /** What the process holds once its sessions have ended and its garbage is collected. */
  private record Held(long heap, long direct, long descriptors) {
    static Held by(Steelyard steelyard, Path directory) throws IOException, InterruptedException {
      await()
          .atMost(Program.PATIENCE)
          .until(() -> listener(steelyard).at("/connections/active").asLong() == 0);
      return new Held(liveHeap(steelyard, directory), direct(steelyard), descriptors(steelyard));
    }

    private static long liveHeap(Steelyard steelyard, Path directory) throws InterruptedException {
      String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
      String pid = String.valueOf(steelyard.program().pid());
      List<String> command = List.of(jcmd, pid, "GC.class_histogram");
      String classes = Program.run(directory, "jcmd", command);
      long all = number("(?m)^Total\\s+\\d+\\s+(\\d+)", classes);
      // what the collector fills gaps with counts as live
      return all - number(".*\\s(\\d+)\\s+\\[Ljdk.internal.vm.FillerElement;", classes);
    }

    private static long direct(Steelyard steelyard) throws IOException, InterruptedException {
      return (long)
          Double.parseDouble(
              found(
                  "(?m)^steelyard_netty_direct_bytes (\\S+)", steelyard.admin("/metrics").body()));
    }

    private static long descriptors(Steelyard steelyard) throws IOException {
      try (var open = Files.list(Path.of("/proc/" + steelyard.program().pid() + "/fd"))) {
        return open.count();
      }
    }
  }

  private static String found(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
    return matcher.group(1);
  }

  private static long number(String pattern, String text) {
    return Long.parseLong(found(pattern, text));
  }

  private static JsonNode listener(Steelyard steelyard) throws IOException, InterruptedException {
    return steelyard.status().at("/listeners/0");
  }

  @Test
  void aMillionSessionsLeaveNothing() throws IOException, InterruptedException {
    // which reads nothing: what does not fit its buffer is dropped
    try (DatagramSocket endpoint = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
        Steelyard steelyard = Steelyard.runUnwatched(directory, yaml(endpoint.getLocalPort()));
        Clients clients = new Clients(steelyard.address())) {
      churn(steelyard, clients, WARMING);
      Held before = Held.by(steelyard, directory);
      churn(steelyard, clients, WARMING + SESSIONS);
      Held after = Held.by(steelyard, directory);
      assertThat(after.heap()).as("live heap").isLessThan(before.heap() + 2 * MIB);
      assertThat(after.direct()).as("direct memory").isLessThan(before.direct() + 8 * MIB);
      assertThat(after.descriptors()).as("files").isLessThan(before.descriptors() + 20);
      steelyard.stop();
    }
  }

  /** Sends until so many sessions have begun. A bounded number of them lives at any time. */
  private static void churn(Steelyard steelyard, Clients clients, long sessions)
      throws IOException, InterruptedException {
    JsonNode now = listener(steelyard);
    while (now.at("/requests").asLong() < sessions) {
      clients.send(Math.clamp(sessions - now.at("/requests").asLong(), BURST, 20_000));
      now = listener(steelyard);
      assertThat(now.at("/connections/active").asInt()).isLessThanOrEqualTo(MOST);
    }
  }

  private static final class Clients implements AutoCloseable {
    private final List<DatagramChannel> sockets = new ArrayList<>();
    private final ByteBuffer datagram = ByteBuffer.allocateDirect(32);
    private int next;

    Clients(String address) throws IOException {
      int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
      InetSocketAddress to = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
      for (int i = 0; i < CLIENTS; i++) {
        DatagramChannel socket = DatagramChannel.open();
        sockets.add(socket);
        socket.connect(to);
      }
    }

    /** Some are lost, as datagrams are. */
    void send(int count) throws IOException {
      for (int sent = 1; sent <= count; sent++) {
        sockets.get(next++ % CLIENTS).write(datagram.clear());
        if (sent % BURST == 0) {
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
    }

    @Override
    public void close() throws IOException {
      for (DatagramChannel socket : sockets) {
        socket.close();
      }
    }
  }
}
