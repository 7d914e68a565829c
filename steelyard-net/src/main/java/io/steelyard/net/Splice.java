package io.steelyard.net;

import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.Native;
import java.io.IOException;

/**
 * Bytes that go from one socket to another inside of the kernel, through a pipe: {@code splice(2)}.
 * The process never sees them, and nobody copies them.
 *
 * <pre>
 *   from ──splice──► pipe ──splice──► to        what "to" does not take waits in the pipe, and
 *                                               "from" is not read until it is gone
 * </pre>
 *
 * <p>It takes the place of Netty's reading for as long as bytes come in bulk. When the stream ends,
 * breaks or thins out, Netty reads again, in order.
 *
 * <p>Belongs to one event loop.
 */
public final class Splice {
  /** Told of what happens. On the event loop. */
  public interface Listener {
    /** So many bytes have come in and are on their way out. */
    void spliced(int bytes);
  }

  private static final int IN = EpollIoOps.EPOLLIN.value();
  private static final int ENDS = EpollIoOps.EPOLLRDHUP.value() | EpollIoOps.EPOLLERR.value();

  /**
   * What is asked for at a time. A pipe has room for 16 pieces, and a piece of a socket's queue is
   * up to 32 KiB: so far more fits than what pipe(7) calls its capacity, which counts pages.
   */
  private static final int AT_ONCE = 1 << 20;

  /** So much may be moved before others have their turn. */
  private static final int TURN = 512 * 1024;

  /** A socket that gave less has no more, most likely. */
  private static final int REST = 32 * 1024;

  /** So few bytes at an event, so often in a row, are not bulk any more. */
  private static final int FEW = 16 * 1024;

  private static final int MOST_FEW = 8;

  private final Splices home;
  private final Pipe pipe;
  private final EpollSocketChannel from;
  private final EpollSocketChannel to;
  private final int descriptor;
  private final Listener listener;
  private int few;
  private boolean waiting;
  private boolean stopped;

  Splice(
      Splices home, Pipe pipe, EpollSocketChannel from, EpollSocketChannel to, Listener listener) {
    this.home = home;
    this.pipe = pipe;
    this.from = from;
    this.to = to;
    this.descriptor = from.fd().intValue();
    this.listener = listener;
  }

  /** Has it ended, so that bytes come through Netty again? */
  public boolean isStopped() {
    return stopped;
  }

  /** Ends it: Netty reads again. What is in the pipe goes out first. */
  public void stop() {
    if (!stopped) {
      stopped = true;
      home.end(this, descriptor);
      if (!waiting) {
        home.pipes().giveBack(pipe);
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // a socket is itself
  boolean isOf(EpollIoHandle socket) {
    return from.unsafe() == socket;
  }

  /**
   * The socket is ready.
   *
   * @return the events that are left for Netty
   */
  int ready(int events) {
    if ((events & ENDS) != 0) {
      endReached();
      return events;
    }
    if ((events & IN) == 0) {
      return events;
    }
    return move() ? events & ~IN : events;
  }

  /** What came before the end goes out first, as far as it goes; Netty has the rest. */
  private void endReached() {
    while (!waiting && !stopped && move()) {
      // until nothing comes any more
    }
    stop();
  }

  /** Moves what is there; false when nothing is: the stream has ended, or Netty finds out. */
  private boolean move() {
    if (waiting) {
      Reading.set(from, false);
      return true;
    }
    int moved = 0;
    int count = 1;
    try {
      while (moved < TURN && count > 0 && !waiting) {
        count = Native.splice(descriptor, -1, pipe.in(), -1, AT_ONCE);
        if (count > 0) {
          moved += count;
          listener.spliced(count);
          pass(count);
          if (stopped) {
            return true;
          }
          if (count < REST) {
            break;
          }
        }
      }
    } catch (IOException e) {
      broke(e);
      return true;
    }
    if (moved == 0) {
      stop();
      return false;
    }
    thin(moved);
    return true;
  }

  /** Splices out what has just come in, as far as the target takes it. */
  private void pass(int count) {
    int passed = 0;
    ChannelOutboundBuffer unsent = to.unsafe().outboundBuffer();
    if (unsent != null && unsent.isEmpty()) {
      try {
        passed = Native.splice(pipe.out(), -1, to.fd().intValue(), -1, count);
      } catch (IOException e) {
        abandon();
        to.pipeline().fireExceptionCaught(e);
        to.close();
        return;
      }
    }
    if (passed < count) {
      await(count - passed);
    }
  }

  /** The rest goes out when the target takes it, and before anything that is written later. */
  private void await(int count) {
    waiting = true;
    Reading.set(from, false);
    to.writeAndFlush(new PipedRegion(pipe, to.fd(), count))
        .addListener(sent -> {
          waiting = false;
          if (!sent.isSuccess()) {
            abandon();
          } else {
            if (stopped) {
              home.pipes().giveBack(pipe);
            }
            Reading.set(from, true);
          }
        });
  }

  /** The target is gone, and with it what is in the pipe. */
  private void abandon() {
    stopped = true;
    home.end(this, descriptor);
    home.pipes().drop(pipe);
  }

  private void broke(IOException e) {
    stop();
    from.pipeline().fireExceptionCaught(e);
    from.close();
  }

  private void thin(int moved) {
    few = moved < FEW ? few + 1 : 0;
    if (few >= MOST_FEW && !waiting) {
      stop();
    }
  }
}
