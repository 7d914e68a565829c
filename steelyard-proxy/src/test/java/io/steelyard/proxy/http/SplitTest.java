package io.steelyard.proxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;

import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that arrive in two pieces, for every place where they can be cut. */
@ParameterizedClass
@EnumSource(TransportKind.class)
class SplitTest {
  private static final String GET =
      "GET /x HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\nA: b\r\n\r\n";
  private static final String GET_PASSED = "GET /x HTTP/1.1\r\nHost: a\r\nA: b\r\n\r\n";
  private static final String LENGTH =
      "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n\r\n1234567";
  private static final String CHUNKED =
      "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\n123\r\n0\r\nT: u\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

  private final TransportKind transport;

  SplitTest(TransportKind transport) {
    this.transport = transport;
  }

  @ParameterizedTest
  @ValueSource(strings = {GET, LENGTH, CHUNKED})
  void requests(String request) throws Exception {
    String passed = request.equals(GET) ? GET_PASSED : request;
    byte[] bytes = request.getBytes(ISO_8859_1);
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      Wire server = null;
      long received = 0;
      for (int cut = 1; cut < bytes.length; cut++) {
        client.send(bytes, 0, cut);
        received += cut;
        awaitReceived(proxy, received);
        client.send(bytes, cut, bytes.length - cut);
        received += bytes.length - cut;
        server = server == null ? endpoint.accept() : server;
        server.expect(passed).send(OK);
        client.expect(OK);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 7\r\n\r\n1234567",
        "HTTP/1.1 103 Early\r\nA: b\r\n\r\nHTTP/1.1 204 No\r\nC: d\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\n123\r\n0\r\nT: u\r\n\r\n"
      })
  void answers(String answer) throws Exception {
    byte[] bytes = answer.getBytes(ISO_8859_1);
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint);
        Wire client = proxy.connect()) {
      Wire server = null;
      long received = 0;
      for (int cut = 1; cut < bytes.length; cut++) {
        client.send(GET);
        server = server == null ? endpoint.accept() : server;
        server.expect(GET_PASSED).send(bytes, 0, cut);
        received += cut;
        awaitAnswered(proxy, endpoint, received);
        server.send(bytes, cut, bytes.length - cut);
        received += bytes.length - cut;
        client.expect(answer);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\n123\r\n0\r\nT: u\r\n\r\n"
      })
  void answersThatLoseTheirChunks(String answer) throws Exception {
    byte[] bytes = answer.getBytes(ISO_8859_1);
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = Setup.on(transport).start(endpoint)) {
      Wire server = null;
      long received = 0;
      for (int cut = 1; cut < bytes.length; cut++) {
        try (Wire client = proxy.connect()) {
          client.send("GET /x HTTP/1.0\r\nHost: a\r\n\r\n");
          server = server == null ? endpoint.accept() : server;
          server.readHead();
          server.send(bytes, 0, cut);
          received += cut;
          awaitAnswered(proxy, endpoint, received);
          server.send(bytes, cut, bytes.length - cut);
          received += bytes.length - cut;
          client.expect("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n123").expectEnd();
        }
      }
    }
  }

  private static void awaitReceived(TestProxy proxy, long bytes) {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .atMost(Wire.PATIENCE)
        .until(() -> proxy.listener().bytesIn.value() == bytes);
  }

  private static void awaitAnswered(TestProxy proxy, RawEndpoint endpoint, long bytes) {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .atMost(Wire.PATIENCE)
        .until(() -> proxy.endpoint(endpoint).bytesReceived.value() == bytes);
  }
}
