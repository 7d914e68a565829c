package io.steelyard.proxy.udp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Datagrams find their endpoint by what they say, whoever sends them. */
class UdpKeysTest {
  private static TestProxy start(String key, Peer... endpoints) throws Exception {
    return Setup.on(TransportKind.NIO)
        .udp(1, 1)
        .balancer(new BalancerSpec("rendezvous", Map.of("key", key)))
        .start(endpoints[0].address(), endpoints[1].address(), endpoints[2].address());
  }

  private static String query(String name) {
    ByteBuf query = Unpooled.buffer().writeShort(1).writeShort(0x0100).writeShort(1).writeZero(6);
    for (String label : name.split("\\.", -1)) {
      query.writeByte(label.length()).writeCharSequence(label, ISO_8859_1);
    }
    return query.writeByte(0).writeShort(1).writeShort(1).toString(ISO_8859_1);
  }

  private static String radius(int type, String value) {
    ByteBuf request = Unpooled.buffer().writeByte(1).writeByte(1).writeShort(22 + value.length());
    request.writeZero(16).writeByte(type).writeByte(2 + value.length());
    return request.toString(ISO_8859_1) + value;
  }

  private static String ask(TestProxy proxy, String datagram) throws Exception {
    try (Peer client = Peer.open()) {
      return Peer.text(client.send(proxy.address(), datagram).receive());
    }
  }

  /** Asks for each of many things thrice; returns who answered. */
  private static Set<String> answers(String key, Asking asking) throws Exception {
    Set<String> seen = new HashSet<>();
    try (Peer a = Peer.answering(text -> "a");
        Peer b = Peer.answering(text -> "b");
        Peer c = Peer.answering(text -> "c");
        TestProxy proxy = start(key, a, b, c)) {
      for (int i = 0; i < 20; i++) {
        String first = ask(proxy, asking.datagram(i, 0));
        assertThat(ask(proxy, asking.datagram(i, 1))).isEqualTo(first);
        assertThat(ask(proxy, asking.datagram(i, 2))).isEqualTo(first);
        seen.add(first);
      }
    }
    return seen;
  }

  private interface Asking {
    String datagram(int what, int time);
  }

  @Test
  void aNameIsAlwaysAskedOfTheSameResolver() throws Exception {
    assertThat(
            answers("dns-name", (what, time) -> query((time == 0 ? "n" : "N") + what + ".example")))
        .hasSize(3);
  }

  @Test
  void aUserIsAlwaysAtTheSameServer() throws Exception {
    assertThat(answers("radius-user-name", (what, time) -> radius(1, "user" + what))).hasSize(3);
    assertThat(answers("radius-calling-station-id", (what, time) -> radius(31, "00-" + what)))
        .hasSize(3);
  }

  @Test
  void whatDoesNotShowTheKeyGoesRound() throws Exception {
    try (Peer a = Peer.answering(text -> "a");
        Peer b = Peer.answering(text -> "b");
        Peer c = Peer.answering(text -> "c");
        TestProxy proxy = start("dns-name", a, b, c)) {
      Set<String> seen = new HashSet<>();
      for (int i = 0; i < 3; i++) {
        seen.add(ask(proxy, "not a query"));
      }
      assertThat(seen).hasSize(3);
    }
  }
}
