package io.steelyard.proxy.http;

import io.netty.channel.Channel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many connections a listener has, over all event loops, and what happens at its limit: nobody
 * is turned away; new connections wait in the kernel's backlog until others end (as with HAProxy's
 * maxconn). Loops that accept at the same moment may exceed the limit by one connection each.
 *
 * <p>Thread-safe.
 */
public final class ConnectionLimit {
  private final int most;
  private final AtomicInteger open = new AtomicInteger();
  private final List<Channel> acceptors = new CopyOnWriteArrayList<>();
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

  /** A connection has been accepted. Returns whether that reached the limit. */
  boolean enter() {
    boolean reached = open.incrementAndGet() >= most;
    if (reached) {
      update();
    }
    return reached;
  }

  /** A connection has ended. */
  void leave() {
    if (open.getAndDecrement() >= most) {
      update();
    }
  }

  /** How many connections are open. */
  public int open() {
    return open.get();
  }

  /** Decides anew under the lock, so that the last decision is made from the latest count. */
  private synchronized void update() {
    boolean full = open.get() >= most;
    if (full != paused) {
      paused = full;
      acceptors.forEach(acceptor -> acceptor.config().setAutoRead(!full));
    }
  }
}
