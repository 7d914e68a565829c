package io.steelyard.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.packet.bpf.NeedsRoot;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** FullNAT: a header of the PROXY protocol is in front of what clients send. */
@NeedsRoot
class IntroduceTest {
  private static final int PORT = 0x1234;
  private static final int ENDPOINT_FIRST = 77_000;
  private static final byte[] NONE = new byte[0];
  private static final byte[] TIMESTAMPS = {1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8};
  private static final byte[] MSS = {2, 4, 1460 >> 8, (byte) 1460};

  /** So that numbers go round within the first bytes, too. */
  private int first = -20;

  private boolean v4 = true;

  private InetAddress address(String ipv4, String ipv6) {
    return Frame.address(v4 ? ipv4 : ipv6);
  }

  private InetAddress client() {
    return address("10.9.1.1", "2001:db8:9::1");
  }

  private InetAddress vip() {
    return address("192.0.2.1", "2001:db8::1");
  }

  private VirtualService serve(Bench bench, Transport transport) {
    var locals = List.of(address("10.20.1.1", "2001:db8:21::1"));
    var fullNat = new Forwarding.FullNat(locals, 1024, 65_000, Forwarding.Introduction.PROXY_V2);
    var service = new VirtualService(vip(), 80, transport, fullNat);
    bench.serve(
        service, List.of(new PacketEndpoint(address("10.20.0.21", "2001:db8:20::21"), 8080)));
    return service;
  }

  /** Written by hand from section 2.2 of the protocol's text. */
  private byte[] header(boolean stream) {
    byte[] from = client().getAddress();
    return ByteBuffer.allocate(16 + 2 * from.length + 4)
        .put(HexFormat.of().parseHex("0d0a0d0a000d0a515549540a21"))
        .put((byte) ((v4 ? 0x10 : 0x20) | (stream ? 1 : 2)))
        .putShort((short) (2 * from.length + 4))
        .put(from)
        .put(vip().getAddress())
        .putShort((short) PORT)
        .putShort((short) 80)
        .array();
  }

  private int bytes() {
    return v4 ? 28 : 52;
  }

  private static byte[] joined(byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    var all = ByteBuffer.allocate(length);
    Arrays.stream(parts).forEach(all::put);
    return all.array();
  }

  /** The client's byte number so many, of which the first is 1. */
  private Frame fromClient(int flags, int number, int acknowledged, byte[] options, byte[] data) {
    return segment(client(), PORT, vip(), 80, flags, first + number, acknowledged, options, data);
  }

  private static Frame segment(
      InetAddress from,
      int fromPort,
      InetAddress to,
      int toPort,
      int flags,
      int sequence,
      int acknowledged,
      byte[] options,
      byte[] data) {
    int ip = from.getAddress().length == 4 ? 20 : 40;
    return Frame.segment(
            from, fromPort, to, toPort, flags, sequence, acknowledged, joined(options, data))
        .with(ip + 12, (5 + options.length / 4) << 4)
        .withTransportChecksum();
  }

  /** The endpoint has had so many bytes. */
  private Frame answer(Frame syn, int flags, int sequence, int had, byte[] options) {
    return segment(
        syn.destination(),
        8080,
        syn.source(),
        syn.sourcePort(),
        flags,
        sequence,
        first + 1 + had,
        options,
        NONE);
  }

  private static Frame checked(Frame frame) {
    assertThat(frame.checksumProblem()).isEmpty();
    return frame;
  }

  private Frame begin(Bench bench) {
    var syn = checked(bench.sent(fromClient(Frame.SYN, 0, 0, MSS, NONE)));
    assertThat(syn.tcpOptions()).isEqualTo(MSS);
    assertThat(syn.tcpData()).isEmpty();
    assertThat(syn.sequence()).isEqualTo(first);
    var back = answer(syn, Frame.SYN | Frame.ACK, ENDPOINT_FIRST, 0, MSS);
    var synAck = checked(bench.sent(back));
    assertThat(ByteBuffer.wrap(synAck.tcpOptions()).getShort(2))
        .as("clients leave room")
        .isEqualTo((short) (1460 - bytes()));
    assertThat(synAck.acknowledged()).isEqualTo(first + 1);
    return syn;
  }

  private void hasHeader(Frame sent, byte[] options, byte[] data) {
    checked(sent);
    assertThat(sent.tcpOptions()).isEqualTo(options);
    assertThat(sent.tcpData()).isEqualTo(joined(header(true), data));
    assertThat(sent.sequence()).isEqualTo(first + 1);
  }

