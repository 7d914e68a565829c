package io.steelyard.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.steelyard.model.Cidr;
import io.steelyard.packet.bpf.NeedsRoot;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets that contradict themselves, fragments, errors, and those who send too much. */
@NeedsRoot
class HostileTest {
  private static final InetAddress VIP = Frame.address("192.0.2.1");
  private static final InetAddress VIP6 = Frame.address("2001:db8::1");
  private static final InetAddress CLIENT = Frame.address("10.9.1.1");
  private static final InetAddress CLIENT6 = Frame.address("2001:db8:9::1");
  private static final InetAddress ELSEWHERE = Frame.address("198.51.100.7");
  private static final byte[] NOTHING = new byte[0];

  private final Bench bench = new Bench();
  private final VirtualService nat =
      new VirtualService(VIP, 80, Transport.TCP, new Forwarding.Nat());
  private final VirtualService nat6 =
      new VirtualService(VIP6, 80, Transport.TCP, new Forwarding.Nat());

  @BeforeEach
  void serve() {
    bench.serve(nat, Bench.endpoints("10.20.0.", 3, 8080));
    bench.serve(nat6, Bench.endpoints("2001:db8:20::", 3, 8080));
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private static Frame syn(InetAddress to) {
    boolean v4 = to.getAddress().length == 4;
    return Frame.tcp(v4 ? CLIENT : CLIENT6, 2000, to, 80, Frame.SYN, NOTHING);
  }

  private void isDropped(Frame frame, DropReason reason) {
    long before = bench.droppedForNobody(reason);
    assertThat(bench.run(frame).verdict()).isEqualTo(Bench.DROP);
    assertThat(bench.droppedForNobody(reason)).isEqualTo(before + 1);
  }

  /** What is bad and not for us is none of our business. */
  private void isDroppedOnlyForUs(Consumer<Frame> change, DropReason reason) {
    var ours = syn(VIP);
    change.accept(ours);
    isDropped(ours.withHeaderChecksum(), reason);
    var others = syn(ELSEWHERE);
    change.accept(others);
    assertThat(bench.run(others.withHeaderChecksum()).verdict()).isEqualTo(Bench.PASS);
  }

  @Test
  void lengthsThatContradictTheFrameAreMalformed() {
    isDroppedOnlyForUs(frame -> frame.with(3, 41), DropReason.MALFORMED);
    isDroppedOnlyForUs(frame -> frame.with(3, 19), DropReason.MALFORMED);
    isDroppedOnlyForUs(frame -> frame.with(0, 0x44), DropReason.MALFORMED);
    isDroppedOnlyForUs(frame -> frame.with(20 + 12, 0x40), DropReason.MALFORMED);
  }

  @Test
  void optionsAreNotCarried() {
    isDroppedOnlyForUs(frame -> frame.with(0, 0x46), DropReason.OPTIONS);
    for (int extension : new int[] {0, 43, 51, 60}) {
      isDropped(syn(VIP6).with(6, extension), DropReason.OPTIONS);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 6, 1, 8, 0x29, 0x3f, 7})
  void flagsThatNoStackSendsAreNotCarried(int flags) {
    isDroppedOnlyForUs(frame -> frame.with(20 + 13, flags), DropReason.TCP_FLAGS);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 0xc2, 0x12, 0x10, 0x18, 0x11, 0x19, 4, 0x14})
  void flagsThatStacksSendAreCarried(int flags) {
    assertThat(bench.run(syn(VIP).with(20 + 13, flags)).verdict()).isEqualTo(Bench.TX);
  }

  @Test
  void aPacketToItselfIsMalformed() {
    isDropped(Frame.tcp(VIP, 80, VIP, 80, Frame.SYN, NOTHING), DropReason.MALFORMED);
  }

  @Test
  void whatWouldEndHereIsDropped() {
    assertThat(bench.run(syn(VIP).with(8, 1).withHeaderChecksum()).verdict()).isEqualTo(Bench.DROP);
    assertThat(bench.dropped(nat, DropReason.TTL)).isEqualTo(1);
    assertThat(bench.run(syn(VIP6).with(7, 1)).verdict()).isEqualTo(Bench.DROP);
    assertThat(bench.dropped(nat6, DropReason.TTL)).isEqualTo(1);
  }

