package io.steelyard.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.SocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One event loop with what belongs to it: its timers and the ways to open sockets on it.
 *
 * <p>Everything but {@link #execute} is for the loop's own thread.
 */
public final class Loop {
  /** What one call of the kernel may bring of anybody. */
  private static final int DATAGRAMS_TOGETHER = 16;

  /** What one call of the kernel may bring of one peer. */
  private static final int ANSWERS_TOGETHER = 4;

  private final int index;
  private final EventLoop events;
  private final Sockets sockets;
  private final TimerWheel timers;
  private final @Nullable Splices splices;

  Loop(int index, EventLoop events, Sockets sockets) {
    this.index = index;
    this.events = events;
    this.sockets = sockets;
    this.timers = new TimerWheel(events, System::nanoTime);
    this.splices =
        sockets.handlers() instanceof EpollHandlers epoll ? epoll.splicesOf(events) : null;
  }

  /** From 0; the index of everything that exists once per loop. */
  public int index() {
    return index;
  }

  public TimerWheel timers() {
    return timers;
  }

  public EventLoop events() {
    return events;
  }

  /** Runs {@code task} on this loop; from any thread. */
  public void execute(Runnable task) {
    events.execute(task);
  }

  /**
   * Begins to connect. The channel's handler learns of success by {@code channelActive}, of failure
   * by the future. There is no timeout: the caller arms one of {@link #timers}.
   */
  public ChannelFuture connect(
      SocketAddress remote, SocketSettings settings, ChannelHandler handler) {
    return connect(remote, null, settings, null, handler);
  }

  /**
   * The same through TLS: the handler learns by Netty's {@code SslHandshakeCompletionEvent} that
   * the endpoint is the right one.
   *
   * @param local what the socket is bound to before; null where the kernel chooses
   * @param tls null: none
   */
  public ChannelFuture connect(
      SocketAddress remote,
      @Nullable SocketAddress local,
      SocketSettings settings,
      @Nullable ChannelHandler tls,
      ChannelHandler handler) {
    Channel channel = newStream(remote, local, settings);
    if (tls != null) {
      channel.pipeline().addLast(tls);
    }
    channel.pipeline().addLast(handler);
    ChannelFuture registered = events.register(channel);
    if (registered.isDone()) {
      return registered.isSuccess()
          ? connect(channel, remote, local, settings.origin(), channel.newPromise())
          : registered;
    }
    ChannelPromise connected = channel.newPromise();
    registered.addListener(future -> {
      if (future.isSuccess()) {
        connect(channel, remote, local, settings.origin(), connected);
      } else {
        connected.tryFailure(future.cause());
      }
    });
    return connected;
  }

  private static ChannelFuture connect(
      Channel channel,
      SocketAddress remote,
      @Nullable SocketAddress local,
      @Nullable Origin origin,
      ChannelPromise connected) {
    if (origin == null || remote instanceof DomainSocketAddress) {
      return channel.connect(remote, connected);
    }
    try {
      origin.apply(channel.config());
    } catch (ChannelException e) { // an interface that is gone
      channel.close();
      return connected.setFailure(e);
    }
    return local == null
        ? channel.connect(remote, connected)
        : channel.connect(remote, local, connected);
  }

  private Channel newStream(
      SocketAddress remote, @Nullable SocketAddress local, SocketSettings settings) {
    Sockets.UnixSockets unix = sockets.unix();
    if (remote instanceof DomainSocketAddress && unix != null) {
      Channel channel = unix.stream().newChannel();
      sockets.configureUnix(channel.config());
      return channel;
    }
    Channel channel = sockets.stream().make(Sockets.family(remote, local));
    sockets.configureStream(channel.config(), settings);
    return channel;
  }

  /**
   * Begins to move what {@code from} receives to {@code to} inside of the kernel. Both are channels
   * of this loop, and nothing stands in their pipelines that would change the bytes.
   *
   * @return null where that cannot be: go on copying
   */
  public @Nullable Splice splice(Channel from, Channel to, Splice.Listener listener) {
    return splices == null ? null : splices.begin(from, to, listener);
  }

  /**
   * Begins to exchange datagrams with one peer. The handler gets {@link
   * io.netty.channel.socket.DatagramPacket}s and writes buffers, once it is active.
   *
   * @param local what the socket is bound to before; null where the kernel chooses
   * @param origin null where the kernel chooses
   * @param largest datagram, in bytes; one that is longer comes with one byte more than that
   * @param many are several to be expected at a time?
   */
  public ChannelFuture connectDatagrams(
      SocketAddress remote,
      @Nullable SocketAddress local,
      @Nullable Origin origin,
      int largest,
      boolean many,
      ChannelHandler handler) {
    Channel channel = sockets.datagram().make(Sockets.family(remote, local));
    sockets.configureDatagrams(channel.config(), largest, many ? ANSWERS_TOGETHER : 1);
    channel.pipeline().addLast(handler);
    return whenRegistered(channel, ready -> connect(channel, remote, local, origin, ready));
  }

  /**
   * Receives datagrams from anybody. The handler gets and writes {@link
   * io.netty.channel.socket.DatagramPacket}s.
   *
   * @param largest as with {@link #connectDatagrams}
   * @param shared other loops receive at the same address: the kernel gives each pair of addresses
   *     to one of them
   */
  public ChannelFuture receive(
      SocketAddress local, int largest, boolean shared, ChannelHandler handler) {
    Channel channel = sockets.datagram().make(Sockets.family(local, null));
    sockets.configureDatagrams(channel.config(), largest, DATAGRAMS_TOGETHER);
    if (shared) {
      sockets.listening().forEach(channel.config()::setOption);
    }
    channel.pipeline().addLast(handler);
    return whenRegistered(channel, ready -> channel.bind(local, ready));
  }

  private ChannelFuture whenRegistered(Channel channel, Consumer<ChannelPromise> step) {
    ChannelPromise done = channel.newPromise();
    events
        .register(channel)
        .addListener(registered -> {
          if (registered.isSuccess()) {
            step.accept(done);
          } else {
            done.tryFailure(registered.cause());
          }
        });
    return done;
  }

  /**
   * Listens; accepted connections stay on this loop.
   *
   * @param shared other loops listen on the same address (SO_REUSEPORT)
   * @param child sharable: added to each accepted channel's pipeline
   */
  public ChannelFuture listen(
      SocketAddress local, ListenSettings settings, boolean shared, ChannelHandler child) {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(events, events)
            .channelFactory(() -> sockets.server().make(Sockets.family(local, null)))
            .option(ChannelOption.SO_BACKLOG, settings.backlog())
            .option(ChannelOption.SO_REUSEADDR, true)
            .childHandler(child);
    if (shared) {
      sockets.listening().forEach(bootstrap::option);
    }
    sockets.configureChildren(bootstrap, settings.accepted());
    return bootstrap.bind(local);
  }
}
