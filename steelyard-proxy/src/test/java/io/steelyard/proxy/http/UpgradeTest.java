package io.steelyard.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** 101 and what follows: tunnels. */
@ParameterizedClass
@EnumSource(TransportKind.class)
class UpgradeTest {
  private static final String REQUEST =
      "GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nConnection: keep-alive, Upgrade\r\n\r\n";
  private static final String PASSED =
      "GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nConnection: Upgrade\r\n\r\n";
  private static final String ANSWER =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Accept: y\r\n\r\n";
  private static final String ANSWERED =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: y\r\nConnection: Upgrade\r\n\r\n";

  private final TransportKind transport;

  UpgradeTest(TransportKind transport) {
    this.transport = transport;
  }

  @Test
  void bytesPassBothWaysAndEachSideEndsForItself() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(REQUEST);
      Wire server = endpoint.accept().expect(PASSED).send(ANSWER);
      client.expect(ANSWERED).send("ping");
      server.expect("ping").send("pong");
      client.expect("pong").finish();
      server.expectEnd().send("last words");
      client.expect("last words");
      server.end();
      client.expectEnd();
      proxy.awaitNoClients();
      var record = proxy.log(1).get(0);
      assertThat(record.get("status").asInt()).isEqualTo(101);
      assertThat(record.get("reason").isNull()).isTrue();
      assertThat(record.get("bytes_in").asInt()).isEqualTo(REQUEST.length() + 4);
      assertThat(record.get("bytes_out").asInt()).isEqualTo(ANSWERED.length() + 14);
      assertThat(proxy.listener().bytesIn.value()).isEqualTo(REQUEST.length() + 4);
      assertThat(proxy.listener().bytesOut.value()).isEqualTo(ANSWERED.length() + 14);
      assertThat(proxy.endpoint(endpoint).bytesSent.value()).isEqualTo(PASSED.length() + 4);
      assertThat(proxy.endpoint(endpoint).bytesReceived.value()).isEqualTo(ANSWER.length() + 14);
    }
  }

  @Test
  void theEndpointMayEndFirst() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(REQUEST);
      Wire server = endpoint.accept().expect(PASSED).send(ANSWER + "bye").finish();
      client.expect(ANSWERED + "bye").expectEnd().send("still here");
      server.expect("still here");
      client.finish();
      server.expectEnd();
    }
  }

  @Test
  void bytesThatCameTooEarlyAreNotLost() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(REQUEST + "early").finish();
      Wire server = endpoint.accept().expect(PASSED).send(ANSWER + "first");
      client.expect(ANSWERED + "first");
      server.expect("early").expectEnd();
      server.send("x").end();
      client.expect("x").expectEnd();
    }
  }

  @Test
  void anEndpointMayDecline() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(REQUEST);
      String ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
      Wire server = endpoint.accept().expect(PASSED).send(ok);
      client.expect(ok).send(REQUEST);
      server.expect(PASSED).send(ok);
      client.expect(ok);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aResetEndsBothSides(boolean byClient) throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(REQUEST);
      Wire server = endpoint.accept().expect(PASSED).send(ANSWER);
      client.expect(ANSWERED);
      if (byClient) {
        client.reset();
        server.expectGone();
      } else {
        server.reset();
        client.expectGone();
      }
      proxy.awaitNoClients();
      proxy.awaitNothingInFlight();
    }
  }

  @Test
  void aTunnelThatCarriesNothingIsClosed() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy =
            Setup.on(transport).tunnelTimeout(Duration.ofMillis(200)).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(REQUEST);
      Wire server = endpoint.accept().expect(PASSED).send(ANSWER);
      client.expect(ANSWERED).expectEnd();
      server.expectEnd();
      assertThat(proxy.log(1).get(0).get("reason").asString()).isEqualTo("idle-timeout");
    }
  }

  /** One end is gone, the other takes nothing: that must not keep the connection for ever. */
  @Test
  void aTunnelWhoseRestNobodyTakesIsClosed() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy =
            Setup.on(transport).tunnelTimeout(Duration.ofMillis(300)).start(endpoint);
        Wire client = Wire.narrow(proxy.address().getPort(), 4096)) {
      client.send(REQUEST);
      Wire server = endpoint.accept().expect(PASSED).send(ANSWER);
      client.expect(ANSWERED);
      Thread sender = Thread.ofVirtual().start(() -> sendQuietly(server));
      proxy.awaitNoClients();
      server.end();
      sender.join();
    }
  }

  private static void sendQuietly(Wire wire) {
    try {
      wire.send(new byte[20_000_000]).end();
    } catch (IOException e) {
      // the proxy has had enough
    }
  }
}
