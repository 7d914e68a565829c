package io.steelyard.codec.rdp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RdpCookieTest {
  private static final RdpCookie COOKIE = new RdpCookie("mstshash");

  private static ByteBuf request(int code, String variable) {
    byte[] rest = variable.getBytes(StandardCharsets.ISO_8859_1);
    return Unpooled.buffer()
        .writeByte(3)
        .writeByte(0)
        .writeShort(11 + rest.length)
        .writeByte(6 + rest.length)
        .writeByte(code)
        .writeZero(5)
        .writeBytes(rest);
  }

  private static String value(ByteBuf request) {
    int from = COOKIE.find(request, 0, request.writerIndex());
    return from < 0
        ? String.valueOf(from)
        : request.toString(
            from,
            RdpCookie.endOf(request, from, request.writerIndex()) - from,
            StandardCharsets.ISO_8859_1);
  }

  @Test
  void theUserOfAConnectionRequest() {
    assertThat(value(request(0xE0, "Cookie: mstshash=alice\r\n\1\0\10\0\3\0\0\0")))
        .isEqualTo("alice");
    assertThat(value(request(0xE0, "cookie: mstshash=bob"))).isEqualTo("bob");
    assertThat(value(request(0xE0, "Cookie: mstshash=\r\n"))).isEmpty();
  }

  @Test
  void whatIsNoneHasNone() {
    assertThat(value(request(0xD0, "Cookie: mstshash=alice\r\n"))).isEqualTo("-2");
    assertThat(value(request(0xE0, "Cookie: other=alice\r\n"))).isEqualTo("-2");
    assertThat(value(request(0xE0, ""))).isEqualTo("-2");
    assertThat(value(Unpooled.copiedBuffer("GET / HTTP/1.1", StandardCharsets.US_ASCII)))
        .isEqualTo("-2");
    assertThat(value(Unpooled.wrappedBuffer(new byte[] {3, 0, 127, 0}))).isEqualTo("-2");
    assertThat(value(Unpooled.wrappedBuffer(new byte[] {3, 0, 0, 4}))).isEqualTo("-2");
  }

  @Test
  void everyBeginningIsIncomplete() {
    ByteBuf request = request(0xE0, "Cookie: mstshash=alice\r\n");
    for (int end = 0; end < request.writerIndex(); end++) {
      assertThat(COOKIE.find(request, 0, end)).isEqualTo(RdpCookie.INCOMPLETE);
    }
  }
}
