package io.steelyard.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.uring.IoUringSocketChannel;

/** Stops and goes on with the reading of a channel, from its own event loop. */
public final class Reading {
  private Reading() {}

  /** Reads from now on, or not. Does nothing when the channel is closed. */
  public static void set(Channel channel, boolean reading) {
    if (!channel.isOpen()) {
      return;
    }
    boolean stops = !reading && channel.config().isAutoRead();
    channel.config().setAutoRead(reading);
    if (stops && channel instanceof IoUringSocketChannel) {
      ReadEnds.of(channel).endTurn();
    }
  }

  /**
   * Says that a turn's reading is over where Netty does not.
   *
   * <p>On io_uring, Netty 4.2.18 stops by cancelling the multishot receive. Bytes that were under
   * way come still, and may come with no {@link #channelReadComplete} after them: neither from the
   * turn they come in, for more could follow, nor from the cancellation that ends it. Who flushes
   * then would never flush them; and a wish to go on reading that came before them is forgotten,
   * for they take it as their own and nothing renews it. Both would leave the connection standing
   * still for ever. So from the first stop on, each turn in which something was read is ended here,
   * unless Netty has.
   */
  private static final class ReadEnds extends ChannelInboundHandlerAdapter {
    private final Channel channel;
    private final Runnable turnEnded = this::turnEnded;
    private boolean open = true; // what the turn in which reading stops has read
    private boolean awaited;

    private ReadEnds(Channel channel) {
      this.channel = channel;
    }

    static ReadEnds of(Channel channel) {
      ReadEnds there = channel.pipeline().get(ReadEnds.class);
      if (there == null) {
        there = new ReadEnds(channel);
        channel.pipeline().addFirst(there);
      }
      return there;
    }

    /** Behind all that the event loop has to handle in this turn. */
    void endTurn() {
      if (!awaited) {
        awaited = true;
        channel.eventLoop().execute(turnEnded);
      }
    }

    private void turnEnded() {
      awaited = false;
      if (open && channel.isActive()) {
        channel.pipeline().fireChannelReadComplete(); // which reads on, if that is wanted
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      open = true;
      endTurn();
      context.fireChannelRead(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      open = false;
      context.fireChannelReadComplete();
    }
  }
}
