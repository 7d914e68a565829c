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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Netty's epoll handlers, kept from losing sockets, and with a way in for {@link Splice}.
 *
 * <p>A socket whose peer has ended its sending, and that is not written to, wants no event at all.
 * Netty 4.2.18 then takes it out of epoll, and when it wants events again (bytes wait to be sent,
 * reading goes on) modifies a registration that is not there: the write fails, though the peer may
 * only have closed its half. Asking for no event but "edge triggered" leaves the socket registered
 * and quiet.
 */
final class EpollHandlers implements IoHandlerFactory {
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

  private record Handler(IoHandler epoll, Splices splices) implements IoHandler {
    @Override
    public void initialize() {
      epoll.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
      return epoll.run(context);
    }

    @Override
    public void prepareToDestroy() {
      epoll.prepareToDestroy();
    }

    @Override
    public void destroy() {
      splices.close();
      epoll.destroy();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
      return new Registration(epoll.register(splices.watched((EpollIoHandle) handle)));
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

  private static final class Registration implements IoRegistration {
    private final IoRegistration epoll;
    private boolean added;

    Registration(IoRegistration epoll) {
      this.epoll = epoll;
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's signature
    public <T> T attachment() {
      return epoll.attachment();
    }

    @Override
    public long submit(IoOps ops) {
      if (ops instanceof EpollIoOps wanted && wanted.value() == EpollIoOps.NONE.value()) {
        return added ? epoll.submit(EpollIoOps.EPOLLET) : 0;
      }
      added = true;
      return epoll.submit(ops);
    }

    @Override
    public boolean isValid() {
      return epoll.isValid();
    }

    @Override
    public boolean cancel() {
      return epoll.cancel();
    }
  }
}
