package io.steelyard.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Bulk in both directions of a tunnel, with many pauses on both sides. Not on io_uring, where one
 * of 300 runs stands still.
 */
@ParameterizedClass
@EnumSource(
    value = TransportKind.class,
    names = {"EPOLL", "NIO"})
class TunnelBulkTest {
  private static final String REQUEST =
      "GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nConnection: keep-alive, Upgrade\r\n\r\n";
  private static final String PASSED =
      "GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nConnection: Upgrade\r\n\r\n";
  private static final String ANSWER =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Accept: y\r\n\r\n";
  private static final String ANSWERED =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: y\r\nConnection: Upgrade\r\n\r\n";

  private final TransportKind transport;

  TunnelBulkTest(TransportKind transport) {
    this.transport = transport;
  }

  @Test
  void muchPassesBothWaysAtOnce() throws Exception {
    byte[] up = RawEndpoint.pattern(10_000_000);
    byte[] down = RawEndpoint.pattern(11_000_000);
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(REQUEST);
      Wire server = endpoint.accept().expect(PASSED).send(ANSWER);
      client.expect(ANSWERED);
      Thread upwards = Thread.ofVirtual().start(() -> sendAndFinish(client, up));
      Thread downwards = Thread.ofVirtual().start(() -> sendAndFinish(server, down));
      Thread reading =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  assertThat(server.bytes(up.length)).isEqualTo(up);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      assertThat(client.bytes(down.length)).isEqualTo(down);
      reading.join();
      upwards.join();
      downwards.join();
      client.expectEnd();
      server.expectEnd();
      proxy.awaitNoClients();
    }
  }

  private static void sendAndFinish(Wire wire, byte[] bytes) {
    try {
      wire.send(bytes).finish();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
