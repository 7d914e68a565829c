package io.steelyard.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Bodies far larger than any buffer, to and from peers that stop in between. */
@ParameterizedClass
@EnumSource(TransportKind.class)
class BackPressureTest {
  private static final int PART = 1 << 20;
  private static final int PARTS = 200;
  private static final long LENGTH = (long) PART * PARTS;
  private static final long BOUND = 16L << 20;
  private static final byte[] BYTES = RawEndpoint.pattern(PART);

  private final TransportKind transport;

  BackPressureTest(TransportKind transport) {
    this.transport = transport;
  }

  @Test
  void aDownloadWaitsForItsClient() throws Exception {
    try (RawEndpoint endpoint =
            RawEndpoint.serving(wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + LENGTH + "\r\n\r\n");
              sendParts(wire);
              wire.readHead();
            });
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = Wire.narrow(proxy.address().getPort(), 64 * 1024)) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      client.readHead();
      long stopped = awaitStandstill(() -> proxy.endpoint(endpoint).bytesReceived.value());
      assertThat(stopped).isLessThan(BOUND);
      assertThat(proxy.directMemory()).isLessThan(4 * BOUND);
      assertThat(checksum(client)).isEqualTo(expectedChecksum());
      assertThat(proxy.directMemory()).isLessThan(4 * BOUND);
    }
  }

  @Test
  void anUploadWaitsForItsEndpoint() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.narrow(64 * 1024);
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: " + LENGTH + "\r\n\r\n");
      Thread sender = Thread.ofVirtual().start(() -> sendParts(client));
      Wire server = endpoint.accept();
      server.readHead();
      long stopped = awaitStandstill(() -> proxy.listener().bytesIn.value());
      assertThat(stopped).isLessThan(BOUND);
      assertThat(proxy.directMemory()).isLessThan(4 * BOUND);
      assertThat(checksum(server)).isEqualTo(expectedChecksum());
      sender.join();
      String ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
      server.send(ok);
      client.expect(ok);
      // the client's connection goes on
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      server.readHead();
      server.send(ok);
      client.expect(ok);
    }
  }

  @Test
  void anUploadWaitsForAConnection() throws Exception {
    try (RawEndpoint silent = RawEndpoint.dropping();
        TestProxy proxy =
            Setup.on(transport)
                .poolTimeouts(Duration.ofSeconds(2), Duration.ofMinutes(1), Duration.ofMinutes(1))
                .start(silent);
        Wire client = proxy.connect()) {
      client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: " + LENGTH + "\r\n\r\n");
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  while (true) {
                    client.send(BYTES);
                  }
                } catch (IOException e) {
                  // the proxy has had enough
                }
              });
      assertThat(client.readHead()).startsWith("HTTP/1.1 504 ");
      assertThat(proxy.log(1).get(0).get("bytes_in").asLong()).isLessThan(BOUND);
      client.end();
      sender.join();
    }
  }

  @Test
  void aTunnelWaitsForItsClient() throws Exception {
    try (RawEndpoint endpoint =
            RawEndpoint.serving(wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 101 S\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n");
              sendParts(wire);
              wire.expectGone();
            });
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = Wire.narrow(proxy.address().getPort(), 64 * 1024)) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n");
      client.readHead();
      long stopped = awaitStandstill(() -> proxy.endpoint(endpoint).bytesReceived.value());
      assertThat(stopped).isLessThan(BOUND);
      assertThat(checksum(client)).isEqualTo(expectedChecksum());
    }
  }

  private static void sendParts(Wire wire) {
    try {
      for (int i = 0; i < PARTS; i++) {
        wire.send(BYTES);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long checksum(Wire wire) throws IOException {
    CRC32 sum = new CRC32();
    byte[] part = new byte[64 * 1024];
    long left = LENGTH;
    while (left > 0) {
      int read = wire.read(part);
      if (read < 0) {
        throw new AssertionError(left + " bytes are missing");
      }
      sum.update(part, 0, read);
      left -= read;
    }
    return sum.getValue();
  }

  private static long expectedChecksum() {
    CRC32 sum = new CRC32();
    for (int i = 0; i < PARTS; i++) {
      sum.update(BYTES);
    }
    return sum.getValue();
  }

  /** The value when it is above nothing and has been the same for a while. */
  private static long awaitStandstill(Callable<Long> value) throws Exception {
    long[] last = {-1};
    int[] same = {0};
    await()
        .atMost(Wire.PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> {
          long now = value.call();
          same[0] = now > PART / 4 && now == last[0] ? same[0] + 1 : 0;
          last[0] = now;
          return same[0] >= 15;
        });
    return last[0];
  }
}
