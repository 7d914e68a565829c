package io.steelyard.proxy.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.Address;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.Cidr;
import io.steelyard.model.Configuration;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.Forwarding;
import io.steelyard.model.Listener;
import io.steelyard.model.Match;
import io.steelyard.model.Pool;
import io.steelyard.model.ProxyProtocolSpec;
import io.steelyard.model.ProxyProtocolVersion;
import io.steelyard.model.Route;
import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import io.steelyard.proxy.stats.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  /** The header of version 2 with these vectors after its addresses. */
  private static String binary(String extras) {
    return BINARY.substring(0, 14)
        + "\0"
        + (char) (12 + extras.length())
        + BINARY.substring(16)
        + extras;
  }

  @Test
  void whatElseTheHeaderSaysIsToldOn() throws Exception {
    String extras = "\1\0\2h2" + "\2\0\5a.org" + "\5\0\3abc" + "\352\0\1x";
    String padded = binary("\4\0\0" + extras); // a vector that means nothing
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = tcp().tell(ProxyProtocolVersion.V2).start(endpoint)) {
      try (Wire client = proxy.connect()) {
        client.send(padded + "hello");
        endpoint.accept().expect(binary(extras)).expect("hello").send("hi").end();
        client.expect("hi").expectEnd();
      }
      assertThat(proxy.log(1).getFirst().get("host").asString()).isEqualTo("a.org");
    }
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = http().tell(ProxyProtocolVersion.V2).start(endpoint);
        Wire client = proxy.connect()) {
      client.send(padded).send(GET);
      endpoint.accept().expect(binary(extras)).expect(GET).send(OK);
      client.expect(OK);
    }
  }

  /** The proxy in front has ended TLS, and says what the client asked for. */
  @Test
  void routesGoByTheNameInTheHeader() throws Exception {
    try (RawEndpoint one = RawEndpoint.serving(RawEndpoint.answering("one"));
        RawEndpoint two = RawEndpoint.serving(RawEndpoint.answering("two"));
        TestProxy proxy = named(one, two)) {
      for (var each : Map.of("one.org", one, "TWO.org", two).entrySet()) {
        try (Wire client = proxy.connect()) {
          client.send(binary("\2\0\7" + each.getKey()) + GET);
          assertThat(client.read(3)).isEqualToIgnoringCase(each.getKey().substring(0, 3));
        }
      }
      try (Wire client = proxy.connect()) {
        client.send(binary("\2\0\4else") + GET).expectGone();
      }
    }
  }

  private TestProxy named(RawEndpoint one, RawEndpoint two) throws Exception {
    Listener listener =
        Listener.tcp(
                new Address("127.0.0.1", 0),
                List.of(
                    new Route(Match.tcp(null, "one.org", null, null), "one"),
                    new Route(Match.tcp(null, "two.org", null, null), "two")))
            .withProxyProtocol(new ProxyProtocolSpec(List.of(Cidr.parse("127.0.0.0/8"))));
    Map<String, Pool> pools = Map.of("one", pool(one.address()), "two", pool(two.address()));
    return Setup.start(Configuration.of(Map.of("web", listener), pools).withTransport(transport));
  }

  private static Pool pool(Address address) {
    return Pool.of(BalancerSpec.of("round-robin"), List.of(EndpointSpec.of(address)));
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
