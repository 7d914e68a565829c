package io.steelyard.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.packet.bpf.NeedsRoot;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** FullNAT: endpoints are told their client's address in a TCP option. */
@NeedsRoot
class TellTest {
  private static final int PORT = 0x1234;
  private static final int FIRST = 77_000;
  private static final byte[] NONE = new byte[0];
  private static final byte[] TIMESTAMPS = {1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8};
  private static final byte[] MSS = {2, 4, 1460 >> 8, (byte) 1460};

  private boolean v4 = true;

  private InetAddress address(String ipv4, String ipv6) {
    return Frame.address(v4 ? ipv4 : ipv6);
  }

  private InetAddress client() {
    return address("10.9.1.1", "2001:db8:9::1");
  }

  private VirtualService service(boolean tells) {
    var locals = List.of(address("10.20.1.1", "2001:db8:21::1"));
    return new VirtualService(
        address("192.0.2.1", "2001:db8::1"),
        80,
        Transport.TCP,
        new Forwarding.FullNat(
            locals,
            1024,
            65_000,
            tells ? Forwarding.Introduction.TOA : Forwarding.Introduction.NONE));
  }

  private void serve(Bench bench, boolean tells) {
    bench.serve(
        service(tells),
        List.of(new PacketEndpoint(address("10.20.0.21", "2001:db8:20::21"), 8080)));
  }

  private Frame fromClient(int flags, int acknowledged, byte[] rest, int options) {
    var frame =
        Frame.segment(client(), PORT, service(true).address(), 80, flags, 500, acknowledged, rest);
    return frame.with((v4 ? 20 : 40) + 12, (5 + options / 4) << 4).withTransportChecksum();
  }

  private byte[] option() {
    byte[] address = client().getAddress();
    return ByteBuffer.allocate(4 + address.length)
        .put((byte) 254)
        .put((byte) (4 + address.length))
        .putShort((short) PORT)
        .put(address)
        .array();
  }

  private static Frame checked(Frame frame) {
    assertThat(frame.checksumProblem()).isEmpty();
    return frame;
  }

  private Frame begin(Bench bench) {
    var syn = checked(bench.sent(fromClient(Frame.SYN, 0, MSS, 4)));
    assertThat(syn.tcpOptions()).as("nothing in the SYN").isEqualTo(MSS);
    return syn;
  }

  private static Frame answer(Frame syn, int flags, int sequence, byte[] options) {
    return Frame.segment(
        syn.destination(), 8080, syn.source(), syn.sourcePort(), flags, sequence, 501, options);
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void untilTheEndpointHasSaidSomething(boolean family) {
    v4 = family;
    try (var bench = new Bench()) {
      serve(bench, true);
      var syn = begin(bench);
      var synAck = checked(bench.sent(answer(syn, Frame.SYN | Frame.ACK, FIRST, MSS)));
      int room = option().length;
      assertThat(ByteBuffer.wrap(synAck.tcpOptions()).getShort(2))
          .as("clients leave room")
          .isEqualTo((short) (1460 - room));
      assertThat(synAck.sequence()).isEqualTo(FIRST);

      var acknowledgement = checked(bench.sent(fromClient(Frame.ACK, FIRST + 1, NONE, 0)));
      assertThat(acknowledgement.tcpOptions()).isEqualTo(option());
      assertThat(acknowledgement.tcpData()).isEmpty();
      byte[] data = "GET / HTTP/1.1".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
      byte[] more = joined(Arrays.copyOf(TIMESTAMPS, TIMESTAMPS.length), joined(data, NONE));
      var request =
          checked(bench.sent(fromClient(Frame.ACK | Frame.PSH, FIRST + 1, pad(more), 12)));
      assertThat(request.tcpOptions()).isEqualTo(joined(option(), TIMESTAMPS));
      assertThat(request.tcpData()).startsWith(data);
      assertThat(request.sequence()).isEqualTo(500);

      checked(bench.sent(answer(syn, Frame.ACK, FIRST + 1, NONE)));
      var later = checked(bench.sent(fromClient(Frame.ACK, FIRST + 9, TIMESTAMPS, 12)));
      assertThat(later.tcpOptions()).isEqualTo(TIMESTAMPS);
      var old = checked(bench.sent(fromClient(Frame.ACK, FIRST + 1, NONE, 0)));
      assertThat(old.tcpOptions()).as("no more").isEmpty();
    }
  }

  private static byte[] pad(byte[] bytes) {
    return Arrays.copyOf(bytes, (bytes.length + 3) / 4 * 4);
  }

  /** A packet that would grow too large goes on without, as do those whose options are full. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whereThereIsRoom(boolean family) {
    v4 = family;
    try (var bench = new Bench()) {
      serve(bench, true);
      var syn = begin(bench);
      bench.sent(answer(syn, Frame.SYN | Frame.ACK, FIRST, NONE));
      int header = v4 ? 40 : 60;
      var full = fromClient(Frame.ACK, FIRST + 1, new byte[Bench.MTU - header], 0);
      assertThat(checked(bench.sent(full)).tcpOptions()).isEmpty();
      int fits = Bench.MTU - header - option().length;
      var largest = checked(bench.sent(fromClient(Frame.ACK, FIRST + 1, new byte[fits], 0)));
      assertThat(largest.tcpOptions()).isEqualTo(option());
      assertThat(largest.length()).isEqualTo(Bench.MTU);
      byte[] options = new byte[40];
      Arrays.fill(options, (byte) 1);
      var crowded = checked(bench.sent(fromClient(Frame.ACK, FIRST + 1, options, 40)));
      assertThat(crowded.tcpOptions()).isEqualTo(options);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nothingIsToldUnlessItIsWanted(boolean family) {
    v4 = family;
    try (var bench = new Bench()) {
      serve(bench, false);
      var syn = begin(bench);
      var synAck = bench.sent(answer(syn, Frame.SYN | Frame.ACK, FIRST, MSS));
      assertThat(synAck.tcpOptions()).isEqualTo(MSS);
      assertThat(bench.sent(fromClient(Frame.ACK, FIRST + 1, NONE, 0)).tcpOptions()).isEmpty();
    }
  }
}
