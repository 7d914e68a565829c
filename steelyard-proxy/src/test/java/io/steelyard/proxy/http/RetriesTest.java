package io.steelyard.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.Outcome;
import io.steelyard.model.ByteSize;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is tried again, what is not, and how often. */
@ParameterizedClass
@EnumSource(TransportKind.class)
class RetriesTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi";
  private static final String PUT = "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final String BUSY =
      "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\nX-From: endpoint\r\n\r\nbusy";
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(100);

  private final TransportKind transport;

  RetriesTest(TransportKind transport) {
    this.transport = transport;
  }

  private static Retries on(String... words) {
    return Retries.defaults().withOn(Stream.of(words).map(RetryOn::parse).toList());
  }

  @Test
  void anAnswerOfThatStatusIsFollowedByAnotherAttempt() throws Exception {
    try (RawEndpoint busy = RawEndpoint.serving(RawEndpoint.answering(BUSY));
        RawEndpoint well = RawEndpoint.serving(RawEndpoint.answering(OK));
        TestProxy proxy = Setup.on(transport).retries(on("502-504")).start(busy, well);
        Wire client = proxy.connect()) {
      for (int i = 0; i < 6; i++) {
        client.send(GET).expect(OK);
      }
      long retries = proxy.pool().retries.value();
      assertThat(retries).isBetween(3L, 6L);
      assertThat(proxy.endpoint(busy).retries.value()).isEqualTo(retries);
      assertThat(proxy.state(busy.address()).outcomes(Outcome.ERROR_ANSWER)).isEqualTo(retries);
      assertThat(busy.connections()).as("the connection is kept").isEqualTo(1);
      assertThat(proxy.log(1).get(0).get("attempts").asInt()).isEqualTo(2);
      assertThat(proxy.log(1).get(0).get("status").asInt()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"chunked", "long", "close"})
  void whateverIsLeftOfTheAnswerIsNotWaitedFor(String kind) throws Exception {
    String answer =
        switch (kind) {
          case "chunked" -> "HTTP/1.1 503 B\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n";
          case "long" -> "HTTP/1.1 503 B\r\nContent-Length: 100000\r\n\r\nabc";
          default -> "HTTP/1.1 503 B\r\n\r\nabc";
        };
    try (RawEndpoint busy = RawEndpoint.open();
        RawEndpoint well = RawEndpoint.serving(RawEndpoint.answering(OK));
        TestProxy proxy = Setup.on(transport).retries(on("503")).start(busy, well);
        Wire client = proxy.connect()) {
      client.send(GET);
      busy.accept().expect(GET).send(answer).expectGone();
      client.expect(OK);
    }
  }

  @Test
  void theLastAnswerIsPassedOn() throws Exception {
    try (RawEndpoint one = RawEndpoint.serving(RawEndpoint.answering(BUSY));
        RawEndpoint two = RawEndpoint.serving(RawEndpoint.answering(BUSY));
        TestProxy proxy = Setup.on(transport).retries(on("503")).start(one, two);
        Wire client = proxy.connect()) {
      client.send(GET).expect(BUSY);
      assertThat(proxy.log(1).get(0).get("attempts").asInt()).isEqualTo(2);
    }
  }

  @Test
  void otherStatusesArePassedOn() throws Exception {
    try (RawEndpoint one = RawEndpoint.serving(RawEndpoint.answering(BUSY));
        RawEndpoint two = RawEndpoint.serving(RawEndpoint.answering(BUSY));
        TestProxy proxy = Setup.on(transport).retries(on("500-502", "504")).start(one, two);
        Wire client = proxy.connect()) {
      client.send(GET).expect(BUSY);
      assertThat(proxy.pool().retries.value()).isZero();
    }
  }

  @Test
  void aPostIsNotRepeatedWhateverTheStatus() throws Exception {
    try (RawEndpoint busy = RawEndpoint.open();
        RawEndpoint well = RawEndpoint.serving(RawEndpoint.answering(OK));
        TestProxy proxy = Setup.on(transport).retries(on("503", "reset")).start(busy, well);
        Wire client = proxy.connect()) {
      client.send(POST);
      busy.accept().expect(POST).send(BUSY);
      client.expect(BUSY);
      assertThat(well.connections()).isZero();
    }
  }

  @Test
  void anAnswerThatDoesNotComeIsSoughtElsewhere() throws Exception {
    try (RawEndpoint silent = RawEndpoint.open();
        RawEndpoint well = RawEndpoint.serving(RawEndpoint.answering(OK));
        TestProxy proxy =
            Setup.on(transport)
                .retries(on("timeout"))
                .poolTimeouts(LONG, SHORT, LONG)
                .start(silent, well);
        Wire client = proxy.connect()) {
      client.send(GET);
      Wire server = silent.accept().expect(GET);
      client.expect(OK);
      server.expectGone();
      assertThat(proxy.endpoint(silent).responseTimeouts.value()).isEqualTo(1);
    }
  }

  @Test
  void unlessThatIsWished() throws Exception {
    try (RawEndpoint silent = RawEndpoint.open();
        RawEndpoint well = RawEndpoint.serving(RawEndpoint.answering(OK));
        TestProxy proxy = Setup.on(transport).poolTimeouts(LONG, SHORT, LONG).start(silent, well);
        Wire client = proxy.connect()) {
      client.send(GET);
      Wire server = silent.accept().expect(GET);
      assertThat(client.readMessage()).startsWith("HTTP/1.1 504 ");
      server.expectGone();
    }
  }

  @Test
  void aDroppedGetGoesToTheSameEndpointWhenThereIsNoOther() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(GET);
      endpoint.accept().expect(GET).end();
      endpoint.accept().expect(GET).end();
      Wire last = endpoint.accept().expect(GET).send(OK);
      client.expect(OK);
      client.send(GET);
      last.expect(GET).end();
      endpoint.accept().expect(GET).end();
      endpoint.accept().expect(GET).end();
      assertThat(client.readMessage()).startsWith("HTTP/1.1 502 ");
      assertThat(proxy.log(2).get(1).get("attempts").asInt()).isEqualTo(3);
    }
  }

  @Test
  void aBodyIsHeldWhileItIsSentAndSentAgain() throws Exception {
    try (RawEndpoint one = RawEndpoint.open();
        RawEndpoint two = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(one, two);
        Wire client = proxy.connect()) {
      client.send(PUT + "01234");
      Wire first = one.accept().expect(PUT + "01234");
      client.send("56789");
      first.expect("56789").end();
      Wire second = two.accept().expect(PUT + "0123456789");
      client.send("abcdefghij");
      second.expect("abcdefghij").send(OK);
      client.expect(OK);
    }
  }

  @Test
  void aBodyThatIsLongerThanWhatIsHeldIsNotSentAgain() throws Exception {
    try (RawEndpoint one = RawEndpoint.open();
        RawEndpoint two = RawEndpoint.open();
        TestProxy proxy =
            Setup.on(transport)
                .retries(Retries.defaults().withHeld(new ByteSize(PUT.length() + 12)))
                .start(one, two);
        Wire client = proxy.connect()) {
      client.send(PUT + "01234");
      Wire first = one.accept().expect(PUT + "01234");
      client.send("5678901");
      first.expect("5678901");
      client.send("2");
      first.expect("2").end();
      assertThat(client.readMessage()).startsWith("HTTP/1.1 502 ");
      assertThat(two.connections()).isZero();
    }
  }

  @Test
  void noMoreThanTheBudgetIsRepeated() throws Exception {
    try (RawEndpoint busy = RawEndpoint.serving(RawEndpoint.answering(BUSY));
        RawEndpoint well = RawEndpoint.serving(RawEndpoint.answering(OK));
        TestProxy proxy =
            Setup.on(transport)
                .retries(on("503").withBudget(new RetryBudget(10, 0)))
                .start(busy, well);
        Wire client = proxy.connect()) {
      int failed = 0;
      for (int i = 0; i < 100; i++) {
        failed += client.send(GET).readMessage().startsWith("HTTP/1.1 503") ? 1 : 0;
      }
      long retries = proxy.pool().retries.value();
      assertThat(retries).isBetween(5L, 10L);
      assertThat(proxy.pool().retriesDenied.value()).isEqualTo(failed).isPositive();
      assertThat(proxy.pool().total().requests.value()).isEqualTo(100 + retries);
    }
  }

  /** Nothing was asked of an endpoint that refuses. */
  @Test
  void refusedConnectsCostNothingOfTheBudget() throws Exception {
    try (RawEndpoint well = RawEndpoint.serving(RawEndpoint.answering(OK));
        TestProxy proxy =
            Setup.on(transport)
                .retries(Retries.defaults().withBudget(new RetryBudget(0, 0)))
                .start(RawEndpoint.refusing(), well.address());
        Wire client = proxy.connect()) {
      for (int i = 0; i < 20; i++) {
        client.send(GET).expect(OK);
      }
      assertThat(proxy.pool().retriesDenied.value()).isZero();
    }
  }

  @Test
  void nothingIsTriedAgainThatIsNotListed() throws Exception {
    try (RawEndpoint well = RawEndpoint.serving(RawEndpoint.answering(OK));
        TestProxy proxy =
            Setup.on(transport)
                .retries(Retries.defaults().withOn(List.of()))
                .start(RawEndpoint.refusing(), well.address());
        Wire client = proxy.connect()) {
      client.send(GET);
      assertThat(client.readMessage()).startsWith("HTTP/1.1 502 ");
    }
  }
}
