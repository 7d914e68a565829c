package io.steelyard.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.steelyard.balance.Outcome;
import io.steelyard.model.Hedging;
import io.steelyard.model.Retries;
import io.steelyard.model.RetryBudget;
import io.steelyard.model.RetryOn;
import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A request that waits too long is sent to a second endpoint; the first answer wins. */
@ParameterizedClass
@EnumSource(TransportKind.class)
class HedgingTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String PUT = "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final String SLOW = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow";
  private static final String BUSY = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";
  private static final Duration SOON = Duration.ofMillis(20);

  private final TransportKind transport;

  HedgingTest(TransportKind transport) {
    this.transport = transport;
  }

  @Test
  void theSecondEndpointAnswersWhileTheFirstIsStillAtIt() throws Exception {
    try (RawEndpoint slow = RawEndpoint.open();
        RawEndpoint quick = RawEndpoint.serving(RawEndpoint.answering(OK));
        TestProxy proxy = Setup.on(transport).hedging(Hedging.after(SOON)).start(slow, quick);
        Wire client = proxy.connect()) {
      client.send(GET);
      Wire first = slow.accept().expect(GET);
      client.expect(OK);
      first.expectGone();
      proxy.awaitNothingInFlight();
      assertThat(proxy.state(slow.address()).outcomes(Outcome.CANCELLED)).isEqualTo(1);
      assertThat(proxy.state(quick.address()).outcomes(Outcome.SUCCESS)).isEqualTo(1);
      assertThat(proxy.pool().hedges.value()).isEqualTo(1);
      assertThat(proxy.pool().hedgesWon.value()).isEqualTo(1);
      assertThat(proxy.pool().retries.value()).isZero();
      assertThat(proxy.log(1).get(0).get("endpoint").asString()).isEqualTo(quick.name());
      assertThat(proxy.log(1).get(0).get("attempts").asInt()).isEqualTo(2);
    }
  }

  @Test
  void theFirstMayStillBeFaster() throws Exception {
    try (RawEndpoint slow = RawEndpoint.open();
        RawEndpoint slower = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).hedging(Hedging.after(SOON)).start(slow, slower);
        Wire client = proxy.connect()) {
      client.send(GET);
      Wire first = slow.accept().expect(GET);
      Wire second = slower.accept().expect(GET);
      // neither is known to be the one: what is not an answer yet is not passed on
      second.send("HTTP/1.1 103 E\r\n\r\n");
      first.send(SLOW);
      client.expect(SLOW);
      second.expectGone();
      assertThat(proxy.pool().hedges.value()).isEqualTo(1);
      assertThat(proxy.pool().hedgesWon.value()).isZero();
      assertThat(proxy.state(slower.address()).outcomes(Outcome.CANCELLED)).isEqualTo(1);
    }
  }

  @Test
  void whoeverFailsLeavesItToTheOther() throws Exception {
    try (RawEndpoint one = RawEndpoint.open();
        RawEndpoint two = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).hedging(Hedging.after(SOON)).start(one, two);
        Wire client = proxy.connect()) {
      client.send(GET);
      Wire first = one.accept().expect(GET);
      Wire second = two.accept().expect(GET);
      first.end();
      second.send(OK);
      client.expect(OK);
      client.send(GET);
      // one way or the other round
      Wire third = one.accept().expect(GET);
      second.expect(GET).end();
      third.send(OK);
      client.expect(OK);
      assertThat(proxy.pool().retries.value()).isZero();
      assertThat(proxy.pool().hedges.value()).isEqualTo(2);
    }
  }

  @Test
  void bothMayFail() throws Exception {
    try (RawEndpoint one = RawEndpoint.open();
        RawEndpoint two = RawEndpoint.open();
        TestProxy proxy =
            Setup.on(transport).retries(0).hedging(Hedging.after(SOON)).start(one, two);
        Wire client = proxy.connect()) {
      client.send(GET);
      Wire first = one.accept().expect(GET);
      Wire second = two.accept().expect(GET);
      second.end();
      first.end();
      assertThat(client.readMessage()).startsWith("HTTP/1.1 502 ");
      assertThat(proxy.log(1).get(0).get("reason").asString()).isEqualTo("endpoint-closed");
    }
  }

  @Test
  void anAnswerThatWouldBeRetriedWaitsForTheOther() throws Exception {
    try (RawEndpoint one = RawEndpoint.open();
        RawEndpoint two = RawEndpoint.open();
        TestProxy proxy =
            Setup.on(transport)
                .retries(Retries.defaults().withOn(List.of(RetryOn.parse("503"))))
                .hedging(Hedging.after(SOON))
                .start(one, two);
        Wire client = proxy.connect()) {
      client.send(GET);
      Wire first = one.accept().expect(GET);
      Wire second = two.accept().expect(GET);
      first.send(BUSY);
      second.send(OK);
      client.expect(OK);
      assertThat(proxy.pool().retries.value()).isZero();
    }
  }

  @Test
  void whatChangesSomethingIsNotHedged() throws Exception {
    try (RawEndpoint slow = RawEndpoint.open();
        RawEndpoint quick = RawEndpoint.serving(RawEndpoint.answering(OK));
        TestProxy proxy =
            Setup.on(transport).hedging(Hedging.after(Duration.ofMillis(1))).start(slow, quick);
        Wire client = proxy.connect();
        Wire other = proxy.connect()) {
      client.send(PUT);
      Wire first = slow.accept().expect(PUT);
      long sent = System.nanoTime();
      await().until(() -> System.nanoTime() - sent > 50_000_000);
      other.send(PUT).expect(OK); // the timers ran meanwhile
      assertThat(quick.connections()).isEqualTo(1);
      first.send(SLOW);
      client.expect(SLOW);
      assertThat(proxy.pool().hedges.value()).isZero();
    }
  }

  @Test
  void withoutBudgetThereAreNone() throws Exception {
    try (RawEndpoint slow = RawEndpoint.open();
        RawEndpoint quick = RawEndpoint.serving(RawEndpoint.answering(OK));
        TestProxy proxy =
            Setup.on(transport)
                .retries(Retries.defaults().withBudget(new RetryBudget(0, 0)))
                .hedging(Hedging.after(SOON))
                .start(slow, quick);
        Wire client = proxy.connect()) {
      client.send(GET);
      Wire first = slow.accept().expect(GET);
      await().untilAsserted(() -> assertThat(proxy.pool().retriesDenied.value()).isEqualTo(1));
      first.send(SLOW);
      client.expect(SLOW);
      assertThat(proxy.pool().hedges.value()).isZero();
    }
  }

  @Test
  void aClientThatLeavesEndsBoth() throws Exception {
    try (RawEndpoint one = RawEndpoint.open();
        RawEndpoint two = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).hedging(Hedging.after(SOON)).start(one, two)) {
      Wire client = proxy.connect();
      client.send(GET);
      Wire first = one.accept().expect(GET);
      Wire second = two.accept().expect(GET);
      client.reset();
      first.expectGone();
      second.expectGone();
      proxy.awaitNothingInFlight();
    }
  }

  /** Learns how long answers take, then hedges those that take longer. */
  @Test
  void thePercentileIsMeasured() throws Exception {
    RawEndpoint.Handler handler =
        wire -> {
          for (String head = wire.readHead(); !head.isEmpty(); head = wire.readHead()) {
            if (head.startsWith("GET /hang")) {
              wire.expectGone();
              return;
            }
            wire.send(OK);
          }
        };
    try (RawEndpoint one = RawEndpoint.serving(handler);
        RawEndpoint two = RawEndpoint.serving(RawEndpoint.answering(OK));
        TestProxy proxy =
            Setup.on(transport)
                .retries(Retries.defaults().withBudget(new RetryBudget(100, 1000)))
                .hedging(Hedging.percentile(99))
                .start(one, two);
        Wire client = proxy.connect()) {
      for (int i = 0; i < 250; i++) {
        client.send(GET).expect(OK);
      }
      String hang = GET.replace("GET /", "GET /hang");
      client.send(hang).expect(OK).send(hang).expect(OK);
      assertThat(proxy.pool().hedgesWon.value()).isPositive();
    }
  }
}
