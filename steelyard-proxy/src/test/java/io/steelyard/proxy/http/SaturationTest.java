package io.steelyard.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.steelyard.model.BalancerSpec;
import io.steelyard.model.EndpointLimits;
import io.steelyard.model.Limits;
import io.steelyard.model.Retries;
import io.steelyard.model.RetryOn;
import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import io.steelyard.proxy.stats.Reason;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What is refused, and why, when a pool or its endpoints have enough to do. */
@ParameterizedClass
@EnumSource(TransportKind.class)
class SaturationTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final String BUSY = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";
  private static final Duration LONG = Duration.ofMinutes(1);

  private final TransportKind transport;

  SaturationTest(TransportKind transport) {
    this.transport = transport;
  }

  private static void expectRefused(TestProxy proxy, Wire client, String reason) throws Exception {
    Reason wanted =
        Stream.of(Reason.values())
            .filter(one -> one.text().equals(reason))
            .findFirst()
            .orElseThrow();
    long before = proxy.listener().reasons(wanted);
    client.send(GET);
    assertThat(client.readMessage())
        .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
        .contains("\r\nRetry-After: 1\r\n");
    await() // counted when it has been sent
        .pollDelay(Duration.ZERO)
        .untilAsserted(() -> assertThat(proxy.listener().reasons(wanted)).isEqualTo(before + 1));
  }

  @Test
  void aPoolHasNoMoreInFlightThanItMay() throws Exception {
    try (RawEndpoint one = RawEndpoint.open();
        RawEndpoint two = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).limits(Limits.of(2, 0, 0, 0)).start(one, two);
        Wire first = proxy.connect();
        Wire second = proxy.connect();
        Wire third = proxy.connect()) {
      first.send(GET);
      Wire atOne = one.accept().expect(GET);
      second.send(GET);
      two.accept().expect(GET);
      expectRefused(proxy, third, "in-flight-limit");
      atOne.send(OK);
      first.expect(OK);
      proxy.awaitInFlight(1);
      third.send(GET);
      atOne.expect(GET).send(OK);
      third.expect(OK);
      assertThat(proxy.pool().refused.value()).isEqualTo(1);
      assertThat(proxy.pool().noEndpoint.value()).isZero();
    }
  }

  @Test
  void eachEndpointHasNoMoreInFlightThanItMay() throws Exception {
    try (RawEndpoint one = RawEndpoint.open();
        RawEndpoint two = RawEndpoint.open();
        TestProxy proxy =
            Setup.on(transport)
                .limits(
                    Limits.defaults()
                        .withPerEndpoint(new EndpointLimits(1, 0, 0, 0))
                        .withRetryAfter(Duration.ofMillis(700)))
                .start(one, two);
        Wire first = proxy.connect();
        Wire second = proxy.connect();
        Wire third = proxy.connect()) {
      first.send(GET);
      one.accept().expect(GET);
      second.send(GET);
      two.accept().expect(GET);
      expectRefused(proxy, third, "in-flight-limit");
    }
  }

  @Test
  void connectionsAreLimited() throws Exception {
    try (RawEndpoint one = RawEndpoint.open();
        RawEndpoint two = RawEndpoint.open();
        TestProxy proxy =
            Setup.on(transport)
                .limits(Limits.defaults().withPerEndpoint(new EndpointLimits(0, 1, 0, 0)))
                .start(one, two);
        Wire first = proxy.connect();
        Wire second = proxy.connect();
        Wire third = proxy.connect()) {
      first.send(GET);
      Wire atOne = one.accept().expect(GET);
      second.send(GET);
      Wire atTwo = two.accept().expect(GET);
      expectRefused(proxy, third, "connection-limit");
      atOne.send(OK);
      first.expect(OK);
      proxy.awaitInFlight(1);
      third.send(GET); // over the idle connection
      atOne.expect(GET).send(OK);
      third.expect(OK);
      atTwo.send(OK);
      second.expect(OK);
      assertThat(one.connections() + two.connections()).isEqualTo(2);
    }
  }

  @Test
  void thePoolsConnectionsAreLimited() throws Exception {
    try (RawEndpoint one = RawEndpoint.open();
        RawEndpoint two = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).limits(Limits.of(0, 1, 0, 0)).start(one, two);
        Wire first = proxy.connect();
        Wire second = proxy.connect()) {
      first.send(GET);
      Wire server = one.accept().expect(GET);
      expectRefused(proxy, second, "connection-limit");
      server.send(OK);
      first.expect(OK);
      proxy.awaitNothingInFlight();
      second.send(GET);
      server.expect(GET).send(OK);
      second.expect(OK);
      assertThat(one.connections()).isEqualTo(1);
      assertThat(proxy.traffic().connections().value()).isEqualTo(1);
      assertThat(proxy.traffic().connecting().value()).isZero();
      server.end();
      await().untilAsserted(() -> assertThat(proxy.traffic().connections().value()).isZero());
    }
  }

  @Test
  void connectsUnderWayAreLimited() throws Exception {
    try (RawEndpoint silent = RawEndpoint.dropping();
        TestProxy proxy =
            Setup.on(transport)
                .poolTimeouts(LONG, LONG, LONG)
                .limits(Limits.of(0, 0, 1, 0))
                .start(silent);
        Wire first = proxy.connect();
        Wire second = proxy.connect()) {
      first.send(GET);
      await().untilAsserted(() -> assertThat(proxy.traffic().connecting().value()).isEqualTo(1));
      expectRefused(proxy, second, "connecting-limit");
      first.reset();
      proxy.awaitNothingInFlight();
    }
  }

  @Test
  void retriesUnderWayAreLimited() throws Exception {
    try (RawEndpoint busy = RawEndpoint.serving(RawEndpoint.answering(BUSY));
        RawEndpoint slow = RawEndpoint.open();
        TestProxy proxy =
            Setup.on(transport)
                .balancer(BalancerSpec.of("never-queue"))
                .retries(Retries.defaults().withOn(List.of(RetryOn.parse("503"))))
                .limits(Limits.of(0, 0, 0, 1))
                .start(busy, slow);
        Wire first = proxy.connect();
        Wire second = proxy.connect()) {
      first.send(GET);
      Wire atSlow = slow.accept().expect(GET);
      assertThat(proxy.traffic().retries().value()).isEqualTo(1);
      second.send(GET).expect(BUSY);
      assertThat(proxy.pool().retriesDenied.value()).isEqualTo(1);
      atSlow.send(OK);
      first.expect(OK);
      proxy.awaitNothingInFlight();
      assertThat(proxy.traffic().retries().value()).isZero();
    }
  }
}