  @ParameterizedTest
  @CsvSource({"true, 7", "true, -2", "true, -20", "false, 7", "false, -20", "false, -53"})
  void aStreamHasItsHeaderUntilTheEndpointHasIt(boolean family, int start) {
    v4 = family;
    first = start;
    byte[] data = "GET / HTTP/1.1".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    try (var bench = new Bench(PlaneOptions::withIntroductions)) {
      serve(bench, Transport.TCP);
      var syn = begin(bench);
      int told = ENDPOINT_FIRST + 1;
      hasHeader(bench.sent(fromClient(Frame.ACK, 1, told, NONE, NONE)), NONE, NONE);
      hasHeader(bench.sent(fromClient(Frame.ACK, 1, told, TIMESTAMPS, NONE)), TIMESTAMPS, NONE);
      for (int again = 0; again < 2; again++) {
        hasHeader(
            bench.sent(fromClient(Frame.ACK | Frame.PSH, 1, told, TIMESTAMPS, data)),
            TIMESTAMPS,
            data);
      }
      var second = checked(bench.sent(fromClient(Frame.ACK, 15, told, NONE, data)));
      assertThat(second.sequence()).isEqualTo(first + 15 + bytes());
      assertThat(second.tcpData()).isEqualTo(data);

      // A part of the header, and all of it.
      assertThat(checked(bench.sent(answer(syn, Frame.ACK, told, 9, NONE))).acknowledged())
          .isEqualTo(first + 1);
      hasHeader(bench.sent(fromClient(Frame.ACK, 1, told, NONE, data)), NONE, data);
      assertThat(checked(bench.sent(answer(syn, Frame.ACK, told, bytes(), NONE))).acknowledged())
          .isEqualTo(first + 1);
      var known = checked(bench.sent(fromClient(Frame.ACK, 1, told, NONE, data)));
      assertThat(known.tcpData()).as("it has the header").isEqualTo(data);
      assertThat(known.sequence()).isEqualTo(first + 1 + bytes());
      var had = checked(bench.sent(answer(syn, Frame.ACK, told, bytes() + 28, NONE)));
      assertThat(had.acknowledged()).isEqualTo(first + 29);
      assertThat(had.sequence()).as("the endpoint's own numbers").isEqualTo(told);
    }
  }

