package io.steelyard.proxy.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.steelyard.balance.Outcome;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import io.steelyard.proxy.stats.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections of any protocol: which endpoint they come to, what passes, how they end. */
@ParameterizedClass
@EnumSource(TransportKind.class)
class TcpPassageTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final TransportKind transport;

  TcpPassageTest(TransportKind transport) {
    this.transport = transport;
  }

  private Setup tcp() {
    return Setup.on(transport).tcp();
  }

  @Test
  void bytesPassBothWaysAndEachSideEndsForItself() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = tcp().start(endpoint);
        Wire client = proxy.connect()) {
      Wire server = endpoint.accept();
      client.send("ping");
      server.expect("ping").send("pong");
      client.expect("pong").finish();
      server.expectEnd().send("last words");
      client.expect("last words");
      server.end();
      client.expectEnd();
      proxy.awaitNoClients();

      var record = proxy.log(1).get(0);
      assertThat(record.get("listener").asString()).isEqualTo("web");
      assertThat(record.get("client").asString()).isEqualTo("127.0.0.1");
      assertThat(record.get("method").isNull()).isTrue();
      assertThat(record.get("status").isNull()).isTrue();
      assertThat(record.get("reason").isNull()).isTrue();
      assertThat(record.get("bytes_in").asInt()).isEqualTo(4);
      assertThat(record.get("bytes_out").asInt()).isEqualTo(14);
      assertThat(record.get("pool").asString()).isEqualTo("site");
      assertThat(record.get("endpoint").asString()).isEqualTo(endpoint.name());
      assertThat(record.get("attempts").asInt()).isEqualTo(1);
      assertThat(record.get("connect_ms").asDouble()).isNotNegative();
      assertThat(record.get("first_byte_ms").asDouble()).isNotNegative();
      assertThat(proxy.listener().connections.value()).isEqualTo(1);
      assertThat(proxy.listener().requests.value()).isEqualTo(1);
      assertThat(proxy.listener().bytesIn.value()).isEqualTo(4);
      assertThat(proxy.listener().bytesOut.value()).isEqualTo(14);
      assertThat(proxy.endpoint(endpoint).requests.value()).isEqualTo(1);
      assertThat(proxy.endpoint(endpoint).bytesSent.value()).isEqualTo(4);
      assertThat(proxy.endpoint(endpoint).bytesReceived.value()).isEqualTo(14);
      assertThat(proxy.endpoint(endpoint).latency.latencies().count()).isEqualTo(1);
      assertThat(proxy.state(endpoint.address()).outcomes(Outcome.SUCCESS)).isEqualTo(1);
    }
  }

  @Test
  void theEndpointMaySpeakFirst() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = tcp().start(endpoint);
        Wire client = proxy.connect()) {
      Wire server = endpoint.accept().send("220 ready\r\n");
      client.expect("220 ready\r\n").send("QUIT\r\n");
      server.expect("QUIT\r\n").finish();
      client.expectEnd().send("and yet");
      server.expect("and yet");
      client.finish();
      server.expectEnd();
    }
  }

  @Test
  void whatTheClientSaysBeforeTheEndpointIsThereIsNotLost() throws Exception {
    byte[] early = RawEndpoint.pattern(300_000);
    try (RawEndpoint silent = RawEndpoint.dropping();
        RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy =
            tcp().poolTimeouts(Duration.ofMillis(300), LONG, LONG).start(silent, endpoint);
        Wire client = proxy.connect()) {
      client.send(early).finish();
      Wire server = endpoint.accept();
      assertThat(server.bytes(early.length)).isEqualTo(early);
      server.expectEnd().send("thanks");
      server.end();
      client.expect("thanks").expectEnd();
      proxy.awaitNoClients();
      var record = proxy.log(1).get(0);
      assertThat(record.get("attempts").asInt()).isEqualTo(2);
      assertThat(record.get("reason").isNull()).isTrue();
      assertThat(proxy.endpoint(silent).connectTimeouts.value()).isEqualTo(1);
      assertThat(proxy.endpoint(silent).retries.value()).isEqualTo(1);
      assertThat(proxy.pool().retries.value()).isEqualTo(1);
      assertThat(proxy.state(silent.address()).outcomes(Outcome.CONNECT_TIMEOUT)).isEqualTo(1);
    }
  }

  @Test
  void anEndpointThatRefusesIsFollowedByAnother() throws Exception {
    var refusing = RawEndpoint.refusing();
    try (RawEndpoint endpoint = RawEndpoint.serving(wire -> wire.send("hello"));
        TestProxy proxy = tcp().start(refusing, endpoint.address())) {
      for (int i = 0; i < 4; i++) {
        try (Wire client = proxy.connect()) {
          client.expect("hello").expectEnd();
        }
      }
      proxy.awaitNoClients();
      // the attempt that follows takes the turn that would have been the next client's
      assertThat(proxy.pool().retries.value()).isEqualTo(4);
      assertThat(proxy.state(refusing).outcomes(Outcome.CONNECT_FAILED)).isEqualTo(4);
      assertThat(proxy.listener().reasons(Reason.CONNECT_REFUSED)).isZero();
    }
  }

  @Test
  void whereNobodyAcceptsTheClientIsReset() throws Exception {
    try (TestProxy proxy = tcp().start(RawEndpoint.refusing(), RawEndpoint.refusing())) {
      try (Wire client = proxy.connect()) {
        client.expectGone();
      }
      proxy.awaitNoClients();
      var record = proxy.log(1).get(0);
      assertThat(record.get("reason").asString()).isEqualTo("connect-refused");
      assertThat(record.get("attempts").asInt()).isEqualTo(2);
      assertThat(proxy.listener().reasons(Reason.CONNECT_REFUSED)).isEqualTo(1);

      proxy.ready();
      await()
          .untilAsserted(() -> {
            try (Wire client = proxy.connect()) {
              client.expectGone();
            }
            assertThat(proxy.listener().reasons(Reason.NO_ENDPOINT)).isPositive();
          });
      assertThat(proxy.pool().noEndpoint.value()).isPositive();
    }
  }

  @Test
  void aClientThatLeavesBeforeItsEndpointIsThereLeavesNothing() throws Exception {
    try (RawEndpoint silent = RawEndpoint.dropping();
        TestProxy proxy = tcp().poolTimeouts(LONG, LONG, LONG).start(silent)) {
      Wire client = proxy.connect();
      await().until(() -> proxy.inFlight() == 1);
      client.reset();
      proxy.awaitNoClients();
      proxy.awaitNothingInFlight();
      assertThat(proxy.log(1).get(0).get("reason").asString())
          .isIn("client-reset", "client-closed");
    }
  }

  @Test
  void aResetPassesThrough() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = tcp().start(endpoint)) {
      Wire client = proxy.connect().send("half of someth");
      Wire server = endpoint.accept().expect("half of someth");
      client.reset();
      server.expectReset();
      assertThat(proxy.log(1).get(0).get("reason").asString()).isEqualTo("client-reset");
      assertThat(proxy.state(endpoint.address()).outcomes(Outcome.CANCELLED)).isEqualTo(1);

      try (Wire second = proxy.connect().send("a")) {
        Wire other = endpoint.accept().expect("a").send("half of an ans");
        second.expect("half of an ans");
        other.reset();
        second.expectReset();
      }
      assertThat(proxy.log(2).get(1).get("reason").asString()).isEqualTo("endpoint-reset");
      assertThat(proxy.endpoint(endpoint).resets.value()).isEqualTo(1);
      assertThat(proxy.state(endpoint.address()).outcomes(Outcome.RESET)).isEqualTo(1);
    }
  }

  @Test
  void anEndpointThatHangsUpWithoutAWordHasFailed() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = tcp().start(endpoint);
        Wire client = proxy.connect().send("hello?")) {
      endpoint.accept().expect("hello?").end();
      client.expectEnd();
      client.end();
      proxy.awaitNoClients();
      assertThat(proxy.log(1).get(0).get("reason").asString()).isEqualTo("endpoint-closed");
      assertThat(proxy.state(endpoint.address()).outcomes(Outcome.RESET)).isEqualTo(1);
    }
  }

  @Test
  void aConnectionThatCarriesNothingIsEnded() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = tcp().tunnelTimeout(Duration.ofMillis(200)).start(endpoint);
        Wire client = proxy.connect()) {
      Wire server = endpoint.accept();
      client.expectGone();
      server.expectGone();
      assertThat(proxy.log(1).get(0).get("reason").asString()).isEqualTo("idle-timeout");
    }
  }

  @Test
  void connectionsBeyondTheLimitWait() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.serving(wire -> wire.send(wire.read(1)).expectEnd());
        TestProxy proxy = tcp().maxConnections(2).start(endpoint)) {
      List<Wire> clients = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        clients.add(proxy.connect().send("x"));
      }
      for (Wire client : clients) {
        client.expect("x");
        client.end();
      }
      assertThat(endpoint.connections()).isEqualTo(5);
      assertThat(proxy.listener().connections.value()).isEqualTo(5);
    }
  }

  @Test
  void aSourceHashKeepsAClientWhereItIs() throws Exception {
    try (RawEndpoint a = RawEndpoint.serving(wire -> wire.send("a"));
        RawEndpoint b = RawEndpoint.serving(wire -> wire.send("b"));
        RawEndpoint c = RawEndpoint.serving(wire -> wire.send("c"));
        TestProxy proxy = tcp().balancer(BalancerSpec.of("source-hash")).start(a, b, c)) {
      Set<String> seen = new HashSet<>();
      for (int i = 0; i < 6; i++) {
        try (Wire client = proxy.connect()) {
          seen.add(client.read(1));
        }
      }
      assertThat(seen).hasSize(1);
    }
  }

  @Test
  void aStopLetsConnectionsEnd() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = tcp().start(endpoint);
        Wire client = proxy.connect()) {
      Wire server = endpoint.accept();
      Thread stop = Thread.ofVirtual().start(() -> proxy.shutdown(LONG));
      await().until(() -> refuses(proxy));
      client.send("still here");
      server.expect("still here").send("so am I");
      client.expect("so am I").end();
      server.expectEnd().end();
      stop.join();
    }
  }

  @Test
  void aStopThatHasNoPatienceCutsThemOff() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = tcp().start(endpoint);
        Wire client = proxy.connect()) {
      Wire server = endpoint.accept();
      assertThat(proxy.shutdown(Duration.ZERO)).isEqualTo(1);
      client.expectGone();
      server.expectGone();
      assertThat(proxy.log(1).get(0).get("reason").asString()).isEqualTo("shutdown");
    }
  }

  private static boolean refuses(TestProxy proxy) {
    try (Wire late = proxy.connect()) {
      return false;
    } catch (java.io.IOException e) {
      return true;
    }
  }
}
