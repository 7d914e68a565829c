package io.steelyard.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a listener's limits do to clients that go beyond them, and that they let pass the rest. */
@ParameterizedClass
@EnumSource(TransportKind.class)
class LimitsTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(100);

  private final TransportKind transport;

  LimitsTest(TransportKind transport) {
    this.transport = transport;
  }

  // ---- heads ----

  @Test
  void aHeadOfTheLimitsSizePassesAndALargerOneIs431() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.serving(RawEndpoint.answering(OK));
        TestProxy proxy = Setup.on(transport).headLimits(2048, 100, 1024).start(endpoint);
        Wire client = proxy.connect();
        Wire other = proxy.connect()) {
      String begin = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
      int room = 2048 - begin.length() - 4;
      client.send(begin + "x".repeat(room) + "\r\n\r\n").expect(OK);
      other.send(begin + "x".repeat(room + 1) + "\r\n\r\n");
      assertRefused(other, 431);
      assertThat(proxy.log(2).get(1).get("reason").asString()).isEqualTo("head-too-large");
    }
  }

  @Test
  void theFieldsAreCounted() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.serving(RawEndpoint.answering(OK));
        TestProxy proxy = Setup.on(transport).headLimits(32768, 10, 1024).start(endpoint);
        Wire client = proxy.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(9) + "\r\n").expect(OK);
      client.send("GET / HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(10) + "\r\n");
      assertRefused(client, 431);
    }
  }

  @Test
  void aRequestLineOfTheLimitsLengthPassesAndALongerOneIs414() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.serving(RawEndpoint.answering(OK));
        TestProxy proxy = Setup.on(transport).headLimits(32768, 10, 100).start(endpoint);
        Wire client = proxy.connect()) {
      int room = 100 - "GET / HTTP/1.1".length();
      client.send("GET /" + "x".repeat(room) + " HTTP/1.1\r\nHost: a\r\n\r\n").expect(OK);
      client.send("GET /" + "x".repeat(room + 1) + " HTTP/1.1\r\nHost: a\r\n\r\n");
      assertRefused(client, 414);
    }
  }

  @Test
  void aHeadThatDripsInIs408() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy =
            Setup.on(transport).clientTimeouts(Duration.ofMillis(300), LONG, LONG).start(endpoint);
        Wire client = proxy.connect()) {
      Thread dripping = Thread.ofVirtual().start(() -> drip(proxy, client));
      assertRefused(client, 408);
      client.close();
      dripping.join();
      var record = proxy.log(1).get(0);
      assertThat(record.get("reason").asString()).isEqualTo("head-timeout");
      assertThat(record.get("bytes_in").asInt()).isPositive();
    }
  }

  /** A byte of a head, and the next when the proxy has read it; every byte a sign of life. */
  private static void drip(TestProxy proxy, Wire client) {
    try {
      client.send("GET / HTTP/1.1\r\nX: ");
      while (true) {
        long read = proxy.listener().bytesIn.value();
        client.send("x");
        await()
            .pollInterval(Duration.ofMillis(20))
            .until(() -> proxy.listener().bytesIn.value() > read);
      }
    } catch (IOException e) {
      // closed, as it should be
    }
  }

  @Test
  void anIdleConnectionIsClosedWithoutAWord() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.serving(RawEndpoint.answering(OK));
        TestProxy proxy = Setup.on(transport).clientTimeouts(LONG, SHORT, LONG).start(endpoint);
        Wire fresh = proxy.connect();
        Wire used = proxy.connect()) {
      used.send(GET).expect(OK).expectEnd();
      fresh.expectEnd();
    }
  }

  // ---- bodies ----

  @Test
  void aBodyOfTheLimitsLengthPasses() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).bodyLimit(10).start(endpoint);
        Wire client = proxy.connect()) {
      String length = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n0123456789";
      client.send(length);
      Wire server = endpoint.accept().expect(length).send(OK);
      client.expect(OK);
      String chunked =
          "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;long-extension\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n";
      client.send(chunked);
      server.expect(chunked).send(OK);
      client.expect(OK);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 11\r\n\r\n",
        "Content-Length: 11\r\n\r\n0123456789x",
        "Transfer-Encoding: chunked\r\n\r\nb\r\n0123456789x\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nFFFFFF\r\n0123456789x"
      })
  void aLargerBodyIs413(String rest) throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).bodyLimit(10).start(endpoint);
        Wire client = proxy.connect()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\n" + rest);
      assertRefused(client, 413);
      assertThat(endpoint.connections()).isZero();
      assertThat(proxy.log(1).get(0).get("reason").asString()).isEqualTo("body-too-large");
    }
  }

  @Test
  void chunksThatGrowBeyondTheLimitAre413AndTheEndpointSeesABrokenRequest() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).bodyLimit(10).start(endpoint);
        Wire client = proxy.connect()) {
      String begin =
          "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n01234567\r\n";
      client.send(begin);
      Wire server = endpoint.accept().expect(begin);
      client.send("8\r\n01234567\r\n");
      assertRefused(client, 413);
      server.expectGone();
    }
  }

  @Test
  void aBodyThatStopsComingIs408() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).clientTimeouts(LONG, LONG, SHORT).start(endpoint);
        Wire client = proxy.connect()) {
      String part = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n01234";
      client.send(part);
      Wire server = endpoint.accept().expect(part);
      assertRefused(client, 408);
      server.expectGone();
      assertThat(proxy.log(1).get(0).get("reason").asString()).isEqualTo("body-timeout");
    }
  }

  /** An answer with a length ends short of it; one that ends with its connection is reset. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aClientThatTakesNothingIsCutOff(boolean untilClose) throws Exception {
    byte[] body = RawEndpoint.pattern(30_000_000);
    String head =
        "HTTP/1.1 200 OK\r\n" + (untilClose ? "" : "Content-Length: 30000000\r\n") + "\r\n";
    try (RawEndpoint endpoint =
            RawEndpoint.serving(wire -> {
              wire.readHead();
              wire.send(head).send(body);
            });
        TestProxy proxy = Setup.on(transport).clientTimeouts(LONG, LONG, SHORT).start(endpoint);
        Wire client = Wire.narrow(proxy.address().getPort(), 4096)) {
      client.send(GET);
      var record = proxy.log(1).get(0);
      assertThat(record.get("reason").asString()).isEqualTo("body-timeout");
      assertThat(record.get("bytes_out").asLong()).isLessThan(body.length);
      proxy.awaitNoClients();
      proxy.awaitNothingInFlight();
      client.expectReset();
    }
  }

  /** The answer is complete at the proxy, and only its end does not fit into the client. */
  @Test
  void aClientThatLeavesTheEndOfItsAnswerIsCutOff() throws Exception {
    byte[] body = RawEndpoint.pattern(400_000);
    try (RawEndpoint endpoint =
            RawEndpoint.serving(wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 200 OK\r\nContent-Length: 400000\r\n\r\n").send(body);
              wire.expectGone();
            });
        TestProxy proxy = Setup.on(transport).clientTimeouts(LONG, LONG, SHORT).start(endpoint);
        Wire client = Wire.narrow(proxy.address().getPort(), 4096)) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
      proxy.awaitNothingInFlight();
      proxy.awaitNoClients();
    }
  }

  /** However slowly, it takes some: longer than the timeout in all, never that long nothing. */
  @Test
  void aSlowClientGetsItsAnswer() throws Exception {
    byte[] body = RawEndpoint.pattern(12_000_000);
    try (RawEndpoint endpoint =
            RawEndpoint.serving(wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 200 OK\r\nContent-Length: 12000000\r\n\r\n").send(body);
              wire.expectGone();
            });
        TestProxy proxy =
            Setup.on(transport)
                .clientTimeouts(LONG, LONG, Duration.ofMillis(1000))
                .start(endpoint);
        Wire client = Wire.narrow(proxy.address().getPort(), 65536)) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
      client.readHead();
      ByteArrayOutputStream seen = new ByteArrayOutputStream();
      while (seen.size() < body.length) {
        seen.writeBytes(client.bytes(Math.min(1_000_000, body.length - seen.size())));
        LockSupport.parkNanos(200_000_000); // slow is what it is about
      }
      assertThat(seen.toByteArray()).isEqualTo(body);
      client.expectEnd();
    }
  }

  // ---- connections ----

  @Test
  void connectionsBeyondTheLimitWaitAndAreServedLater() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.serving(RawEndpoint.answering(OK));
        TestProxy proxy = Setup.on(transport).maxConnections(2).start(endpoint)) {
      List<Wire> clients = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        clients.add(proxy.connect());
        clients.get(i).send(GET);
      }
      clients.get(0).expect(OK);
      clients.get(1).expect(OK);
      assertThat(proxy.listener().active.value()).isEqualTo(2);
      for (int i = 2; i < 5; i++) {
        clients.get(i).expectNothing();
        clients.get(i - 2).close();
        clients.get(i).expect(OK);
      }
      clients.get(3).close();
      clients.get(4).close();
      proxy.awaitNoClients();
      assertThat(proxy.listener().connections.value()).isEqualTo(5);
    }
  }

  @Test
  void aConnectionEndsWithItsLastRequest() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.serving(RawEndpoint.answering(OK));
        TestProxy proxy = Setup.on(transport).requestsPerConnection(2).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(GET + GET + GET);
      client.expect(OK);
      client.expect("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
      client.expectEnd();
      assertThat(proxy.listener().requests.value()).isEqualTo(2);
    }
  }

  private static void assertRefused(Wire client, int status) throws Exception {
    assertThat(client.readMessage())
        .startsWith("HTTP/1.1 " + status + " ")
        .contains("\r\nConnection: close\r\n");
    client.expectEnd();
  }
}
