package io.steelyard.proxy.relay;

import io.netty.buffer.ByteBuf;

/**
 * What happens on one of two connections whose bytes are passed on both ways; told by the
 * connection's owner, on its event loop.
 */
public interface RelayEnd {
  /** This side sent {@code buf}, which is taken over. */
  void read(ByteBuf buf);

  /** What this side had sent so far has been read. */
  void readComplete();

  /** This side takes bytes again, or no more. */
  void writabilityChanged();

  /** This side will send no more, and has sent all that it wanted to. */
  void inputEnded();

  /** This side's connection is closed. */
  void closed();
}
