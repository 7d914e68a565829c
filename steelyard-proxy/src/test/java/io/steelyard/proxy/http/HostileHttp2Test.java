package io.steelyard.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.H2;
import io.steelyard.proxy.kit.H2.Frame;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Clients that want a proxy to work or to hold more than they do themselves. Each ends its own
 * connection, is counted, and costs little memory.
 */
class HostileHttp2Test {
  private static final long LITTLE_MEMORY = 8_000_000;
  private static final int CALM = (int) Http2Error.ENHANCE_YOUR_CALM.code();
  private static final int PROTOCOL = (int) Http2Error.PROTOCOL_ERROR.code();

  private interface Flood {
    void pour(H2 client) throws IOException;
  }

  private static Setup on() {
    return Setup.on(TransportKind.EPOLL);
  }

  /** The code of the GOAWAY that the flood ends with; the connection is then gone. */
  private static int flood(TestProxy proxy, Flood flood) throws IOException {
    long before = proxy.directMemory();
    long errors = proxy.listener().http2Errors.value();
    try (H2 client = H2.on(proxy.connect())) {
      Thread pouring =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  flood.pour(client);
                } catch (IOException e) {
                  // the proxy has had enough
                }
              });
      Frame frame = client.any();
      while (frame.type() != H2.GOAWAY) {
        frame = client.any();
      }
      assertThat(proxy.directMemory() - before).isLessThan(LITTLE_MEMORY);
      pouring.interrupt();
      await().until(() -> proxy.listener().http2Errors.value() > errors);
      return frame.code();
    }
  }

  private void assertFlood(int code, Flood flood) throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint)) {
      assertThat(flood(proxy, flood)).isEqualTo(code);
    }
  }

  @Test
  void aHeadThatNeverEnds() throws Exception {
    assertFlood(
        PROTOCOL,
        client -> {
          byte[] part = client.encode(fields(200));
          client.send(H2.HEADERS, 0, 1, client.encode(H2.request("GET", "/")));
          for (int i = 0; i < 100_000; i++) {
            client.send(H2.CONTINUATION, 0, 1, part);
          }
        });
  }

  private static Http2Headers fields(int count) {
    Http2Headers fields = new DefaultHttp2Headers(false);
    for (int i = 0; i < count; i++) {
      fields.add("x-" + i, "y".repeat(50));
    }
    return fields;
  }

  @Test
  void priorities() throws Exception {
    assertFlood(
        CALM,
        client -> {
          for (int i = 0; i < 100_000; i++) {
            client.send(H2.PRIORITY, 0, 2 * i + 1, new byte[] {0, 0, 0, 0, 1});
          }
        });
  }

  @Test
  void requestsThatMustBeReset() throws Exception {
    assertFlood(
        CALM,
        client -> {
          for (int i = 0; i < 100_000; i++) {
            client.headers(2 * i + 1, H2.request("GET", "a b"), true);
          }
        });
  }

  /** A reset in place of the end would take the reason from a client that reads late. */
  @Test
  void whoGoesOnSendingIsStillToldWhy() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        H2 client = H2.on(proxy.connect())) {
      client.send(H2.WINDOW_UPDATE, 0, 0, new byte[4]); // by nothing: an error of the connection
      for (int i = 0; i < 100; i++) {
        client.send(H2.DATA, 0, 1, new byte[16_384]);
      }
      Frame frame = client.next();
      assertThat(frame.type()).isEqualTo(H2.GOAWAY);
      assertThat(frame.code()).isEqualTo(PROTOCOL);
      assertThatThrownBy(client::any).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void namesOfNoLength() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        H2 client = H2.on(proxy.connect())) {
      Http2Headers empty = H2.request("GET", "/");
      for (int i = 0; i < 50; i++) {
        empty.add("", "");
      }
      Frame frame = client.headers(1, empty, true).next();
      assertThat(frame.type()).isIn(H2.RST_STREAM, H2.GOAWAY);
      assertThat(frame.code()).isEqualTo(PROTOCOL);
      assertThat(endpoint.connections()).isZero();
    }
  }

  /** CVE-2019-9511, CVE-2019-9517: answers are asked for, and nothing of them is let in. */
  @Test
  void windowsThatNeverOpen() throws Exception {
    byte[] body = RawEndpoint.pattern(3_000_000);
    try (RawEndpoint endpoint =
            RawEndpoint.serving(wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n");
              wire.send(body);
            });
        TestProxy proxy =
            on().clientTimeouts(
                    Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofMillis(300))
                .start(endpoint);
        H2 client = H2.on(proxy.connect())) {
      long before = proxy.directMemory();
      client.send(H2.SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 0}); // INITIAL_WINDOW_SIZE 0
      for (int i = 0; i < 20; i++) {
        client.headers(2 * i + 1, H2.request("GET", "/"), true);
      }
      int resets = 0;
      while (resets < 20) {
        Frame frame = client.next();
        assertThat(frame.type()).isIn(H2.HEADERS, H2.RST_STREAM);
        if (frame.type() == H2.RST_STREAM) {
          assertThat(frame.code()).isEqualTo((int) Http2Error.CANCEL.code());
          resets++;
        }
        assertThat(proxy.directMemory() - before).isLessThan(20 * 1_000_000);
      }
      proxy.awaitNothingInFlight();
      assertThat(proxy.log(20))
          .allMatch(record -> record.get("reason").asString().equals("body-timeout"));
    }
  }
}
