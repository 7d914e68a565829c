package io.steelyard.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** How a proxy ends. */
@ParameterizedClass
@EnumSource(TransportKind.class)
class ShutdownTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final String LAST =
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

  private final TransportKind transport;

  ShutdownTest(TransportKind transport) {
    this.transport = transport;
  }

  @Test
  void idleConnectionsEndAtOnceAndRunningRequestsWhenTheyAreAnswered() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy =
            Setup.on(transport)
                .loops(2)
                .connections(0, Duration.ofMinutes(1), Duration.ofMinutes(1))
                .start(endpoint);
        Wire idle = proxy.connect();
        Wire fresh = proxy.connect();
        Wire running = proxy.connect();
        Wire begun = proxy.connect();
        Wire answering = proxy.connect()) {
      idle.send(GET);
      endpoint.accept().expect(GET).send(OK);
      idle.expect(OK);
      running.send(GET);
      Wire runningServer = endpoint.accept().expect(GET);
      answering.send(GET);
      Wire answeringServer =
          endpoint.accept().expect(GET).send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nha");
      answering.expect("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nha");
      begun.send("GET / HTTP/1.1\r\n");
      await()
          .until(() -> proxy.listener().active.value() == 5 && proxy.listener().idle.value() == 2);

      var down = CompletableFuture.supplyAsync(() -> proxy.shutdown(Wire.PATIENCE));
      idle.expectEnd();
      fresh.expectEnd();
      runningServer.send(OK);
      running.expect(LAST).expectEnd();
      running.close();
      answeringServer.send("lf");
      answering.expect("lf").expectEnd(); // its head had gone before the end was near
      answering.close();
      begun.send("Host: a\r\n\r\n");
      endpoint.accept().expect(GET).send(OK);
      begun.expect(LAST).expectEnd();
      begun.close();
      assertThat(down.get()).isZero();
    }
  }

  @Test
  void nobodyIsAcceptedAnyMore() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire running = proxy.connect()) {
      running.send(GET);
      Wire server = endpoint.accept().expect(GET);
      var down = CompletableFuture.supplyAsync(() -> proxy.shutdown(Wire.PATIENCE));
      await().until(() -> !accepts(proxy));
      server.send(OK);
      running.expect(LAST).expectEnd();
      running.close();
      assertThat(down.get()).isZero();
    }
  }

  private static boolean accepts(TestProxy proxy) {
    try (Wire wire = proxy.connect()) {
      return wire.socket().isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void whatDoesNotEndInTimeIsCutOff() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire waiting = proxy.connect();
        Wire sending = proxy.connect();
        Wire tunnel = proxy.connect()) {
      waiting.send(GET);
      endpoint.accept().expect(GET);
      sending.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
      endpoint.accept().readHead();
      tunnel.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n");
      Wire server = endpoint.accept();
      server.readHead();
      server.send("HTTP/1.1 101 S\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n");
      tunnel.readHead();
      assertThat(proxy.shutdown(Duration.ofMillis(200))).isEqualTo(3);
      waiting.expectGone();
      sending.expectGone();
      tunnel.expectGone();
      server.expectGone();
      var log = proxy.log(3);
      assertThat(log)
          .filteredOn(record -> record.get("status").asInt() == 499)
          .hasSize(2)
          .allMatch(record -> record.get("reason").asString().equals("shutdown"));
    }
  }
}
