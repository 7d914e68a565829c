package io.steelyard.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ByteViewTest {

  private final BufferView view = new BufferView();

  @Test
  void looksAtARangeOfABuffer() {
    ByteBuf buf = ascii("GET /path HTTP/1.1");
    view.set(buf, 4, 9);
    assertThat(view.length()).isEqualTo(5);
    assertThat(view.at(0)).isEqualTo((byte) '/');
    assertThat(view).hasToString("/path");
    assertThatThrownBy(() -> view.at(5)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> view.at(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> view.set(buf, 4, 100)).isInstanceOf(IndexOutOfBoundsException.class);
    view.clear();
    assertThat(view.length()).isZero();
  }

  @Test
  void equalBytesHaveEqualHashesWhereverTheyAre() {
    view.set(ascii("xxExample.COMxx"), 2, 13);
    ByteView host = ByteView.of("example.com");
    assertThat(view.equalsIgnoreCase(host)).isTrue();
    assertThat(view.sameBytes(host)).isFalse();
    assertThat(view.hashIgnoreCase(0, 11)).isEqualTo(host.hashIgnoreCase(0, 11));
    assertThat(view.hash(0, 11)).isNotEqualTo(host.hash(0, 11));
    assertThat(view.hash(7, 11)).isEqualTo(ByteView.of(".COM").hash(0, 4));
    assertThat(view.equalsIgnoreCase(7, 11, ByteView.of(".com"))).isTrue();
    assertThat(view.equalsIgnoreCase(ByteView.of("example.org"))).isFalse();
    assertThat(view.equalsIgnoreCase(ByteView.of("example.co"))).isFalse();
  }

  @Test
  void foldsAsciiLettersOnly() {
    assertThat(ByteView.of("@[`{").equalsIgnoreCase(ByteView.of("`{@["))).isFalse();
    assertThat(ByteView.lower((byte) 'Z')).isEqualTo((byte) 'z');
    assertThat(ByteView.lower((byte) '[')).isEqualTo((byte) '[');
    assertThat(ByteView.lower((byte) 0xC4)).isEqualTo((byte) 0xC4);
  }

  @Test
  void findsPrefixesAndBytes() {
    ByteView path = ByteView.of("/v1/users?x=1");
    assertThat(path.startsWith(0, ByteView.of("/v1/"))).isTrue();
    assertThat(path.startsWith(4, ByteView.of("users"))).isTrue();
    assertThat(path.startsWith(0, ByteView.of("/v2"))).isFalse();
    assertThat(path.startsWith(12, ByteView.of("12"))).isFalse();
    assertThat(path.startsWith(-1, ByteView.of("/"))).isFalse();
    assertThat(path.indexOf('/', 1)).isEqualTo(3);
    assertThat(path.indexOf('#', 0)).isEqualTo(-1);
    assertThat(path).hasToString("/v1/users?x=1");
    assertThat(ByteView.of("x").sameBytes(ByteView.of("x"))).isTrue();
  }

  private static ByteBuf ascii(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }
}
