package io.steelyard.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/** Scans by words must find what a scan byte by byte finds. */
class ScanTest {

  private static final String TOKEN =
      "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

  @Test
  void everyByteAtEveryPlace() {
    byte[] bytes = new byte[19];
    ByteBuf buf = Unpooled.wrappedBuffer(bytes);
    for (int place = 0; place < bytes.length; place++) {
      for (int b = 0; b < 256; b++) {
        Arrays.fill(bytes, (byte) 'a');
        bytes[place] = (byte) b;
        compare(buf, bytes, 0, bytes.length);
      }
    }
  }

  @Test
  void randomBytes() {
    Random random = new Random(1);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[random.nextInt(40)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] =
            (byte) (random.nextInt(8) == 0 ? random.nextInt(256) : 0x20 + random.nextInt(95));
      }
      int from = random.nextInt(bytes.length + 1);
      int to = from + random.nextInt(bytes.length - from + 1);
      compare(Unpooled.wrappedBuffer(bytes), bytes, from, to);
    }
  }

  private static void compare(ByteBuf buf, byte[] bytes, int from, int to) {
    assertThat(Scan.value(buf, from, to))
        .isEqualTo(first(bytes, from, to, c -> (c < 0x20 && c != '\t') || c == 0x7f));
    assertThat(Scan.visible(buf, from, to))
        .isEqualTo(first(bytes, from, to, c -> c <= 0x20 || c == 0x7f));
    assertThat(Scan.either(buf, from, to, '?', '#'))
        .isEqualTo(first(bytes, from, to, c -> c == '?' || c == '#'));
    assertThat(Scan.end(Scan.token(buf, from, to)))
        .isEqualTo(first(bytes, from, to, c -> TOKEN.indexOf(c) < 0));
  }

  private static int first(byte[] bytes, int from, int to, IntPredicate stops) {
    int i = from;
    while (i < to && !stops.test(bytes[i] & 0xff)) {
      i++;
    }
    return i;
  }

  @Test
  void aTokensHashIgnoresCase() {
    String name = "X-Forwarded-For";
    ByteBuf buf = Unpooled.wrappedBuffer(Heads.bytes(name + ":"));
    assertThat(Scan.hash(Scan.token(buf, 0, name.length() + 1)))
        .isEqualTo(Scan.hash("x-forwarded-for"));
    assertThat(Scan.hash(Scan.token(buf, 0, name.length())))
        .isEqualTo(Scan.hash("x-forwarded-for"));
  }
}
