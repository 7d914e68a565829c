package io.steelyard.codec.radius;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RadiusRequestTest {
  /** A request with these attributes: type, value, type, value … */
  static ByteBuf request(int code, Object... attributes) {
    ByteBuf request = Unpooled.buffer().writeByte(code).writeByte(7).writeShort(0).writeZero(16);
    for (int i = 0; i < attributes.length; i += 2) {
      String value = (String) attributes[i + 1];
      request.writeByte((Integer) attributes[i]).writeByte(2 + value.length());
      request.writeCharSequence(value, StandardCharsets.US_ASCII);
    }
    return request.setShort(2, request.writerIndex());
  }

  private static String find(ByteBuf bytes, int type) {
    long found = RadiusRequest.find(bytes, 0, bytes.writerIndex(), type);
    return found == RadiusRequest.NONE
        ? "none"
        : bytes.toString((int) (found >>> 32), (int) found, StandardCharsets.US_ASCII);
  }

  @Test
  void findsTheFirstAttributeOfItsKind() {
    ByteBuf access = request(1, 4, "nas", 1, "alice", 31, "00-11-22", 1, "mallory");
    assertThat(find(access, RadiusRequest.USER_NAME)).isEqualTo("alice");
    assertThat(find(access, RadiusRequest.CALLING_STATION_ID)).isEqualTo("00-11-22");
    assertThat(find(access, 77)).isEqualTo("none");
    assertThat(find(request(4, 1, "bob"), RadiusRequest.USER_NAME)).isEqualTo("bob");
    assertThat(find(request(1, 1, ""), RadiusRequest.USER_NAME)).isEmpty();
  }

  @Test
  void whatIsNoRequestOrBroken() {
    assertThat(find(request(2, 1, "x"), 1)).as("an Access-Accept").isEqualTo("none");
    assertThat(find(request(1, 1, "x").setShort(2, 19), 1)).as("too short").isEqualTo("none");
    assertThat(find(request(1, 1, "x").setShort(2, 99), 1)).as("cut off").isEqualTo("none");
    assertThat(find(request(1, 4, "nas", 1, "x").setByte(21, 1), 1)).isEqualTo("none");
    assertThat(find(request(1, 4, "nas", 1, "x").setByte(21, 99), 1)).isEqualTo("none");
    ByteBuf padded = request(1, 1, "x");
    padded.writeByte(31).writeByte(3).writeByte('y');
    assertThat(find(padded, 31)).as("in the padding").isEqualTo("none");
  }

  @Test
  void anyBytesAreReadWithinTheirBounds() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 200_000; i++) {
      byte[] bytes = new byte[random.nextInt(80)];
      random.nextBytes(bytes);
      if (bytes.length > 3) {
        bytes[0] = (byte) (random.nextBoolean() ? 1 : 4);
        bytes[2] = 0;
      }
      long found = RadiusRequest.find(Unpooled.wrappedBuffer(bytes), 0, bytes.length, 1);
      if (found != RadiusRequest.NONE) {
        assertThat((int) (found >>> 32) + (int) found).isLessThanOrEqualTo(bytes.length);
      }
    }
  }
}
