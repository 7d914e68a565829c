package io.steelyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that does not read what an endpoint sends as fast as it can. */
class SlowReaderIT {
  private static final byte[] PART = new byte[1_000_003];
  private static final int PARTS = 500;

  /**
   * What sockets, pipes and buffers on the way may hold in all: the kernel's share is 6 MB each.
   */
  private static final long BOUND = 24L << 20;

  static {
    new Random(3).nextBytes(PART);
  }

  @TempDir private Path directory = Path.of("");

  private static void serve(InputStream in, OutputStream out) throws IOException {
    if (in.read() >= 0) {
      for (int i = 0; i < PARTS; i++) {
        out.write(PART);
      }
    }
  }

  /** epoll splices, the others copy. */
  @ParameterizedTest
  @ValueSource(strings = {"epoll", "io-uring", "nio"})
  void memoryStaysFlatAndNothingIsLost(String transport) throws IOException, InterruptedException {
    try (RawServer endpoint = RawServer.start(SlowReaderIT::serve);
        Steelyard steelyard =
            Steelyard.run(directory, yaml(transport, endpoint.address().getPort()));
        Socket client = new Socket()) {
      client.setReceiveBufferSize(64 * 1024);
      client.connect(address(steelyard), 10_000);
      long before = steelyard.memory("VmRSS");
      client.getOutputStream().write('g');
      assertThat(awaitStandstill(steelyard)).isLessThan(BOUND);
      assertThat(steelyard.memory("VmRSS") - before).isLessThan(2 * BOUND);
      assertThat(checksum(client.getInputStream())).isEqualTo(expected());
      assertThat(client.getInputStream().read()).isEqualTo(-1);
      assertThat(steelyard.memory("VmHWM") - before).isLessThan(3 * BOUND);
      client.close();
      steelyard.stop();
    }
  }

  private static String yaml(String transport, int port) {
    return """
    admin: { address: "127.0.0.1:0" }
    transport: %s
    event-loops: 1
    listeners:
      web: { address: 127.0.0.1:0, protocol: tcp, pool: site }
    pools:
      site: { endpoints: [127.0.0.1:%d] }
    """
        .formatted(transport, port);
  }

  private static InetSocketAddress address(Steelyard steelyard) {
    String text = steelyard.address();
    int port = Integer.parseInt(text.substring(text.lastIndexOf(':') + 1));
    return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
  }

  /** How much the endpoint could send until everything on the way was full. */
  private static long awaitStandstill(Steelyard steelyard) {
    long[] last = {-1, 0};
    await()
        .atMost(Program.PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> {
          long now = steelyard.status().at("/pools/0/endpoints/0/bytes_received").asLong();
          last[1] = now == last[0] && now > 0 ? last[1] + 1 : 0;
          last[0] = now;
          return last[1] >= 3;
        });
    return last[0];
  }

  private static long checksum(InputStream in) throws IOException {
    CRC32 sum = new CRC32();
    byte[] part = new byte[1 << 18];
    long left = (long) PART.length * PARTS;
    while (left > 0) {
      int read = in.read(part, 0, (int) Math.min(part.length, left));
      assertThat(read).as("bytes before the end, with %d left", left).isPositive();
      sum.update(part, 0, read);
      left -= read;
    }
    return sum.getValue();
  }

  private static long expected() {
    CRC32 sum = new CRC32();
    for (int i = 0; i < PARTS; i++) {
      sum.update(PART);
    }
    return sum.getValue();
  }
}
