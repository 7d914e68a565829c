package io.steelyard.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.Address;
import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import io.steelyard.proxy.stats.Reason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the access log says of requests, good ones and those that went wrong. */
class AccessRecordsTest {
  private static final String GET = "GET /x?y HTTP/1.1\r\nHost: a.b:81\r\nUser-Agent: t\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(100);

  @Test
  void aGoodRequest() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.serving(RawEndpoint.answering(OK));
        TestProxy proxy = Setup.on(TransportKind.EPOLL).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(GET).expect(OK).send(GET).expect(OK);
      for (JsonNode record : proxy.log(2)) {
        assertRecord(record, 200, null, endpoint.address(), 1);
        assertThat(record.get("method").asString()).isEqualTo("GET");
        assertThat(record.get("target").asString()).isEqualTo("/x?y");
        assertThat(record.get("host").asString()).isEqualTo("a.b:81");
        assertThat(record.get("user_agent").asString()).isEqualTo("t");
        assertThat(record.get("version").asString()).isEqualTo("1.1");
        assertThat(record.get("listener").asString()).isEqualTo("web");
        assertThat(record.get("pool").asString()).isEqualTo("site");
        assertThat(record.get("client").asString()).isEqualTo("127.0.0.1");
        assertThat(record.get("client_port").asInt()).isEqualTo(client.socket().getLocalPort());
        assertThat(record.get("bytes_in").asInt()).isEqualTo(GET.length());
        assertThat(record.get("bytes_out").asInt()).isEqualTo(OK.length());
        assertThat(record.get("first_byte_ms").isNumber()).isTrue();
      }
      assertThat(proxy.log(2).get(0).get("connect_ms").isNumber()).isTrue();
      assertThat(proxy.log(2).get(1).get("connect_ms").isNull()).isTrue();
    }
  }

  @Test
  void bodiesAreCountedAsTheyPassed() throws Exception {
    String request =
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    String answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(TransportKind.EPOLL).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(request);
      endpoint.accept().expect(request).send(answer);
      client.expect(answer);
      JsonNode record = proxy.log(1).get(0);
      assertThat(record.get("bytes_in").asInt()).isEqualTo(request.length());
      assertThat(record.get("bytes_out").asInt()).isEqualTo(answer.length());
    }
  }

  @Test
  void aMalformedRequest() throws Exception {
    try (TestProxy proxy = Setup.on(TransportKind.EPOLL).start(RawEndpoint.refusing());
        Wire client = proxy.connect()) {
      client.send("nonsense\r\n\r\n");
      int length = client.readAll().length();
      JsonNode record = proxy.log(1).get(0);
      assertRecord(record, 400, "bad-request", null, 0);
      assertThat(record.get("method").isNull()).isTrue();
      assertThat(record.get("bytes_in").asInt()).isEqualTo(12);
      assertThat(record.get("bytes_out").asInt()).isEqualTo(length);
    }
  }

  @Test
  void nobodyToConnectTo() throws Exception {
    Address last = RawEndpoint.refusing();
    try (TestProxy proxy = Setup.on(TransportKind.EPOLL).start(RawEndpoint.refusing(), last);
        Wire client = proxy.connect()) {
      client.send(GET);
      int length = client.readMessage().length();
      JsonNode record = proxy.log(1).get(0);
      assertRecord(record, 502, "connect-refused", last, 2);
      assertThat(record.get("bytes_out").asInt()).isEqualTo(length);
      assertThat(proxy.listener().reasons(Reason.CONNECT_REFUSED)).isEqualTo(1);
    }
  }

  @Test
  void anEndpointThatFailsAndTheOneThatHelps() throws Exception {
    try (RawEndpoint one = RawEndpoint.open();
        RawEndpoint two = RawEndpoint.serving(RawEndpoint.answering(OK));
        TestProxy proxy = Setup.on(TransportKind.EPOLL).start(one, two);
        Wire client = proxy.connect()) {
      client.send(GET);
      one.accept().expect(GET).reset();
      client.expect(OK);
      assertRecord(proxy.log(1).get(0), 200, null, two.address(), 2);
    }
  }

  @Test
  void anEndpointThatClosesWithoutAWord() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(TransportKind.EPOLL).retries(0).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(GET);
      endpoint.accept().expect(GET).end();
      client.readMessage();
      assertRecord(proxy.log(1).get(0), 502, "endpoint-closed", endpoint.address(), 1);
    }
  }

  @Test
  void anAnswerThatNeverComes() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy =
            Setup.on(TransportKind.EPOLL).poolTimeouts(LONG, SHORT, LONG).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(GET);
      endpoint.accept().expect(GET);
      client.readMessage();
      assertRecord(proxy.log(1).get(0), 504, "response-timeout", endpoint.address(), 1);
    }
  }

  @Test
  void aClientThatLeaves() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(TransportKind.EPOLL).start(endpoint)) {
      Wire client = proxy.connect();
      client.send(GET);
      endpoint.accept().expect(GET);
      client.reset();
      JsonNode record = proxy.log(1).get(0);
      assertRecord(record, 499, "client-reset", endpoint.address(), 1);
      assertThat(record.get("bytes_out").asInt()).isZero();
    }
  }

  @Test
  void aClientThatLeavesItsRequestUnfinished() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(TransportKind.EPOLL).start(endpoint)) {
      try (Wire client = proxy.connect()) {
        client.send("GET / HTTP");
        client.finish().expectEnd();
      }
      JsonNode record = proxy.log(1).get(0);
      assertRecord(record, 499, "client-closed", null, 0);
      assertThat(record.get("bytes_in").asInt()).isEqualTo(10);
    }
  }

  private static void assertRecord(
      JsonNode record,
      int status,
      @Nullable String reason,
      @Nullable Address endpoint,
      int attempts) {
    assertThat(record.get("status").asInt()).isEqualTo(status);
    assertThat(record.get("reason").isNull() ? null : record.get("reason").asString())
        .isEqualTo(reason);
    assertThat(record.get("endpoint").isNull() ? null : record.get("endpoint").asString())
        .isEqualTo(endpoint == null ? null : endpoint.toString());
    assertThat(record.get("attempts").asInt()).isEqualTo(attempts);
  }
}
