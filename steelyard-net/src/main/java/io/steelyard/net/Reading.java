package io.steelyard.net;

import io.netty.channel.Channel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.util.concurrent.TimeUnit;

/**
 * Stops and goes on with the reading of a channel, from its own event loop.
 *
 * <p>On io_uring, Netty 4.2.18 stops by cancelling the multishot receive. When reading is to go on
 * before the cancellation has come back, and bytes that were under way come back first, it forgets
 * that reading is wanted: the receive is never armed again, and the connection stands still. So the
 * wish is repeated until the cancellation must have passed. A wish too many changes nothing.
 */
public final class Reading {
  /**
   * A cancellation is handed to the kernel in the event loop's next turn and answered there and
   * then; its answer is seen in that turn or the one after it. A scheduled task waits for a turn.
   * The long pauses are for when that does not hold: without them a tunnel stood still more often.
   */
  private static final int[] PAUSES_MILLIS = {1, 1, 1, 1, 10, 50, 250};

  private Reading() {}

  /** Reads from now on, or not. Does nothing when the channel is closed. */
  public static void set(Channel channel, boolean reading) {
    if (!channel.isOpen()) {
      return;
    }
    boolean before = channel.config().isAutoRead();
    channel.config().setAutoRead(reading);
    if (reading && !before && channel instanceof IoUringSocketChannel) {
      new Wish(channel).run();
    }
  }

  private static final class Wish implements Runnable {
    private final Channel channel;
    private int wishes;

    Wish(Channel channel) {
      this.channel = channel;
    }

    @Override
    public void run() {
      if (channel.isActive() && channel.config().isAutoRead()) {
        channel.read();
        if (wishes < PAUSES_MILLIS.length) {
          channel.eventLoop().schedule(this, PAUSES_MILLIS[wishes++], TimeUnit.MILLISECONDS);
        }
      }
    }
  }
}
