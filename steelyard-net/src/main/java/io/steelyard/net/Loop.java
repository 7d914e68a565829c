package io.steelyard.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One event loop with what belongs to it: its timers and the ways to open sockets on it.
 *
 * <p>Everything but {@link #execute} is for the loop's own thread.
 */
public final class Loop {
  private final int index;
  private final EventLoop events;
  private final Sockets sockets;
  private final TimerWheel timers;

  Loop(int index, EventLoop events, Sockets sockets) {
    this.index = index;
    this.events = events;
    this.sockets = sockets;
    this.timers = new TimerWheel(events, System::nanoTime);
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
    return connect(remote, settings, null, handler);
  }

  /**
   * The same through TLS: the handler learns by Netty's {@code SslHandshakeCompletionEvent} that
   * the endpoint is the right one.
   *
   * @param tls null: none
   */
  public ChannelFuture connect(
      SocketAddress remote,
      SocketSettings settings,
      @Nullable ChannelHandler tls,
      ChannelHandler handler) {
    Channel channel = sockets.stream().newChannel();
    sockets.configureStream(channel.config(), settings);
    if (tls != null) {
      channel.pipeline().addLast(tls);
    }
    channel.pipeline().addLast(handler);
    ChannelFuture registered = events.register(channel);
    if (registered.isDone()) {
      return registered.isSuccess() ? channel.connect(remote) : registered;
    }
    ChannelPromise connected = channel.newPromise();
    registered.addListener(future -> {
      if (future.isSuccess()) {
        channel.connect(remote, connected);
      } else {
        connected.tryFailure(future.cause());
      }
    });
    return connected;
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
            .channelFactory(sockets.server())
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
