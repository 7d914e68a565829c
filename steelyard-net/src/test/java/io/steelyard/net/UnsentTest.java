package io.steelyard.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class UnsentTest {
  @Test
  void isWhatWasWrittenUntilItIsTaken() {
    EmbeddedChannel channel = new EmbeddedChannel();
    assertThat(Unsent.bytes(channel)).isZero();

    channel.write(Unpooled.wrappedBuffer(new byte[1_000]));
    channel.write(Unpooled.wrappedBuffer(new byte[500]));
    assertThat(Unsent.bytes(channel)).isBetween(1_500L, 2_000L);

    channel.flush();
    assertThat(Unsent.bytes(channel)).isZero();
    channel.finishAndReleaseAll();
  }

  @Test
  void isNothingOnceTheConnectionIsClosed() {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.write(Unpooled.wrappedBuffer(new byte[1_000]));
    channel.close();
    assertThat(Unsent.bytes(channel)).isZero();
  }
}