  /** Numbers go round after 4 GiB: what lay before the header is then data again. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void numbersThatComeAgainAreData(boolean family) {
    v4 = family;
    try (var bench = new Bench(PlaneOptions::withIntroductions)) {
      serve(bench, Transport.TCP);
      var syn = begin(bench);
      bench.sent(answer(syn, Frame.ACK, ENDPOINT_FIRST + 1, bytes(), NONE));
      for (int had : new int[] {Integer.MIN_VALUE, -1, 0, 1, bytes() - 1}) {
        assertThat(
                checked(bench.sent(answer(syn, Frame.ACK, ENDPOINT_FIRST, had, NONE)))
                    .acknowledged())
            .isEqualTo(first + 1 + had - bytes());
      }
      var data = new byte[] {1, 2, 3, 4};
      var sent = checked(bench.sent(fromClient(Frame.ACK, 1, ENDPOINT_FIRST, NONE, data)));
      assertThat(sent.tcpData()).isEqualTo(data);
    }
  }

  /** Blocks of selective acknowledgements, wherever they are among the options. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void blocksAreOfTheClientsNumbers(boolean family) {
    v4 = family;
    try (var bench = new Bench(PlaneOptions::withIntroductions)) {
      serve(bench, Transport.TCP);
      var syn = begin(bench);
      bench.sent(answer(syn, Frame.ACK, ENDPOINT_FIRST + 1, bytes(), NONE));
      for (byte[] before : new byte[][] {{1, 1}, TIMESTAMPS, {1}, {}, {1, 1, 1}}) {
        for (int blocks = 1; blocks <= 3; blocks++) {
          byte[] option = blocks(before, blocks, bytes());
          if (option.length > 40) {
            continue;
          }
          var answer = answer(syn, Frame.ACK, ENDPOINT_FIRST + 1, 100, option);
          assertThat(checked(bench.sent(answer)).tcpOptions()).isEqualTo(blocks(before, blocks, 0));
        }
      }
    }
  }

  private byte[] blocks(byte[] before, int count, int more) {
    var option = ByteBuffer.allocate((before.length + 2 + 8 * count + 3) / 4 * 4);
    option.put(before).put((byte) 5).put((byte) (2 + 8 * count));
    for (int i = 0; i < count; i++) {
      option.putInt(first + 1000 * i + more).putInt(first + 1000 * i + 500 + more);
    }
    return option.array();
  }

  /** What a hostile endpoint writes there must not lead anywhere. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anyOptionsAreCarried(boolean family) {
    v4 = family;
    var random = new Random(3);
    try (var bench = new Bench(PlaneOptions::withIntroductions)) {
      serve(bench, Transport.TCP);
      var syn = begin(bench);
      bench.sent(answer(syn, Frame.ACK, ENDPOINT_FIRST + 1, bytes(), NONE));
      for (int i = 0; i < 5000; i++) {
        byte[] options = new byte[4 * random.nextInt(11)];
        for (int at = 0; at < options.length; at++) {
          options[at] = (byte) (random.nextBoolean() ? random.nextInt(8) : random.nextInt());
        }
        checked(bench.sent(answer(syn, Frame.ACK, ENDPOINT_FIRST + 1, 100 + i, options)));
        byte[] data = new byte[random.nextInt(1300)];
        random.nextBytes(data);
        var sent = checked(bench.sent(fromClient(Frame.ACK, 2 + i, ENDPOINT_FIRST, options, data)));
        assertThat(sent.tcpData()).isEqualTo(data);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anyFirstSegmentKeepsItsOptionsAndBytes(boolean family) {
    v4 = family;
    var random = new Random(4);
    try (var bench = new Bench(PlaneOptions::withIntroductions)) {
      serve(bench, Transport.TCP);
      begin(bench);
      for (int i = 0; i < 10_000; i++) {
        byte[] options = new byte[4 * random.nextInt(11)];
        byte[] data = new byte[random.nextInt(1300)];
        random.nextBytes(options);
        random.nextBytes(data);
        hasHeader(bench.sent(fromClient(Frame.ACK, 1, 9, options, data)), options, data);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatDoesNotFitIsAnsweredAndWhatMayNotBeIsDropped(boolean family) {
    v4 = family;
    try (var bench = new Bench(PlaneOptions::withIntroductions)) {
      var service = serve(bench, Transport.TCP);
      var early = fromClient(Frame.SYN, 0, 0, MSS, new byte[] {1, 2});
      assertThat(bench.run(early).verdict()).as("bytes before the header").isEqualTo(Bench.DROP);
      assertThat(bench.dropped(service, DropReason.TCP_FLAGS)).isEqualTo(1);
      begin(bench);
      int fits = Bench.MTU - (v4 ? 40 : 60) - bytes();
      var largest = bench.sent(fromClient(Frame.ACK, 1, 9, NONE, new byte[fits]));
      hasHeader(largest, NONE, new byte[fits]);
      assertThat(largest.length()).isEqualTo(Bench.MTU);
      var answer = checked(bench.sent(fromClient(Frame.ACK, 1, 9, NONE, new byte[fits + 1])));
      assertThat(answer.icmpType()).isEqualTo(v4 ? 3 : 2);
      assertThat(answer.icmpRest()).isEqualTo(Bench.MTU - bytes());
      assertThat(answer.destination()).isEqualTo(client());
      assertThat(bench.dropped(service, DropReason.TOO_BIG)).isEqualTo(1);
    }
  }

  /** Each with the number that the endpoint expects at the time. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void resets(boolean family) {
    v4 = family;
    try (var bench = new Bench(PlaneOptions::withIntroductions)) {
      serve(bench, Transport.TCP);
      begin(bench);
      var refusing = checked(bench.sent(fromClient(Frame.RST, 1, 0, NONE, NONE)));
      assertThat(refusing.sequence()).as("of what was never taken").isEqualTo(first + 1);
      bench.sent(fromClient(Frame.ACK, 1, ENDPOINT_FIRST + 1, NONE, NONE));
      var later = checked(bench.sent(fromClient(Frame.RST, 1, 0, NONE, NONE)));
      assertThat(later.sequence()).isEqualTo(first + 1 + bytes());
      assertThat(later.tcpData()).isEmpty();
    }
  }

  /** The same port again: the endpoint says with which number. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theNextConnectionHasItsOwnNumbers(boolean family) {
    v4 = family;
    try (var bench = new Bench(PlaneOptions::withIntroductions)) {
      serve(bench, Transport.TCP);
      for (int start : new int[] {1000, 500_000, -7}) {
        first = start;
        var syn = begin(bench);
        hasHeader(bench.sent(fromClient(Frame.ACK, 1, 9, NONE, NONE)), NONE, NONE);
        bench.sent(answer(syn, Frame.ACK, ENDPOINT_FIRST + 1, bytes(), NONE));
        var fin = checked(bench.sent(fromClient(Frame.FIN | Frame.ACK, 1, 9, NONE, NONE)));
        assertThat(fin.sequence()).isEqualTo(first + 1 + bytes());
        bench.sent(answer(syn, Frame.FIN | Frame.ACK, ENDPOINT_FIRST + 1, bytes() + 1, NONE));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void errorsQuoteTheClientsNumbers(boolean family) {
    v4 = family;
    try (var bench = new Bench(PlaneOptions::withIntroductions)) {
      serve(bench, Transport.TCP);
      var syn = begin(bench);
      bench.sent(answer(syn, Frame.ACK, ENDPOINT_FIRST + 1, bytes(), NONE));
      for (int number : new int[] {2, 5000}) {
        var sent = bench.sent(fromClient(Frame.ACK, number, 9, NONE, new byte[64]));
        var router = address("198.51.100.7", "2001:db8:ee::1");
        var error = Frame.icmp(router, sent.source(), v4 ? 3 : 2, v4 ? 4 : 0, 1400, sent.ipBytes());
        var back = checked(bench.sent(error));
        assertThat(back.destination()).isEqualTo(client());
        assertThat(back.quoted().sequence()).isEqualTo(first + number);
      }
    }
  }

  /** Cookies first: then the numbers of both sides are others. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void behindTheSynProxy(boolean family) {
    v4 = family;
    UnaryOperator<PlaneOptions> proxied =
        options -> options.withIntroductions().withSynProxy(SynProxy.always());
    try (var bench = new Bench(proxied)) {
      serve(bench, Transport.TCP);
      var answer = checked(bench.sent(fromClient(Frame.SYN, 0, 0, MSS, NONE)));
      assertThat(ByteBuffer.wrap(answer.tcpOptions()).getShort(2))
          .isEqualTo((short) (1460 - bytes() - (v4 ? 0 : 20)));
      int cookie = answer.sequence();
      var syn = checked(bench.sent(fromClient(Frame.ACK, 1, cookie + 1, NONE, NONE)));
      assertThat(syn.tcpFlags()).isEqualTo(Frame.SYN);
      assertThat(syn.sequence()).isEqualTo(first);
      checked(bench.sent(answer(syn, Frame.SYN | Frame.ACK, ENDPOINT_FIRST, 0, MSS)));
      byte[] data = {1, 2, 3};
      var sent = bench.sent(fromClient(Frame.ACK, 1, cookie + 1, NONE, data));
      hasHeader(sent, NONE, data);
      assertThat(sent.acknowledged()).isEqualTo(ENDPOINT_FIRST + 1);
      var had = checked(bench.sent(answer(syn, Frame.ACK, ENDPOINT_FIRST + 1, bytes() + 3, NONE)));
      assertThat(had.sequence()).isEqualTo(cookie + 1);
      assertThat(had.acknowledged()).isEqualTo(first + 4);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void eachDatagramHasAHeader(boolean family) {
    v4 = family;
    var random = new Random(5);
    try (var bench = new Bench(PlaneOptions::withIntroductions)) {
      var service = serve(bench, Transport.UDP);
      for (int i = 0; i < 10_000; i++) {
        byte[] data = new byte[random.nextInt(1300)];
        random.nextBytes(data);
        var datagram = Frame.udp(client(), PORT, vip(), 80, data);
        boolean summed = !v4 || random.nextInt(4) > 0;
        var sent = checked(bench.sent(summed ? datagram : datagram.withoutUdpChecksum()));
        assertThat(sent.payload()).isEqualTo(joined(header(false), data));
        assertThat(sent.length()).isEqualTo(datagram.length() + bytes());
      }
      int fits = Bench.MTU - (v4 ? 28 : 48) - bytes();
      bench.sent(Frame.udp(client(), PORT, vip(), 80, new byte[fits]));
      var told = checked(bench.sent(Frame.udp(client(), PORT, vip(), 80, new byte[fits + 1])));
      assertThat(told.icmpRest()).isEqualTo(Bench.MTU - bytes());
      if (v4) {
        var fragment =
            Frame.udp(client(), PORT, vip(), 80, new byte[80]).with(6, 0x20).withHeaderChecksum();
        assertThat(bench.run(fragment).verdict()).isEqualTo(Bench.DROP);
        assertThat(bench.dropped(service, DropReason.FRAGMENT)).isEqualTo(1);
      }
    }
  }
}
