package io.steelyard.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.steelyard.net.Reading;
import io.steelyard.net.Resets;
import io.steelyard.net.Unsent;
import io.steelyard.net.tls.Ending;
import io.steelyard.proxy.stats.Counter;

/** A whole connection as the end of a {@link Tunnel}. Belongs to its event loop. */
public final class ChannelEnd implements TunnelEnd {
  private final Channel channel;
  private final Counter sent;
  private final Runnable over;

  /**
   * @param sent counts the bytes that go to it
   * @param over run once, when the tunnel has let go of it
   */
  public ChannelEnd(Channel channel, Counter sent, Runnable over) {
    this.channel = channel;
    this.sent = sent;
    this.over = over;
  }

  @Override
  public void write(ByteBuf buf) {
    sent.add(buf.readableBytes());
    channel.write(buf, channel.voidPromise());
  }

  @Override
  public void flush() {
    channel.flush();
  }

  @Override
  public void endOutput() {
    Ending.output(channel, () -> {});
  }

  @Override
  public boolean isReady() {
    return channel.isWritable();
  }

  @Override
  public void setReading(boolean reading) {
    Reading.set(channel, reading);
  }

  @Override
  public long progress() {
    return Unsent.bytes(channel);
  }

  @Override
  public void close() {
    if (channel.isActive()) {
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> channel.close());
    }
    over.run();
  }

  @Override
  public void drop() {
    channel.close();
    over.run();
  }

  @Override
  public void cut() {
    Resets.close(channel);
    over.run();
  }
}
