package io.steelyard.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.steelyard.model.Address;
import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections to endpoints: opened, reused, given up, tried again. */
@ParameterizedClass
@EnumSource(TransportKind.class)
class ConnectionsTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(100);

  private final TransportKind transport;

  ConnectionsTest(TransportKind transport) {
    this.transport = transport;
  }

  @Test
  void oneConnectionServesManyClients() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.serving(RawEndpoint.answering(OK));
        TestProxy proxy = Setup.on(transport).start(endpoint)) {
      for (int i = 0; i < 5; i++) {
        try (Wire client = proxy.connect()) {
          client.send(GET).expect(OK);
          client.send(GET).expect(OK);
        }
      }
      assertThat(endpoint.connections()).isEqualTo(1);
      assertThat(proxy.endpoint(endpoint).connects.value()).isEqualTo(1);
      assertThat(proxy.endpoint(endpoint).requests.value()).isEqualTo(10);
      assertThat(proxy.endpoint(endpoint).active.value()).isEqualTo(1);
      awaitIdle(proxy, endpoint, 1);
    }
  }

  private static void awaitIdle(TestProxy proxy, RawEndpoint endpoint, int count) {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> proxy.endpoint(endpoint).idle.value() == count);
  }

  @Test
  void noMoreAreKeptThanConfigured() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).connections(1, LONG, LONG).start(endpoint);
        Wire one = proxy.connect();
        Wire two = proxy.connect()) {
      one.send(GET);
      Wire first = endpoint.accept().expect(GET);
      two.send(GET);
      Wire second = endpoint.accept().expect(GET);
      first.send(OK);
      one.expect(OK);
      second.send(OK);
      two.expect(OK);
      first.expectEnd(); // the older one makes room
      one.send(GET);
      second.expect(GET).send(OK);
      one.expect(OK);
    }
  }

  @Test
  void noneIsKeptWhenNoneShallBe() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).connections(0, LONG, LONG).start(endpoint);
        Wire client = proxy.connect()) {
      for (int i = 0; i < 2; i++) {
        client.send(GET);
        Wire server = endpoint.accept().expect(GET).send(OK);
        client.expect(OK);
        server.expectEnd();
      }
    }
  }

  @Test
  void anIdleConnectionIsClosedInTime() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).connections(10, SHORT, LONG).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(GET);
      Wire server = endpoint.accept().expect(GET).send(OK);
      client.expect(OK);
      server.expectEnd();
      client.send(GET);
      endpoint.accept().expect(GET).send(OK);
      client.expect(OK);
    }
  }

  @Test
  void anOldConnectionIsNotUsedAgain() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy =
            Setup.on(transport).connections(10, LONG, Duration.ofMillis(1)).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(GET);
      Wire server = endpoint.accept().expect(GET);
      long opened = System.nanoTime();
      await().pollDelay(Duration.ZERO).until(() -> System.nanoTime() - opened > 5_000_000);
      server.send(OK);
      client.expect(OK);
      server.expectEnd();
    }
  }

  @Test
  void anEndpointThatClosesWhileIdleIsConnectedAnew() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).retries(0).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(GET);
      Wire server = endpoint.accept().expect(GET).send(OK);
      client.expect(OK);
      awaitIdle(proxy, endpoint, 1);
      server.close();
      awaitIdle(proxy, endpoint, 0);
      client.send(GET);
      endpoint.accept().expect(GET).send(OK);
      client.expect(OK);
    }
  }

  @Test
  void anEndpointThatSpeaksUnaskedIsNotUsedAgain() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(GET);
      Wire server = endpoint.accept().expect(GET).send(OK);
      client.expect(OK);
      awaitIdle(proxy, endpoint, 1);
      server.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil").expectGone();
      client.send(GET);
      endpoint.accept().expect(GET).send(OK);
      client.expect(OK);
    }
  }

  @Test
  void bytesBehindAnAnswerAreDroppedWithTheirConnection() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(GET);
      Wire server = endpoint.accept().expect(GET).send(OK + "HTTP/1.1 200 OK\r\n");
      client.expect(OK);
      server.expectGone();
      client.send(GET);
      endpoint.accept().expect(GET).send(OK);
      client.expect(OK);
    }
  }

  /** The endpoint closes just when a request is on its way to it. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStaleConnectionIsReplacedForAGet(boolean reset) throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(GET);
      Wire stale = endpoint.accept().expect(GET).send(OK);
      client.expect(OK);
      client.send(GET);
      stale.expect(GET);
      end(stale, reset);
      endpoint.accept().expect(GET).send(OK);
      client.expect(OK);
      assertThat(proxy.log(2).get(1).get("attempts").asInt()).isEqualTo(2);
      assertThat(proxy.pool().retries.value()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPostIsNotSentAgain(boolean reset) throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(GET);
      Wire stale = endpoint.accept().expect(GET).send(OK);
      client.expect(OK);
      client.send(POST);
      stale.expect(POST);
      end(stale, reset);
      assertThat(client.readMessage()).startsWith("HTTP/1.1 502 ");
      assertThat(endpoint.connections()).isEqualTo(1);
      // the client's connection goes on
      client.send(GET);
      endpoint.accept().expect(GET).send(OK);
      client.expect(OK);
    }
  }

  private static void end(Wire wire, boolean reset) throws Exception {
    if (reset) {
      wire.reset();
    } else {
      wire.close();
    }
  }

  @Test
  void aPutWithItsBodyIsSentAgainWhole() throws Exception {
    String put =
        "PUT / HTTP/1.1\r\nHost: a\r\nConnection: x\r\nContent-Length: 2000\r\n\r\n"
            + "x".repeat(2000);
    String passed = put.replace("Connection: x\r\n", "");
    try (RawEndpoint endpoint = RawEndpoint.open();
        RawEndpoint other = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint, other);
        Wire client = proxy.connect()) {
      client.send(put);
      endpoint.accept().expect(passed).close();
      other.accept().expect(passed).send(OK);
      client.expect(OK);
    }
  }

  @Test
  void aGetThatAnEndpointDropsIsSentToAnother() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        RawEndpoint other = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint, other);
        Wire client = proxy.connect()) {
      client.send(GET);
      endpoint.accept().expect(GET).send("HTTP/1.1 103 E\r\n\r\nHTTP/1.1 20").close();
      other.accept().expect(GET).send(OK);
      client.expect("HTTP/1.1 103 E\r\n\r\n" + OK);
      assertThat(proxy.endpoint(endpoint).retries.value()).isEqualTo(1);
      assertThat(proxy.endpoint(endpoint).resets.value()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {GET, POST})
  void aRefusedConnectTriesTheNextEndpoint(String request) throws Exception {
    Address refusing = RawEndpoint.refusing();
    try (RawEndpoint endpoint =
            RawEndpoint.serving(wire -> {
              while (!wire.readMessage().isEmpty()) {
                wire.send(OK);
              }
            });
        TestProxy proxy = Setup.on(transport).start(refusing, endpoint.address());
        Wire client = proxy.connect()) {
      for (int i = 0; i < 4; i++) {
        client.send(request).expect(OK);
      }
      assertThat(proxy.log(4).get(0).get("attempts").asInt()).isEqualTo(2);
      assertThat(proxy.log(4).get(0).get("endpoint").asString()).isEqualTo(endpoint.name());
    }
  }

  @Test
  void whenAllRefuseTheClientIsToldSo() throws Exception {
    try (TestProxy proxy =
            Setup.on(transport).start(RawEndpoint.refusing(), RawEndpoint.refusing());
        Wire client = proxy.connect()) {
      client.send(POST);
      assertThat(client.readMessage()).startsWith("HTTP/1.1 502 ");
      client.send(GET);
      assertThat(client.readMessage()).startsWith("HTTP/1.1 502 ");
      var log = proxy.log(2);
      assertThat(log.get(0).get("reason").asString()).isEqualTo("connect-refused");
      assertThat(log.get(0).get("attempts").asInt()).isEqualTo(2);
    }
  }

  @Test
  void noMoreIsTriedThanConfigured() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.serving(RawEndpoint.answering(OK));
        TestProxy proxy =
            Setup.on(transport)
                .retries(1)
                .start(RawEndpoint.refusing(), RawEndpoint.refusing(), endpoint.address());
        Wire client = proxy.connect()) {
      client.send(GET);
      assertThat(client.readMessage()).startsWith("HTTP/1.1 502 ");
      assertThat(proxy.log(1).get(0).get("attempts").asInt()).isEqualTo(2);
    }
  }

  @Test
  void aConnectThatIsNotAnsweredTriesTheNextEndpoint() throws Exception {
    try (RawEndpoint silent = RawEndpoint.dropping();
        RawEndpoint endpoint = RawEndpoint.serving(RawEndpoint.answering(OK));
        TestProxy proxy =
            Setup.on(transport).poolTimeouts(SHORT, LONG, LONG).start(silent, endpoint);
        Wire client = proxy.connect()) {
      client.send(GET).expect(OK);
      assertThat(proxy.endpoint(silent).connectTimeouts.value()).isEqualTo(1);
    }
  }

  @Test
  void aConnectThatNobodyAnswersIsAGatewayTimeout() throws Exception {
    try (RawEndpoint silent = RawEndpoint.dropping();
        TestProxy proxy = Setup.on(transport).poolTimeouts(SHORT, LONG, LONG).start(silent);
        Wire client = proxy.connect()) {
      client.send(GET);
      assertThat(client.readMessage()).startsWith("HTTP/1.1 504 ");
      assertThat(proxy.log(1).get(0).get("reason").asString()).isEqualTo("connect-timeout");
    }
  }

  @Test
  void aClientThatLeavesWhileConnectingTakesNothingWithIt() throws Exception {
    try (RawEndpoint silent = RawEndpoint.dropping();
        TestProxy proxy =
            Setup.on(transport).poolTimeouts(Duration.ofMillis(300), LONG, LONG).start(silent)) {
      Wire client = proxy.connect();
      client.send(GET);
      await().pollDelay(Duration.ZERO).until(() -> proxy.inFlight() == 1);
      client.reset();
      proxy.awaitNothingInFlight();
      proxy.awaitNoClients();
      assertThat(proxy.log(1).get(0).get("status").asInt()).isEqualTo(499);
    }
  }

  @Test
  void anAnswerThatDoesNotComeIsAGatewayTimeout() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).poolTimeouts(LONG, SHORT, LONG).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(GET);
      Wire server = endpoint.accept().expect(GET).send("HTTP/1.1 200 OK\r\nContent-Le");
      assertThat(client.readMessage()).startsWith("HTTP/1.1 504 ");
      server.expectGone();
      assertThat(proxy.endpoint(endpoint).responseTimeouts.value()).isEqualTo(1);
      // the client's connection goes on
      client.send(GET);
      endpoint.accept().expect(GET).send(OK);
      client.expect(OK);
    }
  }

  @Test
  void anEndpointThatDoesNotTakeABodyIsGivenUp() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.narrow(4096);
        TestProxy proxy = Setup.on(transport).poolTimeouts(LONG, LONG, SHORT).start(endpoint);
        Wire client = proxy.connect()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n");
      Thread sender = Thread.ofVirtual().start(() -> sendUntilClosed(client));
      Wire server = endpoint.accept();
      assertThat(client.readMessage()).startsWith("HTTP/1.1 504 ");
      assertThat(proxy.log(1).get(0).get("reason").asString()).isEqualTo("idle-timeout");
      server.close();
      client.close();
      sender.join();
    }
  }

  private static void sendUntilClosed(Wire client) {
    byte[] part = new byte[64 * 1024];
    try {
      while (true) {
        client.send(part);
      }
    } catch (IOException e) {
      // the proxy, or the test, has closed
    }
  }

  // ---- early answers ----

  @Test
  void anEarlyAnswerReachesAClientThatIsStillSending() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      String head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n";
      client.send(head + "part");
      Wire server = endpoint.accept().expect(head + "part");
      server.send("HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno");
      client.expect("HTTP/1.1 403 No\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
      server.expectGone();
      client.send("more of it, which nobody wants");
      client.expectEnd();
      client.close();
      proxy.awaitNoClients();
    }
  }

  /** As nginx does with a body that is too large: it answers, closes, and reads no more. */
  @Test
  void anEarlyAnswerIsNotLostWhenTheEndpointClosesBehindIt() throws Exception {
    String answer = "HTTP/1.1 413 No\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno";
    try (RawEndpoint endpoint =
            RawEndpoint.serving(wire -> {
              wire.readHead();
              wire.send(answer);
            });
        TestProxy proxy = Setup.on(transport).start(endpoint)) {
      byte[] body = RawEndpoint.pattern(3_000_000);
      for (int i = 0; i < 50; i++) {
        try (Wire client = proxy.connect()) {
          Thread sender =
              Thread.ofVirtual()
                  .start(() -> {
                    try {
                      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n");
                      client.send(body);
                    } catch (IOException e) {
                      // the proxy has had enough
                    }
                  });
          assertThat(client.readMessage()).startsWith("HTTP/1.1 413 No\r\n");
          client.close();
          sender.join();
        }
      }
    }
  }

  /**
   * The whole request is there, but the endpoint has not taken it: its connection is not reused.
   */
  @Test
  void anEarlyAnswerToARequestThatIsStillBeingSentEndsTheEndpointsConnection() throws Exception {
    byte[] body = RawEndpoint.pattern(30_000_000);
    try (RawEndpoint endpoint = RawEndpoint.narrow(4096);
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 30000000\r\n\r\n");
      Thread sender = Thread.ofVirtual().start(() -> sendQuietly(client, body));
      Wire server = endpoint.accept();
      server.readHead();
      server.send(OK);
      assertThat(client.readMessage()).startsWith("HTTP/1.1 200 OK\r\n").endsWith("ok");
      client.expectEnd();
      server.expectGone();
      sender.join();
    }
  }

  private static void sendQuietly(Wire wire, byte[] bytes) {
    try {
      wire.send(bytes);
    } catch (IOException e) {
      // the proxy has had enough
    }
  }

  @Test
  void roundRobinGoesRound() throws Exception {
    try (RawEndpoint a = RawEndpoint.serving(RawEndpoint.answering(OK));
        RawEndpoint b = RawEndpoint.serving(RawEndpoint.answering(OK));
        TestProxy proxy = Setup.on(transport).start(a, b);
        Wire client = proxy.connect()) {
      for (int i = 0; i < 10; i++) {
        client.send(GET).expect(OK);
      }
      List<Long> each =
          List.of(proxy.endpoint(a).requests.value(), proxy.endpoint(b).requests.value());
      assertThat(each).containsExactly(5L, 5L);
    }
  }
}
