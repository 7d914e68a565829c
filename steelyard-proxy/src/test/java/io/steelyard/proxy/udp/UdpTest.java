package io.steelyard.proxy.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.steelyard.balance.Outcome;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.stats.Reason;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Datagrams, their sessions, and where they go. */
@ParameterizedClass
@EnumSource(TransportKind.class)
class UdpTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final TransportKind transport;

  UdpTest(TransportKind transport) {
    this.transport = transport;
  }

  private Setup udp(int answers, int datagrams) {
    return Setup.on(transport).udp(answers, datagrams);
  }

  @Test
  void aSessionStaysWithItsEndpoint() throws Exception {
    try (Peer a = Peer.open();
        Peer b = Peer.open();
        TestProxy proxy = udp(0, 0).start(a.address(), b.address());
        Peer client = Peer.open()) {
      SocketAddress to = proxy.address();
      client.send(to, "one").send(to, "two");
      InetSocketAddress session = a.expect("one");
      assertThat(a.expect("two")).isEqualTo(session);
      a.send(session, "1").send(session, "2").send(session, "3");
      for (String answer : List.of("1", "2", "3")) {
        assertThat(client.expect(answer)).isEqualTo(to);
      }
      assertThat(proxy.inFlight()).isEqualTo(1);
      assertThat(proxy.listener().active.value()).isEqualTo(1);

      try (Peer other = Peer.open()) {
        other.send(to, "three");
        b.send(b.expect("three"), "4");
        other.expect("4");
      }
    }
  }

  @Test
  void aSessionEndsWithItsLastAnswer() throws Exception {
    try (Peer endpoint = Peer.answering(text -> text + "!");
        TestProxy proxy = udp(1, 0).start(endpoint.address());
        Peer client = Peer.open()) {
      for (int i = 0; i < 20; i++) {
        client.send(proxy.address(), "query" + i).expect("query" + i + "!");
      }
      proxy.awaitNoClients();
      proxy.awaitNothingInFlight();
      var record = proxy.log(20).get(19);
      assertThat(record.get("client").asString()).isEqualTo("127.0.0.1");
      assertThat(record.get("client_port").asInt()).isEqualTo(client.address().port());
      assertThat(record.get("bytes_in").asInt()).isEqualTo(7);
      assertThat(record.get("bytes_out").asInt()).isEqualTo(8);
      assertThat(record.get("endpoint").asString()).isEqualTo(endpoint.address().toString());
      assertThat(record.get("reason").isNull()).isTrue();
      assertThat(proxy.listener().requests.value()).isEqualTo(20);
      assertThat(proxy.state(endpoint.address()).outcomes(Outcome.SUCCESS)).isEqualTo(20);
      assertThat(proxy.pool().total().bytesReceived.value()).isEqualTo(10 * 7 + 10 * 8);
    }
  }

  @Test
  void eachDatagramByItselfIsBalancedAnew() throws Exception {
    try (Peer a = Peer.answering(text -> "a");
        Peer b = Peer.answering(text -> "b");
        TestProxy proxy = udp(1, 1).start(a.address(), b.address());
        Peer client = Peer.open()) {
      Map<String, Integer> seen = new HashMap<>();
      for (int i = 0; i < 10; i++) {
        client.send(proxy.address(), "q");
        seen.merge(Peer.text(client.receive()), 1, Integer::sum);
      }
      assertThat(seen).isEqualTo(Map.of("a", 5, "b", 5));
      proxy.awaitNoClients();
    }
  }

  @Test
  void answersOfOverlappingSessionsAllArrive() throws Exception {
    try (Peer a = Peer.open();
        Peer b = Peer.open();
        TestProxy proxy = udp(1, 1).start(a.address(), b.address());
        Peer client = Peer.open()) {
      client.send(proxy.address(), "1").send(proxy.address(), "2");
      InetSocketAddress first = a.expect("1");
      InetSocketAddress second = b.expect("2");
      b.send(second, "second");
      client.expect("second");
      a.send(first, "first");
      client.expect("first");
      proxy.awaitNoClients();
    }
  }

  @Test
  void aSourceHashKeepsAClientWhateverItsPort() throws Exception {
    try (Peer a = Peer.answering(text -> "a");
        Peer b = Peer.answering(text -> "b");
        Peer c = Peer.answering(text -> "c");
        TestProxy proxy =
            udp(1, 1)
                .balancer(BalancerSpec.of("source-hash"))
                .start(a.address(), b.address(), c.address())) {
      Set<String> seen = new HashSet<>();
      for (int i = 0; i < 8; i++) {
        try (Peer client = Peer.open()) {
          client.send(proxy.address(), "q");
          seen.add(Peer.text(client.receive()));
        }
      }
      assertThat(seen).hasSize(1);
    }
  }

  @Test
  void anEndpointThatIsNotThereIsFoundOutAndTheNextDatagramGoesElsewhere() throws Exception {
    var nowhere = Peer.nowhere();
    try (Peer endpoint = Peer.answering(text -> "here");
        TestProxy proxy = udp(1, 0).start(nowhere, endpoint.address());
        Peer client = Peer.open()) {
      client.send(proxy.address(), "q");
      await().until(() -> proxy.state(nowhere).outcomes(Outcome.CONNECT_FAILED) == 1);
      proxy.awaitNoClients();
      client.send(proxy.address(), "q").expect("here");
      assertThat(proxy.log(1).get(0).get("reason").asString()).isEqualTo("connect-refused");
      assertThat(proxy.listener().reasons(Reason.CONNECT_REFUSED)).isEqualTo(1);
    }
  }

  @Test
  void anAnswerThatDoesNotComeIsATimeout() throws Exception {
    try (Peer silent = Peer.open();
        TestProxy proxy =
            udp(1, 0).clientTimeouts(LONG, Duration.ofMillis(100), LONG).start(silent.address());
        Peer client = Peer.open()) {
      client.send(proxy.address(), "q");
      silent.expect("q");
      proxy.awaitNoClients();
      assertThat(proxy.state(silent.address()).outcomes(Outcome.RESPONSE_TIMEOUT)).isEqualTo(1);
      assertThat(proxy.log(1).get(0).get("reason").asString()).isEqualTo("response-timeout");
    }
  }

  @Test
  void whereNoAnswerIsDueSilenceIsNoFailure() throws Exception {
    try (Peer silent = Peer.open();
        TestProxy proxy =
            udp(0, 0).clientTimeouts(LONG, Duration.ofMillis(100), LONG).start(silent.address());
        Peer client = Peer.open()) {
      client.send(proxy.address(), "<13>syslog");
      silent.expect("<13>syslog");
      proxy.awaitNoClients();
      assertThat(proxy.state(silent.address()).outcomes(Outcome.CANCELLED)).isEqualTo(1);
      assertThat(proxy.log(1).get(0).get("reason").isNull()).isTrue();
    }
  }

  @Test
  void theTableOfSessionsIsBounded() throws Exception {
    try (Peer endpoint = Peer.answering(text -> text);
        TestProxy proxy = udp(0, 0).maxConnections(2).start(endpoint.address())) {
      List<Peer> clients = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        Peer client = Peer.open();
        clients.add(client);
        client.send(proxy.address(), "x").expect("x");
      }
      Peer third = Peer.open();
      clients.add(third);
      third.send(proxy.address(), "y");
      await().until(() -> proxy.listener().reasons(Reason.TOO_MANY_SESSIONS) == 1);
      clients.getFirst().send(proxy.address(), "still").expect("still");
      clients.forEach(Peer::close);
    }
  }

  @Test
  void largeDatagramsPassAndLargerOnesAreDropped() throws Exception {
    String large = "l".repeat(4096);
    try (Peer endpoint = Peer.answering(text -> text);
        TestProxy proxy = udp(0, 0).start(endpoint.address());
        Peer client = Peer.open()) {
      client.send(proxy.address(), large + "!").send(proxy.address(), large).expect(large);
      assertThat(proxy.listener().malformed.value()).isEqualTo(1);
    }
  }

  @Test
  void manyAtOnceOfManyClients() throws Exception {
    try (Peer endpoint = Peer.answering(text -> text);
        TestProxy proxy = udp(1, 0).loops(2).start(endpoint.address())) {
      List<Peer> clients = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        clients.add(Peer.open());
      }
      for (int round = 0; round < 20; round++) {
        for (int i = 0; i < clients.size(); i++) {
          clients.get(i).send(proxy.address(), round + "/" + i);
        }
        for (int i = 0; i < clients.size(); i++) {
          clients.get(i).expect(round + "/" + i);
        }
      }
      proxy.awaitNoClients();
      assertThat(proxy.listener().requests.value()).isEqualTo(1000);
      clients.forEach(Peer::close);
    }
  }

  @Test
  void nobodyToAnswer() throws Exception {
    try (Peer endpoint = Peer.open();
        TestProxy proxy = udp(1, 0).start(endpoint.address());
        Peer client = Peer.open()) {
      proxy.ready();
      await()
          .untilAsserted(() -> {
            client.send(proxy.address(), "q");
            assertThat(proxy.listener().reasons(Reason.NO_ENDPOINT)).isPositive();
          });
      assertThat(proxy.pool().noEndpoint.value()).isPositive();
    }
  }

  @Test
  void aStopEndsSessions() throws Exception {
    try (Peer endpoint = Peer.open();
        TestProxy proxy = udp(1, 0).start(endpoint.address());
        Peer client = Peer.open()) {
      client.send(proxy.address(), "q");
      endpoint.expect("q");
      proxy.shutdown(LONG);
      assertThat(proxy.log(1).get(0).get("reason").asString()).isEqualTo("shutdown");
    }
  }
}
