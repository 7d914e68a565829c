package io.steelyard.codec.proxyprotocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.steelyard.codec.proxyprotocol.ProxyHeader.Extra;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {
  private static final ProxyHeader FOUR = header("10.0.0.1", 56324, "192.168.0.2", 443);
  private static final ProxyHeader SIX = header("2001:db8::1", 1, "fd00::2", 65535);

  private static ProxyHeader header(String from, int fromPort, String to, int toPort) {
    return ProxyHeader.of(address(from, fromPort), address(to, toPort));
  }

  private static InetSocketAddress address(String host, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(host), port);
  }

  private static ByteBuf v1(ProxyHeader header) {
    return ProxyHeaderWriter.version1(header, UnpooledByteBufAllocator.DEFAULT);
  }

  private static ByteBuf v2(ProxyHeader header) {
    return ProxyHeaderWriter.version2(header, UnpooledByteBufAllocator.DEFAULT);
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
  }

  private static int read(ByteBuf bytes) {
    return new ProxyHeaderReader().read(bytes, 0, bytes.writerIndex());
  }

  private static ProxyHeader readBack(ByteBuf bytes) {
    ProxyHeaderReader reader = new ProxyHeaderReader();
    int length = bytes.readableBytes();
    for (int end = 0; end < length; end++) {
      assertThat(reader.read(bytes, 0, end)).isEqualTo(ProxyHeaderReader.INCOMPLETE);
    }
    bytes.writeBytes(new byte[] {'G', 'E', 'T'});
    assertThat(reader.read(bytes, 0, bytes.writerIndex())).isEqualTo(length);
    bytes.release();
    return reader.header();
  }

  @Test
  void whatIsWrittenIsReadBack() {
    assertThat(readBack(v1(FOUR))).isEqualTo(FOUR);
    assertThat(readBack(v1(SIX))).isEqualTo(SIX);
    assertThat(readBack(v2(FOUR))).isEqualTo(FOUR);
    assertThat(readBack(v2(SIX))).isEqualTo(SIX);
    assertThat(readBack(v1(ProxyHeader.LOCAL))).isEqualTo(ProxyHeader.LOCAL);
    assertThat(readBack(v2(ProxyHeader.LOCAL))).isEqualTo(ProxyHeader.LOCAL);
  }

  @Test
  void theFormOfTheSpecification() {
    ByteBuf line = v1(FOUR);
    assertThat(line.toString(StandardCharsets.US_ASCII))
        .isEqualTo("PROXY TCP4 10.0.0.1 192.168.0.2 56324 443\r\n");
    line.release();
    ByteBuf binary = v2(FOUR);
    assertThat(ByteBufUtil.hexDump(binary))
        .isEqualTo("0d0a0d0a000d0a515549540a" + "2111000c" + "0a000001c0a80002dc0401bb");
    binary.release();
  }

  @Test
  void mixedFamiliesAreWrittenAsIpv6() {
    ProxyHeader mixed = ProxyHeader.of(address("10.0.0.1", 5), address("2001:db8::1", 6));
    ByteBuf line = v1(mixed);
    assertThat(line.toString(StandardCharsets.US_ASCII))
        .isEqualTo("PROXY TCP6 ::ffff:10.0.0.1 2001:db8:0:0:0:0:0:1 5 6\r\n");
    line.release();
    assertThat(readBack(v2(mixed))).isEqualTo(mixed);
  }

  @Test
  void extrasAreKept() {
    List<Extra> extras =
        List.of(
            new Extra(Extra.ALPN, new byte[] {'h', '2'}),
            new Extra(0xE7, new byte[0]),
            new Extra(Extra.AUTHORITY, new byte[] {'a'}));
    ProxyHeader read =
        readBack(v2(new ProxyHeader(FOUR.source(), FOUR.destination(), true, extras)));
    assertThat(read.datagram()).isTrue();
    assertThat(read.extras()).usingRecursiveComparison().isEqualTo(extras);
  }

  @Test
  void aChecksumIsChecked() {
    ByteBuf bytes =
        v2(
            new ProxyHeader(
                FOUR.source(),
                FOUR.destination(),
                false,
                List.of(new Extra(Extra.CRC32C, new byte[4]))));
    CRC32C sum = new CRC32C();
    sum.update(ByteBufUtil.getBytes(bytes));
    bytes.setInt(bytes.writerIndex() - 4, (int) sum.getValue());
    assertThat(read(bytes)).isEqualTo(bytes.readableBytes());
    bytes.setByte(20, 99);
    assertThat(read(bytes)).isEqualTo(ProxyHeaderReader.MALFORMED);
    bytes.release();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PROXY UNKNOWN\r\n",
        "PROXY UNKNOWN whatever 1 2 3\r\n",
        "PROXY TCP6 ::1 ::1 0 65535\r\n",
      })
  void linesThatAreFine(String line) {
    assertThat(read(bytes(line + "x"))).isEqualTo(line.length());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n",
        "PROXY\r\n",
        "PROXY \r\n",
        "PROXY TCP4 10.0.0.1 10.0.0.2 1 2\n",
        "PROXY TCP4 10.0.0.1 10.0.0.2 1\r\n",
        "PROXY TCP4 10.0.0.1 10.0.0.2 1 2 3\r\n",
        "PROXY TCP4  10.0.0.1 10.0.0.2 1 2\r\n",
        "PROXY TCP4 10.0.0.256 10.0.0.2 1 2\r\n",
        "PROXY TCP4 10.0.1 10.0.0.2 1 2\r\n",
        "PROXY TCP4 ::1 ::1 1 2\r\n",
        "PROXY TCP6 10.0.0.1::5 ::1 1 2\r\n",
        "PROXY TCP4 10.0.0.1 10.0.0.2 01 2\r\n",
        "PROXY TCP4 10.0.0.1 10.0.0.2 -1 2\r\n",
        "PROXY TCP4 10.0.0.1 10.0.0.2 65536 2\r\n",
        "PROXY UDP4 10.0.0.1 10.0.0.2 1 2\r\n",
        "PROXY TCP4 localhost 10.0.0.2 1 2\r\n",
        "\r\n\r\n\0\r\nQUIX\n",
        "\r\n\r\n\0\r\nQUIT\n\021\021\0\0",
        "\r\n\r\n\0\r\nQUIT\n\42\021\0\0",
        "\r\n\r\n\0\r\nQUIT\n\041\021\0\002xx",
        "\r\n\r\n\0\r\nQUIT\n\041\101\0\0",
        "\r\n\r\n\0\r\nQUIT\n\041\023\0\014123456789012",
        "\r\n\r\n\0\r\nQUIT\n\040\0\0\002\001\0",
        "\r\n\r\n\0\r\nQUIT\n\040\0\0\004\001\0\002x",
        "\r\n\r\n\0\r\nQUIT\n\040\0\377\377",
      })
  void whatBreaksTheRulesIsRefused(String header) {
    assertThat(read(bytes(header))).isEqualTo(ProxyHeaderReader.MALFORMED);
  }

  @Test
  void aLineWithoutEndIsNotWaitedForForEver() {
    assertThat(read(bytes("PROXY UNKNOWN " + "x".repeat(92))))
        .isEqualTo(ProxyHeaderReader.INCOMPLETE);
    assertThat(read(bytes("PROXY UNKNOWN " + "x".repeat(93))))
        .isEqualTo(ProxyHeaderReader.MALFORMED);
  }

  @Test
  void unixAddressesAndUnspecifiedOnesSayNothing() {
    ByteBuf unix = bytes("\r\n\r\n\0\r\nQUIT\n\041\061\0\330" + "x".repeat(216));
    assertThat(readBack(unix)).isEqualTo(ProxyHeader.LOCAL);
    assertThat(readBack(bytes("\r\n\r\n\0\r\nQUIT\n\041\0\0\0"))).isEqualTo(ProxyHeader.LOCAL);
  }

  @Test
  void aHeaderHasBothAddressesOrNone() {
    assertThatThrownBy(() -> new ProxyHeader(FOUR.source(), null, false, List.of()))
        .hasMessageContaining("both");
    assertThatThrownBy(() -> new ProxyHeaderReader().header())
        .isInstanceOf(IllegalStateException.class);
  }
}
