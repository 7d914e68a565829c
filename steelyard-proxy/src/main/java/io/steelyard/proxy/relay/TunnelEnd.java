package io.steelyard.proxy.relay;

import io.netty.buffer.ByteBuf;

/**
 * One end of a {@link Tunnel}: a connection, or a stream of one, as far as bytes go to it. What
 * comes from it its owner tells through a {@link Tunnel.Side}. Called on its event loop.
 */
public interface TunnelEnd {
  /** Sends bytes, which are taken over, with the next {@link #flush}. */
  void write(ByteBuf buf);

  void flush();

  /** Sends no more after what was written. */
  void endOutput();

  /**
   * Does it take bytes as fast as they come? When it does again, {@link Tunnel.Side} is told by
   * {@code writabilityChanged}.
   */
  boolean isReady();

  /** Whether what it sends is read. */
  void setReading(boolean reading);

  /** Changes whenever something is taken that had to wait. */
  long progress();

  /** The tunnel is over, both directions having ended: ends when all is sent. */
  void close();

  /** Nothing moved for too long: ends, and what is not sent is dropped. */
  default void drop() {
    cut();
  }

  /** The tunnel broke: who is there has to see it. */
  void cut();
}
