package io.steelyard.codec.proxyprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.codec.proxyprotocol.ProxyHeader.Extra;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Byte for byte what section 2.2.6 of the specification describes. */
class SslExtraTest {
  private static String text(Extra extra) {
    assertThat(extra.type()).isEqualTo(0x20);
    return new String(extra.value(), StandardCharsets.UTF_8);
  }

  @Test
  void aClientWithoutACertificateIsNotVerified() {
    assertThat(text(SslExtra.anonymous("TLSv1.2", "ECDHE")))
        .isEqualTo("\1\0\0\0\1!\0\7TLSv1.2#\0\5ECDHE");
  }

  @Test
  void aClientWithACertificateHasAName() {
    assertThat(text(SslExtra.verified("TLSv1.3", "AES", "Zoë")))
        .isEqualTo("\5\0\0\0\0!\0\7TLSv1.3\"\0\4Zoë#\0\3AES");
    assertThat(text(SslExtra.verified("TLSv1.3", "AES", null)))
        .isEqualTo("\5\0\0\0\0!\0\7TLSv1.3#\0\3AES");
  }

  @Test
  void aLongNameKeepsItsLength() {
    Extra extra = SslExtra.verified("T", "C", "n".repeat(300));
    assertThat(extra.value()).hasSize(5 + 4 + 303 + 4);
    assertThat(extra.value()[10]).isEqualTo((byte) 1); // 300 is 0x012c
    assertThat(extra.value()[11]).isEqualTo((byte) 0x2c);
  }
}
