package io.steelyard.proxy.listen;

import io.netty.channel.Channel;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many connections a listener has, over all event loops, and what happens at its limit: nobody
 * is turned away; new connections wait in the kernel's backlog until others end (as with HAProxy's
 * maxconn). What a transport accepts beyond the limit, because it accepts several at a time or on
 * several loops at once, waits unread.
 *
 * <p>Thread-safe.
 */
public final class ConnectionLimit {
  /** A connection that was accepted beyond the limit. */
  public interface Waiting {
    /** There is room for it now. Called on any thread. */
    void admit();
  }

  private final int most;
  private final AtomicInteger open = new AtomicInteger();
  private final List<Channel> acceptors = new CopyOnWriteArrayList<>();
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private boolean paused;

  /**
   * @param most 0: no limit
   */
  public ConnectionLimit(int most) {
    this.most = most == 0 ? Integer.MAX_VALUE : most;
  }

  /** A listening socket that stops accepting at the limit. */
  public void addAcceptor(Channel acceptor) {
    acceptors.add(acceptor);
  }

  /**
   * A connection has been accepted.
   *
   * @return false when it has to wait until {@link Waiting#admit} is called
   */
  public boolean enter(Waiting connection) {
    return open.incrementAndGet() < most || enterAtLimit(connection);
  }

  /** Decides under the lock, so that the last decision is made from the latest count. */
  private synchronized boolean enterAtLimit(Waiting connection) {
    boolean admitted = open.get() - waiting.size() <= most;
    if (!admitted) {
      waiting.add(connection);
    }
    update();
    return admitted;
  }

  /**
   * Something begins that cannot wait, if there is room for it.
   *
   * @return false when there is none
   */
  public boolean tryEnter() {
    if (open.incrementAndGet() <= most) {
      return true;
    }
    open.decrementAndGet();
    return false;
  }

  /** What {@link #tryEnter tried} has ended. */
  public void leave() {
    open.decrementAndGet();
  }

  /** A connection has ended. */
  public void leave(Waiting connection) {
    if (open.getAndDecrement() >= most) {
      leaveAtLimit(connection);
    }
  }

  private synchronized void leaveAtLimit(Waiting connection) {
    waiting.remove(connection);
    while (!waiting.isEmpty() && open.get() - waiting.size() < most) {
      waiting.remove().admit();
    }
    update();
  }

  /** How many connections are open. */
  public int open() {
    return open.get();
  }

  private void update() {
    boolean full = open.get() >= most;
    if (full != paused) {
      paused = full;
      acceptors.forEach(acceptor -> acceptor.config().setAutoRead(!full));
    }
  }
}
