package io.steelyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Thousands of connections are open at the same time, and all of them work. How many fit is a
 * matter of the open files that the machine allows; {@code ./bench} goes to that limit.
 */
class ManyRelaysIT {
  private static final int RELAYS = 4_000;

  /** Sources are used in turn, as clients would. */
  private static final int SOURCES = 4;

  @TempDir private Path directory = Path.of("");
  private final List<SocketChannel> clients = new ArrayList<>();

  @Test
  void allWork() throws IOException, InterruptedException {
    try (RawServer endpoint = RawServer.start((in, out) -> in.transferTo(out));
        Steelyard steelyard = Steelyard.runUnwatched(directory, yaml(endpoint.address()))) {
      InetSocketAddress to = address(steelyard);
      for (int i = 0; i < RELAYS; i++) {
        clients.add(open(i, to));
      }
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < RELAYS; i++) {
          send(i, round);
        }
        for (int i = 0; i < RELAYS; i++) {
          expect(i, round);
        }
      }
      assertThat(steelyard.status().at("/listeners/0/connections/active").asInt())
          .isEqualTo(RELAYS);
      for (SocketChannel client : clients) {
        client.shutdownOutput();
      }
      for (SocketChannel client : clients) {
        assertThat(client.read(ByteBuffer.allocate(1))).as("an end in order").isEqualTo(-1);
        client.close();
      }
      assertNothingFailed(steelyard);
      steelyard.stop();
    }
  }

  private static String yaml(InetSocketAddress endpoint) {
    return """
    admin: { address: "127.0.0.1:0" }
    listeners:
      web: { address: 127.0.0.1:0, protocol: tcp, pool: site }
    pools:
      site: { endpoints: [127.0.0.1:%d], timeouts: { connect: 20s } }
    """
        .formatted(endpoint.getPort());
  }

  private static InetSocketAddress address(Steelyard steelyard) {
    String text = steelyard.address();
    int port = Integer.parseInt(text.substring(text.lastIndexOf(':') + 1));
    return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
  }

  private static SocketChannel open(int index, SocketAddress to) throws IOException {
    SocketChannel client = SocketChannel.open();
    Socket socket = client.socket();
    socket.bind(
        new InetSocketAddress(InetAddress.ofLiteral("127.0.0." + (2 + index % SOURCES)), 0));
    client.connect(to);
    return client;
  }

  private static byte[] message(int index, int round) {
    return "relay %06d, round %02d"
        .formatted(index, round)
        .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }

  private void send(int index, int round) throws IOException {
    clients.get(index).write(ByteBuffer.wrap(message(index, round)));
  }

  private void expect(int index, int round) throws IOException {
    byte[] expected = message(index, round);
    ByteBuffer found = ByteBuffer.allocate(expected.length);
    while (found.hasRemaining()) {
      assertThat(clients.get(index).read(found)).isPositive();
    }
    assertThat(found.array()).isEqualTo(expected);
  }

  private static void assertNothingFailed(Steelyard steelyard)
      throws IOException, InterruptedException {
    await()
        .atMost(Program.PATIENCE)
        .until(() -> steelyard.status().at("/listeners/0/connections/active").asInt() == 0);
    JsonNode status = steelyard.status();
    assertThat(status.at("/listeners/0/failures").size()).as("failures in %s", status).isZero();
    assertThat(status.at("/listeners/0/requests").asInt()).isEqualTo(RELAYS);
    assertThat(status.at("/pools/0/retries").asInt()).isZero();
    assertThat(status.at("/pools/0/endpoints/0/resets").asInt()).isZero();
  }
}
