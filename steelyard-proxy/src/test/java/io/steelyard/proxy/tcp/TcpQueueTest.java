package io.steelyard.proxy.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.steelyard.model.EndpointLimits;
import io.steelyard.model.Limits;
import io.steelyard.model.QueueSpec;
import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import io.steelyard.proxy.stats.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections of which a pool has enough: they wait, or are refused. */
@ParameterizedClass
@EnumSource(TransportKind.class)
class TcpQueueTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  /** One connection in flight, in the whole pool. */
  private static final Limits ONE = Limits.of(1, 0, 0, 0);

  private final TransportKind transport;

  TcpQueueTest(TransportKind transport) {
    this.transport = transport;
  }

  private Setup tcp(Limits limits) {
    return Setup.on(transport).tcp().limits(limits);
  }

  private static void awaitWaiting(TestProxy proxy, int count) {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .atMost(Wire.PATIENCE)
        .untilAsserted(() -> assertThat(proxy.pool().waiting.value()).isEqualTo(count));
  }

  @Test
  void whoWaitsIsServedInOrderWithAllThatWasSaidMeanwhile() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = tcp(ONE).queue(QueueSpec.of(10, LONG)).start(endpoint)) {
      List<Wire> clients = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        clients.add(proxy.connect().send("I am " + i));
        awaitWaiting(proxy, i);
      }
      clients.get(3).finish();
      for (int i = 0; i < 4; i++) {
        try (Wire server = endpoint.accept()) {
          server.expect("I am " + i);
        }
        clients.get(i).expectEnd().end();
      }
      proxy.awaitNoClients();
      assertThat(proxy.pool().waited.value()).isEqualTo(3);
      assertThat(proxy.pool().queueTime.latencies().count()).isEqualTo(3);
      assertThat(proxy.pool().waiting.value()).isZero();
    }
  }

  @Test
  void noneWaitsWhereTheQueueIsFullOrForLongerThanItsTimeout() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = tcp(ONE).queue(QueueSpec.of(1, Duration.ofMillis(500))).start(endpoint);
        Wire first = proxy.connect();
        Wire server = endpoint.accept();
        Wire second = proxy.connect()) {
      awaitWaiting(proxy, 1);
      try (Wire third = proxy.connect()) {
        third.expectReset();
      }
      second.expectReset();
      awaitWaiting(proxy, 0);
      assertThat(proxy.listener().reasons(Reason.QUEUE_FULL)).isEqualTo(1);
      assertThat(proxy.listener().reasons(Reason.QUEUE_TIMEOUT)).isEqualTo(1);
      assertThat(proxy.pool().waitTimeouts.value()).isEqualTo(1);
      assertThat(proxy.pool().refused.value()).isEqualTo(2);
      first.send("still here");
      server.expect("still here");
    }
  }

  @Test
  void aClientThatLeavesGivesItsPlaceUp() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = tcp(ONE).queue(QueueSpec.of(1, LONG)).start(endpoint);
        Wire first = proxy.connect();
        Wire server = endpoint.accept()) {
      Wire leaving = proxy.connect().send("never mind");
      awaitWaiting(proxy, 1);
      leaving.reset();
      awaitWaiting(proxy, 0);
      try (Wire second = proxy.connect().send("and I?")) {
        awaitWaiting(proxy, 1);
        server.end();
        first.expectEnd().end();
        try (Wire next = endpoint.accept()) {
          next.expect("and I?");
        }
        second.expectEnd();
      }
    }
  }

  /** The limits of connections, of the pool and of an endpoint. */
  @Test
  void connectionsAreLimited() throws Exception {
    Limits two = Limits.of(0, 2, 0, 0);
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = tcp(two).start(endpoint);
        Wire first = proxy.connect();
        Wire second = proxy.connect();
        Wire a = endpoint.accept();
        Wire b = endpoint.accept()) {
      try (Wire third = proxy.connect()) {
        third.expectReset();
      }
      assertThat(proxy.listener().reasons(Reason.CONNECTION_LIMIT)).isEqualTo(1);
      first.end();
      second.end();
      a.expectEnd().end();
      b.expectEnd().end();
      await()
          .atMost(Wire.PATIENCE)
          .untilAsserted(() -> assertThat(proxy.traffic().connections().value()).isZero());
      try (Wire again = proxy.connect().send("x");
          Wire server = endpoint.accept()) {
        server.expect("x");
      }
    }
  }

  @Test
  void anEndpointWithEnoughIsPassedOver() throws Exception {
    Limits each = Limits.defaults().withPerEndpoint(new EndpointLimits(0, 1, 0, 0));
    try (RawEndpoint one = RawEndpoint.open();
        RawEndpoint other = RawEndpoint.open();
        TestProxy proxy = tcp(each).queue(QueueSpec.of(5, LONG)).start(one, other);
        Wire first = proxy.connect();
        Wire a = one.accept();
        Wire second = proxy.connect();
        Wire b = other.accept();
        Wire third = proxy.connect().send("third")) {
      awaitWaiting(proxy, 1);
      b.end();
      second.expectEnd().end();
      try (Wire c = other.accept()) {
        c.expect("third");
      }
      third.expectEnd();
      first.send("x");
      a.expect("x");
    }
  }

  /** Attempts that follow failed ones are limited while they are attempts. */
  @Test
  void repeatedAttemptsAreLimited() throws Exception {
    Limits one = Limits.of(0, 0, 0, 1);
    var refusing = RawEndpoint.refusing();
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = tcp(one).retries(1).start(refusing, endpoint.address())) {
      List<Wire> clients = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        clients.add(proxy.connect().send("x"));
        endpoint.accept().expect("x");
      }
      assertThat(proxy.pool().retries.value()).isPositive();
      assertThat(proxy.traffic().retries().value()).isZero();
      for (Wire client : clients) {
        client.end();
      }
    }
  }
}
