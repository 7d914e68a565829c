package io.steelyard.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.steelyard.balance.Outcome;
import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Only endpoints that are ready get requests, and what endpoints answer says how they are. */
class HealthyEndpointsTest {
  private static RawEndpoint answering(String body) throws Exception {
    return RawEndpoint.serving(
        RawEndpoint.answering("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + body));
  }

  private static String get(Wire client) throws IOException {
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    String answer = client.readMessage();
    return answer.startsWith("HTTP/1.1 200 ")
        ? answer.substring(answer.length() - 1)
        : answer.substring(9, 12);
  }

  /** Names lead elsewhere: who stays keeps its connections, who goes finishes what it has. */
  @ParameterizedTest
  @EnumSource(TransportKind.class)
  void endpointsComeAndGo(TransportKind transport) throws Exception {
    try (RawEndpoint a = answering("a");
        RawEndpoint b = answering("b");
        RawEndpoint c = answering("c");
        TestProxy proxy = Setup.on(transport).start(a, b);
        Wire client = proxy.connect()) {
      assertThat(get(client) + get(client)).isEqualTo("ab");
      proxy.members(b.address(), c.address());
      await().until(() -> get(client).equals("c"));
      for (int i = 0; i < 10; i++) {
        assertThat(get(client)).isIn("b", "c");
      }
      assertThat(b.connections()).as("connections to who stays").isEqualTo(1);
      assertThat(proxy.endpoint(a).active.value()).as("connections to who is gone").isZero();
      proxy.members();
      await().until(() -> get(client).equals("503"));
      proxy.members(a.address());
      await().until(() -> get(client).equals("a"));
    }
  }

  @ParameterizedTest
  @EnumSource(TransportKind.class)
  void requestsFollowWhatIsReady(TransportKind transport) throws Exception {
    try (RawEndpoint a = answering("a");
        RawEndpoint b = answering("b");
        TestProxy proxy = Setup.on(transport).start(a, b);
        Wire client = proxy.connect()) {
      assertThat(get(client) + get(client) + get(client) + get(client)).isEqualTo("abab");

      proxy.ready(1);
      await().until(() -> (get(client) + get(client)).equals("bb"));
      proxy.ready();
      await().until(() -> get(client).equals("503"));
      proxy.ready(0, 1);
      await().until(() -> !get(client).equals("503"));
      assertThat(get(client) + get(client)).matches("ab|ba");
    }
  }

  @ParameterizedTest
  @EnumSource(TransportKind.class)
  void aRequestUnderWayGoesOnWhenItsEndpointGoes(TransportKind transport) throws Exception {
    try (RawEndpoint a =
            RawEndpoint.serving(
                RawEndpoint.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na"));
        RawEndpoint b = answering("b");
        TestProxy proxy = Setup.on(transport).start(a, b);
        Wire first = proxy.connect();
        Wire second = proxy.connect()) {
      first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      await().until(() -> proxy.state(a.address()).inFlight() == 1);
      proxy.ready(1);
      await().until(() -> (get(second) + get(second)).equals("bb"));
      assertThat(proxy.state(a.address()).inFlight()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "200, SUCCESS",
    "404, SUCCESS",
    "500, ERROR_ANSWER",
    "503, ERROR_ANSWER",
    "501, SUCCESS",
    "505, SUCCESS"
  })
  void answersSayHowTheEndpointIs(int status, Outcome outcome) throws Exception {
    try (RawEndpoint endpoint =
            RawEndpoint.serving(
                RawEndpoint.answering("HTTP/1.1 " + status + " X\r\nContent-Length: 0\r\n\r\n"));
        TestProxy proxy = Setup.on(TransportKind.NIO).start(endpoint);
        Wire client = proxy.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.readMessage()).startsWith("HTTP/1.1 " + status);
      await().until(() -> proxy.state(endpoint.address()).outcomes(outcome) == 1);
    }
  }
}
