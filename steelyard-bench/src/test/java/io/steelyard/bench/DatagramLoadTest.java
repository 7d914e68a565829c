package io.steelyard.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.read.ConfigReader;
import io.steelyard.model.read.ReadResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client of {@code ./bench --datagrams} counts what comes back, and what does not. */
class DatagramLoadTest {
  private static final int SIZE = 100;

  @TempDir private Path directory = Path.of("");

  /** Sends back every datagram, or every one but each tenth. */
  private static Thread echo(DatagramChannel channel, boolean forgetful) {
    return Thread.startVirtualThread(() -> {
      ByteBuffer buffer = ByteBuffer.allocate(SIZE + 1);
      try {
        for (int i = 1; true; i++) {
          var from = channel.receive(buffer.clear());
          if (!forgetful || i % 10 != 0) {
            channel.send(buffer.flip(), from);
          }
        }
      } catch (ClosedChannelException e) {
        // the end of the test
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    });
  }

  @Test
  void countsAnswersAndWhatIsLost() throws IOException, InterruptedException {
    for (boolean forgetful : new boolean[] {false, true}) {
      try (DatagramChannel server =
              DatagramChannel.open()
                  .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
          DatagramLoad load =
              new DatagramLoad(((InetSocketAddress) server.getLocalAddress()).getPort(), 4, SIZE)) {
        Thread echo = echo(server, forgetful);
        DatagramLoad.Result result = load.run(1);
        assertThat(result.answers()).isGreaterThan(4);
        if (forgetful) {
          assertThat(result.lost()).isPositive();
        }
        assertThat(result.wrong()).isZero();
        server.close();
        echo.join();
      }
    }
  }

  @Test
  void aResultIsReadAsItIsWritten() {
    DatagramLoad.Result result = new DatagramLoad.Result(12, 3, 1);
    assertThat(DatagramLoad.Result.parse(result + "\n")).isEqualTo(result);
  }

  @Test
  void theConfigurationIsValid() throws IOException {
    for (DatagramSite.Kind kind : DatagramSite.Kind.values()) {
      DatagramSite.EPOLL.prepare(directory, "steelyard", kind, 5000, 5001, List.of(5002, 5003));
      String text = Files.readString(directory.resolve("steelyard.yaml"));
      ReadResult read = new ConfigReader().readString("bench", text);
      assertThat(read.lines()).isEmpty();
    }
  }
}
