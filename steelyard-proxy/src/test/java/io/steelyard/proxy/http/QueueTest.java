package io.steelyard.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.steelyard.model.Address;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.Configuration;
import io.steelyard.model.EndpointLimits;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.Limits;
import io.steelyard.model.Listener;
import io.steelyard.model.Match;
import io.steelyard.model.Pool;
import io.steelyard.model.QueueClass;
import io.steelyard.model.QueueSpec;
import io.steelyard.model.Route;
import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that wait until a pool has room. */
@ParameterizedClass
@EnumSource(TransportKind.class)
class QueueTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Limits ONE = Limits.of(1, 0, 0, 0);

  private final TransportKind transport;

  QueueTest(TransportKind transport) {
    this.transport = transport;
  }

  private static void awaitWaiting(TestProxy proxy, int count) {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .untilAsserted(() -> assertThat(proxy.pool().waiting.value()).isEqualTo(count));
  }

  private static String get(int number) {
    return GET.replace("GET /", "GET /" + number);
  }

  @Test
  void firstComeFirstServed() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy =
            Setup.on(transport).limits(ONE).queue(QueueSpec.of(10, LONG)).start(endpoint)) {
      List<Wire> clients = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        clients.add(proxy.connect().send(get(i)));
        awaitWaiting(proxy, i);
      }
      Wire server = endpoint.accept();
      for (int i = 0; i < 5; i++) {
        server.expect(get(i)).send(OK);
        clients.get(i).expect(OK);
      }
      assertThat(proxy.pool().waited.value()).isEqualTo(4);
      assertThat(proxy.pool().queueTime.latencies().count()).isEqualTo(4);
      assertThat(proxy.pool().waiting.value()).isZero();
      for (Wire client : clients) {
        client.close();
      }
    }
  }

  /** The limits that count are those of the endpoints that there are by then. */
  @Test
  void whoWaitsIsServedByAnEndpointThatCame() throws Exception {
    Limits one = Limits.defaults().withPerEndpoint(new EndpointLimits(0, 1, 0, 0));
    try (RawEndpoint busy = RawEndpoint.open();
        RawEndpoint fresh = RawEndpoint.serving(RawEndpoint.answering(OK));
        TestProxy proxy =
            Setup.on(transport).limits(one).queue(QueueSpec.of(10, LONG)).start(busy);
        Wire first = proxy.connect().send(GET);
        Wire second = proxy.connect()) {
      Wire server = busy.accept().expect(GET);
      second.send(GET);
      awaitWaiting(proxy, 1);
      proxy.members(busy.address(), fresh.address());
      second.expect(OK);
      server.send(OK);
      first.expect(OK);
    }
  }

  @Test
  void aFullQueueIs503() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy =
            Setup.on(transport).limits(ONE).queue(QueueSpec.of(1, LONG)).start(endpoint);
        Wire first = proxy.connect();
        Wire second = proxy.connect();
        Wire third = proxy.connect()) {
      first.send(GET);
      Wire server = endpoint.accept().expect(GET);
      second.send(GET);
      awaitWaiting(proxy, 1);
      third.send(GET);
      assertThat(third.readMessage())
          .startsWith("HTTP/1.1 503 ")
          .contains("\r\nRetry-After: 1\r\n");
      assertThat(proxy.log(1).get(0).get("reason").asString()).isEqualTo("queue-full");
      server.send(OK).expect(GET).send(OK);
      first.expect(OK);
      second.expect(OK);
    }
  }

  @Test
  void nobodyWaitsLongerThanTheTimeout() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy =
            Setup.on(transport)
                .limits(ONE)
                .queue(QueueSpec.of(10, Duration.ofMillis(50)))
                .start(endpoint);
        Wire first = proxy.connect();
        Wire second = proxy.connect()) {
      first.send(GET);
      Wire server = endpoint.accept().expect(GET);
      second.send(GET);
      assertThat(second.readMessage())
          .startsWith("HTTP/1.1 503 ")
          .contains("\r\nRetry-After: 1\r\n");
      var record = proxy.log(1).get(0);
      assertThat(record.get("reason").asString()).isEqualTo("queue-timeout");
      assertThat(record.get("attempts").asInt()).isZero();
      assertThat(record.get("duration_ms").asDouble()).isBetween(50.0, 5000.0);
      assertThat(proxy.pool().waitTimeouts.value()).isEqualTo(1);
      server.send(OK);
      first.expect(OK);
      second.send(GET);
      server.expect(GET).send(OK);
      second.expect(OK);
    }
  }

  @Test
  void aClientThatLeavesGivesItsPlaceUp() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy =
            Setup.on(transport).limits(ONE).queue(QueueSpec.of(1, LONG)).start(endpoint);
        Wire first = proxy.connect();
        Wire third = proxy.connect()) {
      first.send(GET);
      Wire server = endpoint.accept().expect(GET);
      Wire second = proxy.connect().send(GET);
      awaitWaiting(proxy, 1);
      second.reset();
      awaitWaiting(proxy, 0);
      third.send(get(3));
      awaitWaiting(proxy, 1);
      server.send(OK).expect(get(3)).send(OK);
      first.expect(OK);
      third.expect(OK);
    }
  }

  /** A body is taken while its request waits, up to what is held; then it waits, too. */
  @Test
  void aLongBodyWaitsWithItsRequest() throws Exception {
    byte[] body = RawEndpoint.pattern(1_000_000);
    String head = "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length + "\r\n\r\n";
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy =
            Setup.on(transport).limits(ONE).queue(QueueSpec.of(1, LONG)).start(endpoint);
        Wire first = proxy.connect();
        Wire second = proxy.connect()) {
      first.send(GET);
      Wire server = endpoint.accept().expect(GET);
      Thread sending =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  second.send(head).send(body);
                } catch (java.io.IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      awaitWaiting(proxy, 1);
      server.send(OK).expect(head);
      assertThat(server.bytes(body.length)).isEqualTo(body);
      server.send(OK);
      second.expect(OK);
      sending.join();
    }
  }

  @Test
  void theFirstClassGoesFirst() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.start(classes(endpoint, QueueSpec.Order.STRICT, LONG))) {
      List<String> order = saturate(proxy, endpoint, 6);
      assertThat(order)
          .containsExactly("/fast/1", "/fast/3", "/fast/5", "/slow/0", "/slow/2", "/slow/4");
    }
  }

  @Test
  void weightsAreShares() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.start(classes(endpoint, QueueSpec.Order.WEIGHTED, LONG))) {
      List<String> order = saturate(proxy, endpoint, 16);
      long fast = order.subList(0, 8).stream().filter(path -> path.startsWith("/fast")).count();
      assertThat(fast).isEqualTo(6); // 3 to 1
    }
  }

  /** Whoever has waited for long enough goes before those who have not, whatever the class. */
  @Test
  void nobodyStarves() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy =
            Setup.start(classes(endpoint, QueueSpec.Order.STRICT, Duration.ofMillis(2)))) {
      long start = System.nanoTime();
      List<String> order =
          saturate(
              proxy,
              endpoint,
              6,
              () -> await().until(() -> System.nanoTime() - start > 50_000_000));
      assertThat(order)
          .containsExactly("/slow/0", "/fast/1", "/slow/2", "/fast/3", "/slow/4", "/fast/5");
    }
  }

  private Configuration classes(RawEndpoint endpoint, QueueSpec.Order order, Duration fairAfter) {
    QueueSpec queue =
        new QueueSpec(
            100,
            LONG,
            List.of(new QueueClass("fast", 3), new QueueClass("slow", 1)),
            order,
            fairAfter);
    Pool pool =
        Pool.of(BalancerSpec.of("round-robin"), List.of(EndpointSpec.of(endpoint.address())))
            .withLimits(ONE)
            .withQueue(queue);
    Listener listener =
        Listener.http(
            new Address("127.0.0.1", 0),
            List.of(
                new Route(new Match(null, "/fast/"), "site", null, "fast"),
                new Route(null, "site")));
    return Configuration.of(Map.of("web", listener), Map.of("site", pool)).withTransport(transport);
  }

  private static List<String> saturate(TestProxy proxy, RawEndpoint endpoint, int count)
      throws Exception {
    return saturate(proxy, endpoint, count, () -> {});
  }

  /** Lets requests of both classes wait behind another; returns the order in which they come. */
  private static List<String> saturate(
      TestProxy proxy, RawEndpoint endpoint, int count, Runnable meanwhile) throws Exception {
    List<Wire> clients = new ArrayList<>();
    clients.add(proxy.connect().send(GET));
    Wire server = endpoint.accept();
    server.readHead();
    for (int i = 0; i < count; i++) {
      String path = (i % 2 == 0 ? "/slow/" : "/fast/") + i;
      clients.add(proxy.connect().send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n"));
      awaitWaiting(proxy, i + 1);
    }
    meanwhile.run();
    List<String> order = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      server.send(OK);
      order.add(server.readHead().split(" ", -1)[1]);
    }
    server.send(OK);
    for (Wire client : clients) {
      client.expect(OK).close();
    }
    return order;
  }

  /**
   * Whatever loop a client is on, it gets its turn when there is room; and there is never more in
   * flight than there may be.
   */
  @ParameterizedTest
  @ValueSource(strings = {"in-flight", "per-endpoint", "connections"})
  void everyLoopGetsItsTurn(String kind) throws Exception {
    Limits limits =
        switch (kind) {
          case "in-flight" -> Limits.of(3, 0, 0, 0);
          case "per-endpoint" -> Limits.defaults().withPerEndpoint(new EndpointLimits(2, 0, 0, 0));
          default -> Limits.of(0, 3, 0, 0);
        };
    int most = kind.equals("in-flight") ? 3 : 4; // a loop may open one connection too many
    AtomicInteger atWork = new AtomicInteger();
    AtomicInteger peak = new AtomicInteger();
    RawEndpoint.Handler handler =
        wire -> {
          while (!wire.readHead().isEmpty()) {
            peak.accumulateAndGet(atWork.incrementAndGet(), Math::max);
            LockSupport.parkNanos(500_000);
            atWork.decrementAndGet();
            wire.send(OK);
          }
        };
    try (RawEndpoint one = RawEndpoint.serving(handler);
        RawEndpoint two = RawEndpoint.serving(handler);
        TestProxy proxy =
            Setup.on(transport)
                .loops(2)
                .limits(limits)
                .queue(QueueSpec.of(100, Duration.ofSeconds(20)))
                .start(one, two)) {
      AtomicInteger answered = new AtomicInteger();
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        clients.add(
            Thread.ofVirtual()
                .start(() -> {
                  try (Wire client = proxy.connect()) {
                    for (int request = 0; request < 40; request++) {
                      client.send(GET).expect(OK);
                      answered.incrementAndGet();
                    }
                  } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  }
                }));
      }
      for (Thread client : clients) {
        client.join();
      }
      assertThat(answered.get()).isEqualTo(16 * 40);
      assertThat(peak.get()).isLessThanOrEqualTo(most);
      assertThat(proxy.pool().waited.value()).isPositive();
      assertThat(proxy.pool().waitTimeouts.value()).isZero();
    }
  }
}
