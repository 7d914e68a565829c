package io.steelyard.codec.proxyprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;

/** {@code JAZZER_FUZZ=1} looks for new inputs; without it, those found before are tried again. */
class ProxyHeaderFuzzTest {

  @FuzzTest(maxDuration = "5m")
  void anyBytes(byte[] bytes) {
    ByteBuf buf = Unpooled.wrappedBuffer(bytes);
    ProxyHeaderReader reader = new ProxyHeaderReader();
    int length = reader.read(buf, 0, bytes.length);
    int first = ProxyHeaderReader.INCOMPLETE;
    for (int end = 0; end <= bytes.length && first == ProxyHeaderReader.INCOMPLETE; end++) {
      first = new ProxyHeaderReader().read(buf, 0, end);
    }
    assertThat(first).as("read in pieces").isEqualTo(length);
    if (length >= 0) {
      assertThat(length).isBetween(1, bytes.length);
      ByteBuf again = ProxyHeaderWriter.version2(reader.header(), UnpooledByteBufAllocator.DEFAULT);
      if (reader.header().extras().stream().noneMatch(e -> e.type() == ProxyHeader.Extra.CRC32C)) {
        ProxyHeaderReader second = new ProxyHeaderReader();
        assertThat(second.read(again, 0, again.writerIndex())).isEqualTo(again.writerIndex());
        assertThat(second.header().source()).isEqualTo(reader.header().source());
        assertThat(second.header().extras()).hasSameSizeAs(reader.header().extras());
      }
      again.release();
    }
  }
}