  /**
   * The verifier says that nothing is read beyond a frame; this says that nothing is carried of it.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void cutFramesAreNotCarried(boolean v4) {
    byte[] whole = syn(v4 ? VIP : VIP6).bytes();
    for (int length = 14; length < whole.length; length++) {
      var run = bench.program().testRun(Arrays.copyOf(whole, length), 1);
      assertThat(run.verdict()).as("%d bytes", length).isIn(Bench.DROP, Bench.PASS);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anyBytesHaveAVerdict(boolean v4) {
    var random = new Random(11);
    byte[] whole = syn(v4 ? VIP : VIP6).bytes();
    int carried = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] changed = whole.clone();
      for (int change = 0; change <= random.nextInt(4); change++) {
        changed[12 + random.nextInt(changed.length - 12)] = (byte) random.nextInt();
      }
      int verdict = bench.program().testRun(changed, 1).verdict();
      assertThat(verdict).isIn(Bench.DROP, Bench.PASS, Bench.TX);
      carried += verdict == Bench.TX ? 1 : 0;
    }
    assertThat(carried).isBetween(1000, 19_999);
  }

  @Test
  void fragmentsFollowTheirFirst() {
    var service = new VirtualService(VIP, 53, Transport.UDP, new Forwarding.Nat());
    bench.serve(service, Bench.endpoints("10.20.0.", 3, 5353));
    var first = Frame.udp(CLIENT, 2000, VIP, 53, new byte[1000]).with(6, 0x20).withHeaderChecksum();
    var to = bench.sent(first);
    var later = Frame.packet(CLIENT, VIP, Frame.UDP, new byte[300]);
    later.with(6, 0).with(7, 126).withHeaderChecksum();
    var out = bench.sent(later);
    assertThat(out.destination()).isEqualTo(to.destination());
    assertThat(out.payload()).isEqualTo(later.payload());
    assertThat(bench.plane.counters(service).total().packets()).isEqualTo(2);
    isDropped(later.with(5, 78).withHeaderChecksum(), DropReason.FRAGMENT);
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void errorsAboutAnswersReachTheEndpoint(boolean v4, boolean fullNat) {
    var vip = v4 ? VIP : VIP6;
    var client = v4 ? CLIENT : CLIENT6;
    var locals = List.of(Frame.address(v4 ? "10.20.1.1" : "2001:db8:21::1"));
    if (fullNat) {
      bench.serve(
          new VirtualService(
              vip, 80, Transport.TCP, new Forwarding.FullNat(locals, 40_000, 40_100)),
          Bench.endpoints(v4 ? "10.20.0." : "2001:db8:20::", 3, 8080));
    }
    var out = bench.sent(syn(vip));
    var router = v4 ? ELSEWHERE : Frame.address("2001:db8:ee::1");
    byte[] answer = Frame.tcp(vip, 80, client, 2000, Frame.ACK, new byte[20]).ipBytes();
    var error = Frame.icmp(router, vip, v4 ? 3 : 2, v4 ? 4 : 0, 1400, answer);
    var sent = bench.sent(error);
    assertThat(sent.checksumProblem()).isEmpty();
    assertThat(sent.icmpRest()).isEqualTo(1400);
    assertThat(sent.destination()).isEqualTo(out.destination());
    assertThat(sent.source()).isEqualTo(fullNat ? locals.getFirst() : router);
    assertThat(sent.quoted().source()).isEqualTo(out.destination());
    assertThat(sent.quoted().sourcePort()).isEqualTo(8080);
    assertThat(sent.quoted().destination()).isEqualTo(out.source());
    assertThat(sent.quoted().destinationPort()).isEqualTo(out.sourcePort());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void errorsAboutRequestsReachTheClientAsIfTheyWereAboutTheService(boolean v4) {
    var vip = v4 ? VIP : VIP6;
    var client = v4 ? CLIENT : CLIENT6;
    var out = bench.sent(syn(vip));
    var error = Frame.icmp(out.destination(), client, v4 ? 3 : 1, v4 ? 3 : 4, 0, out.ipBytes());
    var sent = bench.sent(error);
    assertThat(sent.checksumProblem()).isEmpty();
    assertThat(sent.source()).isEqualTo(vip);
    assertThat(sent.destination()).isEqualTo(client);
    assertThat(sent.quoted().destination()).isEqualTo(vip);
    assertThat(sent.quoted().destinationPort()).isEqualTo(80);
    assertThat(sent.quoted().source()).isEqualTo(client);
    assertThat(sent.quoted().sourcePort()).isEqualTo(2000);
  }

  @ParameterizedTest
  @CsvSource({"true, false", "true, true", "false, false", "false, true"})
  void whatDoesNotFitIntoTheTunnelIsAnswered(boolean v4, boolean gue) {
    var vip = v4 ? VIP : VIP6;
    var source = Frame.address(v4 ? "172.16.0.1" : "2001:db8:ffff::1");
    var service = new VirtualService(vip, 80, Transport.TCP, new Forwarding.Tunnel(source, 0, gue));
    bench.serve(service, Bench.endpoints(v4 ? "10.20.0." : "2001:db8:20::", 3, 0));
    int overhead = (v4 ? 20 : 40) + (gue ? 8 : 0);
    int headers = v4 ? 40 : 60;
    var client = v4 ? CLIENT : CLIENT6;
    byte[] most = new byte[Bench.MTU - overhead - headers];
    bench.sent(Frame.tcp(client, 2000, vip, 80, Frame.ACK, most));
    var answer = bench.sent(Frame.tcp(client, 2000, vip, 80, Frame.ACK, new byte[most.length + 1]));
    assertThat(answer.checksumProblem()).isEmpty();
    assertThat(answer.source()).isEqualTo(vip);
    assertThat(answer.destination()).isEqualTo(client);
    assertThat(answer.icmpType()).isEqualTo(v4 ? 3 : 2);
    assertThat(answer.icmpCode()).isEqualTo(v4 ? 4 : 0);
    assertThat(answer.icmpRest()).isEqualTo(Bench.MTU - overhead);
    assertThat(answer.quoted().sourcePort()).isEqualTo(2000);
    assertThat(bench.dropped(service, DropReason.TOO_BIG)).isEqualTo(1);
  }

  @Test
  void deniedSourcesDoNotComeIn() {
    try (var guarded = new Bench(options -> options.withProtection(true, null, null))) {
      guarded.serve(nat, Bench.endpoints("10.20.0.", 3, 8080));
      guarded.serve(nat6, Bench.endpoints("2001:db8:20::", 3, 8080));
      guarded.sent(syn(VIP));
      var list = guarded.plane.accessList();
      list.deny(Frame.address("10.9.0.0"), 16);
      list.deny(Frame.address("2001:db8:9::"), 48);
      assertThat(guarded.run(syn(VIP)).verdict()).as("known").isEqualTo(Bench.DROP);
      assertThat(guarded.run(syn(VIP6)).verdict()).isEqualTo(Bench.DROP);
      assertThat(guarded.dropped(nat, DropReason.DENIED)).isEqualTo(1);
      assertThat(guarded.dropped(nat6, DropReason.DENIED)).isEqualTo(1);
      list.allow(CLIENT, 32);
      guarded.sent(syn(VIP));
      assertThat(list.remove(CLIENT, 32)).isTrue();
      assertThat(guarded.run(syn(VIP)).verdict()).isEqualTo(Bench.DROP);
    }
  }

  private static PacketRule rule(boolean drops, String source, Transport transport, int port) {
    return new PacketRule(
        drops,
        source.isEmpty() ? null : Cidr.parse(source),
        null,
        transport,
        PacketRule.Ports.ANY,
        new PacketRule.Ports(port, port));
  }

  @Test
  void rulesAreAskedForEachPacketInTheirOrder() {
    var rules = new ArrayList<PacketRule>();
    for (int i = 0; i < 60; i++) {
      rules.add(rule(true, "203.0.113." + i, Transport.TCP, 80));
    }
    rules.add(rule(false, "10.9.1.1", Transport.TCP, 80));
    rules.add(rule(true, "10.9.0.0/16", Transport.ANY, 80));
    rules.add(rule(true, "2001:db8:9::/48", Transport.TCP, 80));
    rules.add(rule(true, "", Transport.TCP, 81));
    try (var guarded = new Bench(options -> options.withRules(rules))) {
      guarded.serve(nat, Bench.endpoints("10.20.0.", 3, 8080));
      guarded.serve(nat6, Bench.endpoints("2001:db8:20::", 3, 8080));
      guarded.sent(syn(VIP));
      guarded.sent(Frame.tcp(CLIENT, 2000, VIP, 80, Frame.ACK, NOTHING));
      var neighbour = Frame.tcp(Frame.address("10.9.1.2"), 2000, VIP, 80, Frame.SYN, NOTHING);
      assertThat(guarded.run(neighbour).verdict()).isEqualTo(Bench.DROP);
      var listed = Frame.tcp(Frame.address("203.0.113.59"), 2000, VIP, 80, Frame.SYN, NOTHING);
      assertThat(guarded.run(listed).verdict()).isEqualTo(Bench.DROP);
      guarded.sent(Frame.tcp(Frame.address("203.0.113.60"), 2000, VIP, 80, Frame.SYN, NOTHING));
      assertThat(guarded.dropped(nat, DropReason.RULE)).isEqualTo(2);
      assertThat(guarded.run(syn(VIP6)).verdict()).isEqualTo(Bench.DROP);
      assertThat(guarded.dropped(nat6, DropReason.RULE)).isEqualTo(1);
    }
  }

  @Test
  void moreRulesThanThereIsRoomForAreRefused() {
    var rules = Collections.nCopies(65, rule(true, "10.9.0.0/16", Transport.UDP, 53));
    assertThatThrownBy(() -> new Bench(options -> options.withRules(rules)))
        .hasMessage("65 rules for IPV4, expected 64 at most");
  }

  @Test
  void theListIsReplacedWithWhatBothHaveInForce() {
    try (var guarded = new Bench(options -> options.withProtection(true, null, null))) {
      guarded.serve(nat, Bench.endpoints("10.20.0.", 3, 8080));
      guarded.serve(nat6, Bench.endpoints("2001:db8:20::", 3, 8080));
      var list = guarded.plane.accessList();
      var random = new Random(5);
      var rules = new ArrayList<AccessRule>();
      for (int i = 0; i < 2000; i++) {
        var network = "203.%d.%d.0/24".formatted(random.nextInt(256), random.nextInt(256));
        rules.add(new AccessRule(Cidr.parse(network), random.nextBoolean()));
      }
      rules.add(new AccessRule(Cidr.parse("0.0.0.0/0"), false));
      rules.add(new AccessRule(Cidr.parse("2001:db8:9::/48"), false));
      list.replace(rules);
      long networks = rules.stream().map(AccessRule::network).distinct().count();
      assertThat(list.size()).isEqualTo((int) networks);
      assertThat(guarded.run(syn(VIP)).verdict()).isEqualTo(Bench.DROP);
      assertThat(guarded.run(syn(VIP6)).verdict()).isEqualTo(Bench.DROP);
      list.replace(
          List.of(
              new AccessRule(Cidr.parse("0.0.0.0/0"), false),
              new AccessRule(Cidr.parse("10.9.0.0/16"), true)));
      assertThat(list.size()).isEqualTo(2);
      guarded.sent(syn(VIP));
      guarded.sent(syn(VIP6));
      assertThat(guarded.run(Frame.tcp(ELSEWHERE, 2000, VIP, 80, Frame.SYN, NOTHING)).verdict())
          .isEqualTo(Bench.DROP);
      list.replace(List.of());
      assertThat(list.size()).isZero();
    }
  }

  @Test
  void sourcesHaveLimits() {
    var packets = new Limit(1, 20);
    try (var guarded = new Bench(options -> options.withProtection(false, packets, null))) {
      guarded.serve(nat, Bench.endpoints("10.20.0.", 3, 8080));
      for (int i = 0; i < 20; i++) {
        guarded.sent(syn(VIP));
      }
      assertThat(guarded.run(syn(VIP)).verdict()).isEqualTo(Bench.DROP);
      assertThat(guarded.dropped(nat, DropReason.PACKET_RATE)).isEqualTo(1);
      var other = Frame.tcp(Frame.address("10.9.1.2"), 2000, VIP, 80, Frame.SYN, NOTHING);
      guarded.sent(other);
    }
  }

  @Test
  void sourcesHaveLimitsOfNewConnections() {
    var connections = new Limit(1, 10);
    try (var guarded = new Bench(options -> options.withProtection(false, null, connections))) {
      guarded.serve(nat, Bench.endpoints("10.20.0.", 3, 8080));
      for (int port = 2000; port < 2010; port++) {
        guarded.sent(Frame.tcp(CLIENT, port, VIP, 80, Frame.SYN, NOTHING));
      }
      assertThat(guarded.run(Frame.tcp(CLIENT, 2010, VIP, 80, Frame.SYN, NOTHING)).verdict())
          .isEqualTo(Bench.DROP);
      assertThat(guarded.dropped(nat, DropReason.NEW_RATE)).isEqualTo(1);
      guarded.sent(Frame.tcp(CLIENT, 2000, VIP, 80, Frame.ACK, NOTHING));
    }
  }
}
