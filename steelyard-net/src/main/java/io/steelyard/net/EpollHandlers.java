package io.steelyard.net;

import static java.util.Objects.requireNonNull;

import io.netty.channel.EventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Netty's epoll handlers, kept from losing sockets, and with a way in for {@link Splice}.
 *
 * <p>A socket whose peer has ended its sending, and that is not written to, wants no event at all.
 * Netty 4.2.18 then takes it out of epoll, and when it wants events again (bytes wait to be sent,
 * reading goes on) modifies a registration that is not there: the write fails, though the peer may
 * only have closed its half. Asking for no event but "edge triggered" leaves the socket registered
 * and quiet.
 *
 * <p>What a socket wants changes several times within one turn of the event loop: it is to be
 * written when it is connected, then no more, then it is to be read. The kernel is told once,
 * before it is asked for events again. And a socket that is closed is not taken out of epoll
 * before, for the kernel does that by itself. A connection that comes and goes costs 4 calls of
 * epoll_ctl in place of 10.
 */
final class EpollHandlers implements IoHandlerFactory {
  private static final Logger LOG = LoggerFactory.getLogger(EpollHandlers.class);

  private final IoHandlerFactory epoll = EpollIoHandler.newFactory();
  private final Map<ThreadAwareExecutor, Splices> splices = new ConcurrentHashMap<>();

  @Override
  public IoHandler newHandler(ThreadAwareExecutor loop) {
    Splices own = new Splices();
    splices.put(loop, own);
    return new Handler(epoll.newHandler(loop), own);
  }

  /** What is spliced on an event loop that has one of these handlers. */
  Splices splicesOf(EventLoop loop) {
    return requireNonNull(splices.get(loop), "not a loop of this transport");
  }

  private static final class Handler implements IoHandler {
    private final IoHandler epoll;
    private final Splices splices;

    /** What is to be told to the kernel before it is asked for events again. */
    private final ArrayList<Registration> changed = new ArrayList<>();

    /** What Netty's handler knows still, and has not to know any more. */
    private final ArrayList<Registration> ended = new ArrayList<>();

    Handler(IoHandler epoll, Splices splices) {
      this.epoll = epoll;
      this.splices = splices;
    }

    @Override
    public void initialize() {
      epoll.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
      forget();
      for (int i = 0; i < changed.size(); i++) {
        changed.get(i).apply();
      }
      changed.clear();
      return epoll.run(context);
    }

    /** By now they are closed. */
    private void forget() {
      for (int i = 0; i < ended.size(); i++) {
        ended.get(i).epoll.cancel();
      }
      ended.clear();
    }

    @Override
    public void prepareToDestroy() {
      forget();
      epoll.prepareToDestroy();
    }

    @Override
    public void destroy() {
      forget();
      splices.close();
      epoll.destroy();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
      forget(); // a new socket may have the number of one that is closed
      return new Registration(
          epoll.register(splices.watched((EpollIoHandle) handle)), handle, this);
    }

    @Override
    public void wakeup() {
      epoll.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
      return epoll.isCompatible(handleType);
    }
  }

  /** Belongs to the event loop, as what Netty does with it. */
  private static final class Registration implements IoRegistration {
    private final IoRegistration epoll;
    private final IoHandle handle;
    private final Handler home;
    private EpollIoOps applied = EpollIoOps.NONE;
    private EpollIoOps wanted = EpollIoOps.NONE;
    private boolean changed;
    private boolean cancelled;

    Registration(IoRegistration epoll, IoHandle handle, Handler home) {
      this.epoll = epoll;
      this.handle = handle;
      this.home = home;
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's signature
    public <T> T attachment() {
      return epoll.attachment();
    }

    @Override
    public long submit(IoOps ops) {
      wanted = (EpollIoOps) ops;
      if (!changed && isValid()) {
        changed = true;
        home.changed.add(this);
      }
      return 0;
    }

    /** Tells the kernel what is wanted by now, if that is not what it knows. */
    private void apply() {
      changed = false;
      boolean added = applied.value() != EpollIoOps.NONE.value();
      EpollIoOps next =
          added && wanted.value() == EpollIoOps.NONE.value() ? EpollIoOps.EPOLLET : wanted;
      if (next.value() == applied.value() || !isValid()) {
        return;
      }
      applied = next;
      try {
        epoll.submit(next);
      } catch (RuntimeException e) {
        LOG.error("Closing a socket of which epoll would not know", e);
        close();
      }
    }

    private void close() {
      try {
        handle.close();
      } catch (Exception e) {
        LOG.error("A socket cannot be closed", e);
      }
    }

    @Override
    public boolean isValid() {
      return !cancelled && epoll.isValid();
    }

    @Override
    public boolean cancel() {
      if (!isValid()) {
        return false;
      }
      cancelled = true;
      home.ended.add(this);
      return true;
    }
  }
}
