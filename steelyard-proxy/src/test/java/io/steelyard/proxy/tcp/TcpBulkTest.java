package io.steelyard.proxy.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Far more bytes than any buffer holds, to peers that stop in between. */
@ParameterizedClass
@EnumSource(TransportKind.class)
class TcpBulkTest {
  private static final byte[] PART = RawEndpoint.pattern(1_000_003);
  private static final int PARTS = 150;
  private static final long BOUND = 24L << 20;

  private final TransportKind transport;

  TcpBulkTest(TransportKind transport) {
    this.transport = transport;
  }

  @Test
  void aDownloadWaitsForItsClient() throws Exception {
    long pipesBefore = pipes();
    try (RawEndpoint endpoint =
            RawEndpoint.serving(wire -> {
              wire.expect("go");
              sendParts(wire);
            });
        TestProxy proxy = Setup.on(transport).tcp().start(endpoint);
        Wire client = Wire.narrow(proxy.address().getPort(), 64 * 1024)) {
      client.send("go");
      assertThat(awaitStandstill(() -> proxy.endpoint(endpoint).bytesReceived.value()))
          .isLessThan(BOUND);
      assertThat(proxy.directMemory()).isLessThan(4 * BOUND);
      if (transport == TransportKind.EPOLL) {
        assertThat(pipes()).as("pipes, for bulk is spliced").isGreaterThan(pipesBefore);
      }
      assertThat(checksum(client)).isEqualTo(expectedChecksum());
      client.expectEnd().end();
      proxy.awaitNoClients();
      long length = (long) PART.length * PARTS;
      assertThat(proxy.log(1).get(0).get("bytes_out").asLong()).isEqualTo(length);
      assertThat(proxy.listener().bytesOut.value()).isEqualTo(length);
      assertThat(proxy.endpoint(endpoint).bytesReceived.value()).isEqualTo(length);
    }
  }

  @Test
  void anUploadWaitsForItsEndpoint() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.narrow(64 * 1024);
        TestProxy proxy = Setup.on(transport).tcp().start(endpoint);
        Wire client = proxy.connect()) {
      Thread sender = Thread.ofVirtual().start(() -> sendParts(client));
      Wire server = endpoint.accept();
      assertThat(awaitStandstill(() -> proxy.listener().bytesIn.value())).isLessThan(BOUND);
      assertThat(checksum(server)).isEqualTo(expectedChecksum());
      sender.join();
      // small exchanges go on after it, and both directions are still there
      client.send("more?");
      server.expect("more?").send("no");
      client.expect("no");
      server.end();
      client.expectEnd();
    }
  }

  @Test
  void bothDirectionsAtOnce() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).tcp().start(endpoint);
        Wire client = proxy.connect()) {
      Wire server = endpoint.accept();
      Thread up = Thread.ofVirtual().start(() -> sendParts(client));
      Thread down = Thread.ofVirtual().start(() -> sendParts(server));
      long[] sums = new long[2];
      Thread reading = Thread.ofVirtual().start(() -> sums[0] = uncheckedChecksum(server));
      sums[1] = checksum(client);
      reading.join();
      up.join();
      down.join();
      assertThat(sums).containsOnly(expectedChecksum());
    }
  }

  @Test
  void aPeerThatBreaksInTheMiddleBreaksTheOther() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).tcp().start(endpoint);
        Wire client = proxy.connect()) {
      Wire server = endpoint.accept();
      Thread.ofVirtual().start(() -> sendParts(server));
      client.bytes(50_000_000);
      server.reset();
      client.expectGone();
    }
  }

  @Test
  void aClientThatHangsIsEndedWhenNothingMoves() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.serving(TcpBulkTest::sendParts);
        TestProxy proxy =
            Setup.on(transport).tcp().tunnelTimeout(Duration.ofMillis(300)).start(endpoint);
        Wire client = Wire.narrow(proxy.address().getPort(), 64 * 1024)) {
      client.bytes(30_000_000);
      proxy.awaitNoClients();
      assertThat(proxy.log(1).get(0).get("reason").asString()).isEqualTo("idle-timeout");
    }
  }

  /** The ends of pipes that this process has open. */
  private static long pipes() throws IOException {
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.filter(TcpBulkTest::isPipe).count();
    }
  }

  private static boolean isPipe(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("pipe:");
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }

  private static void sendParts(Wire wire) {
    try {
      for (int i = 0; i < PARTS; i++) {
        wire.send(PART);
      }
    } catch (IOException e) {
      // the other end has gone, which the test sees there
    }
  }

  private static long uncheckedChecksum(Wire wire) {
    try {
      return checksum(wire);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long checksum(Wire wire) throws IOException {
    CRC32 sum = new CRC32();
    byte[] part = new byte[1 << 16];
    long left = (long) PART.length * PARTS;
    while (left > 0) {
      int read = wire.read(part);
      assertThat(read).as("bytes before the end").isPositive();
      sum.update(part, 0, read);
      left -= read;
    }
    return sum.getValue();
  }

  private static long expectedChecksum() {
    CRC32 sum = new CRC32();
    for (int i = 0; i < PARTS; i++) {
      sum.update(PART);
    }
    return sum.getValue();
  }

  /** The value at which a counter stays: everything on the way is full. */
  private static long awaitStandstill(Callable<Long> counter) {
    long[] last = {-1, 0};
    await()
        .pollInterval(Duration.ofMillis(100))
        .atMost(Wire.PATIENCE)
        .until(() -> {
          long now = counter.call();
          boolean same = now == last[0] && now > 0;
          last[1] = same ? last[1] + 1 : 0;
          last[0] = now;
          return last[1] >= 3;
        });
    return last[0];
  }
}
