package io.steelyard.codec.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of QUIC packets. */
class QuicPacketTest {
  private static ByteBuf bytes(String hex) {
    return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex));
  }

  @Test
  void theClientsInitialOfTheSpecificationsExample() {
    // RFC 9001 appendix A.2: destination 8394c8f03e515708, no source
    ByteBuf packet = bytes("c300000001088394c8f03e5157080000449e7b9aec34");
    QuicPacket parsed = new QuicPacket();
    assertThat(parsed.parseLong(packet, 0, packet.writerIndex())).isTrue();
    assertThat(ByteBufUtil.hexDump(packet, parsed.destination(), parsed.destinationLength()))
        .isEqualTo("8394c8f03e515708");
    assertThat(parsed.sourceLength()).isZero();
    assertThat(QuicPacket.isShort(packet, 0, packet.writerIndex())).isFalse();
  }

  @Test
  void theServersInitialOfTheSpecificationsExample() {
    // RFC 9001 appendix A.3: no destination, source f067a5502a4262b5
    ByteBuf packet = bytes("cf000000010008f067a5502a4262b5004075c0d9");
    QuicPacket parsed = new QuicPacket();
    assertThat(parsed.parseLong(packet, 0, packet.writerIndex())).isTrue();
    assertThat(parsed.destinationLength()).isZero();
    assertThat(ByteBufUtil.hexDump(packet, parsed.source(), parsed.sourceLength()))
        .isEqualTo("f067a5502a4262b5");
  }

  @ParameterizedTest
  @CsvSource({"4cfe4189655e, true", "00, true", "7f, true", "80, false", "'', false"})
  void shortHeaders(String hex, boolean isShort) {
    ByteBuf packet = bytes(hex);
    assertThat(QuicPacket.isShort(packet, 0, packet.writerIndex())).isEqualTo(isShort);
    assertThat(new QuicPacket().parseLong(packet, 0, packet.writerIndex())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "c0",
        "c000000001",
        "c00000000108",
        "c0000000010801",
        "c000000001010a",
        "c0000000010008",
        "c00000000115",
        "c0000000010015000000000000000000000000000000000000000000"
      })
  void whatIsCutOffOrTooLongIsNone(String hex) {
    ByteBuf packet = bytes(hex);
    assertThat(new QuicPacket().parseLong(packet, 0, packet.writerIndex())).isFalse();
  }

  @Test
  void whateverComesIdsAreWithin() {
    SplittableRandom random = new SplittableRandom(9);
    QuicPacket parsed = new QuicPacket();
    int found = 0;
    for (int i = 0; i < 100_000; i++) {
      byte[] bytes = new byte[random.nextInt(64)];
      random.nextBytes(bytes);
      for (int j = 5; j < bytes.length && random.nextInt(3) > 0; j++) {
        bytes[j] = (byte) random.nextInt(24);
      }
      ByteBuf packet = Unpooled.wrappedBuffer(bytes);
      int from = random.nextInt(bytes.length + 1);
      if (parsed.parseLong(packet, from, bytes.length)) {
        found++;
        assertThat(parsed.destination()).isBetween(from + 6, bytes.length);
        assertThat(parsed.destinationLength()).isBetween(0, QuicPacket.LONGEST_ID);
        assertThat(parsed.source())
            .isEqualTo(parsed.destination() + parsed.destinationLength() + 1);
        assertThat(parsed.source() + parsed.sourceLength()).isLessThanOrEqualTo(bytes.length);
      }
    }
    assertThat(found).isPositive();
  }
}
