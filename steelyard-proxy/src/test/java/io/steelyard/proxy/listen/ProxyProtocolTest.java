package io.steelyard.proxy.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.Cidr;
import io.steelyard.model.Forwarding;
import io.steelyard.model.ProxyProtocolVersion;
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

/** Who the client is, told by the proxy in front and told on. */
@ParameterizedClass
@EnumSource(TransportKind.class)
class ProxyProtocolTest {
  private static final String LINE = "PROXY TCP4 10.1.2.3 192.0.2.1 1234 80\r\n";
  private static final String BINARY = "\r\n\r\n\0\r\nQUIT\n!\21\0\f\n\1\2\3\300\0\2\1\4\322\0P";
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private final TransportKind transport;

  ProxyProtocolTest(TransportKind transport) {
    this.transport = transport;
  }

  private Setup http() {
    return Setup.on(transport).trust(Cidr.parse("127.0.0.0/8"));
  }

  private Setup tcp() {
    return Setup.on(transport).tcp().trust(Cidr.parse("127.0.0.0/8"));
  }

  @Test
  void theHeaderSaysWhoTheHttpClientIs() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy =
            http()
                .forwarding(new Forwarding(Forwarding.Mode.APPEND, false, false))
                .start(endpoint)) {
      for (String header : List.of(LINE, BINARY)) {
        try (Wire client = proxy.connect()) {
          client.send(header).send(GET);
          Wire server = endpoint.accept();
          assertThat(server.readHead()).contains("X-Forwarded-For: 10.1.2.3\r\n");
          server.send(OK);
          client.expect(OK).send(GET);
          server.readHead();
          server.send(OK);
          client.expect(OK).end();
          server.end();
          proxy.awaitNoClients();
        }
      }
      var record = proxy.log(4).get(3);
      assertThat(record.get("client").asString()).isEqualTo("10.1.2.3");
      assertThat(record.get("client_port").asInt()).isEqualTo(1234);
      assertThat(record.get("bytes_in").asInt()).isEqualTo(GET.length());
    }
  }

  @Test
  void theHeaderMayComeInPiecesAndWithEverythingElse() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = tcp().start(endpoint)) {
      try (Wire client = proxy.connect()) {
        for (int i = 0; i < LINE.length(); i++) {
          client.send(LINE.substring(i, i + 1));
        }
        client.send("hello");
        endpoint.accept().expect("hello").send("hi").end();
        client.expect("hi");
      }
      try (Wire client = proxy.connect()) {
        client.send(BINARY + "all at once").finish();
        Wire server = endpoint.accept().expect("all at once").expectEnd();
        server.send("fine").end();
        client.expect("fine").expectEnd();
      }
      proxy.awaitNoClients();
      assertThat(proxy.log(2).get(1).get("client").asString()).isEqualTo("10.1.2.3");
    }
  }

  @Test
  void aConnectionWithoutAHeaderIsReset() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = http().start(endpoint)) {
      try (Wire client = proxy.connect()) {
        client.send(GET).expectReset();
      }
      assertThat(proxy.listener().malformed.value()).isEqualTo(1);
      assertThat(proxy.listener().reasons(Reason.BAD_REQUEST)).isEqualTo(1);
      assertThat(endpoint.connections()).isZero();
    }
  }

  @Test
  void aHeaderThatDoesNotComeIsNotWaitedForForEver() throws Exception {
    Duration longer = Duration.ofMinutes(1);
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy =
            http().clientTimeouts(Duration.ofMillis(100), longer, longer).start(endpoint);
        Wire client = proxy.connect()) {
      client.send("PROXY ").expectGone();
      assertThat(proxy.listener().reasons(Reason.HEAD_TIMEOUT)).isEqualTo(1);
    }
  }

  @Test
  void nobodyElseCanClaimToBeSomebody() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy =
            Setup.on(transport).tcp().trust(Cidr.parse("10.0.0.0/8")).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(LINE);
      endpoint.accept().expect(LINE).end(); // the client's own bytes
      client.end();
      proxy.awaitNoClients();
      assertThat(proxy.log(1).get(0).get("client").asString()).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void connectionsThatWaitForRoomKeepWhatFollowedTheHeader() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.serving(wire -> wire.send(wire.read(1)).expectEnd());
        TestProxy proxy = tcp().maxConnections(1).start(endpoint)) {
      List<Wire> clients = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        clients.add(proxy.connect().send(LINE + "x"));
      }
      for (Wire client : clients) {
        client.expect("x");
        client.end();
      }
    }
  }

  @Test
  void endpointsAreTold() throws Exception {
    for (ProxyProtocolVersion version : ProxyProtocolVersion.values()) {
      try (RawEndpoint endpoint = RawEndpoint.open();
          TestProxy proxy = tcp().tell(version).start(endpoint);
          Wire client = proxy.connect()) {
        client.send(LINE);
        Wire server = endpoint.accept();
        server.expect(version == ProxyProtocolVersion.V1 ? LINE : BINARY); // before any byte
        client.send("hello");
        server.expect("hello").send("hi");
        client.expect("hi");
      }
    }
  }

  @Test
  void eachHttpRequestHasAConnectionThatSaysWhoseItIs() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = http().tell(ProxyProtocolVersion.V1).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(LINE);
      for (int i = 0; i < 2; i++) {
        client.send(GET);
        Wire server = endpoint.accept().expect(LINE).expect(GET).send(OK);
        client.expect(OK);
        server.expectEnd();
      }
    }
  }
}
