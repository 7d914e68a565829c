package io.steelyard.proxy.listen;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.AttributeKey;
import io.steelyard.codec.proxyprotocol.ProxyHeader;
import io.steelyard.codec.proxyprotocol.ProxyHeaderReader;
import io.steelyard.model.Listener;
import io.steelyard.model.ProxyProtocolSpec;
import io.steelyard.net.Resets;
import io.steelyard.net.TimerWheel.Timeout;
import io.steelyard.proxy.stats.ListenerStats;
import io.steelyard.proxy.stats.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Takes the PROXY protocol header from the beginning of a connection. The handlers after it see a
 * connection that begins after the header, and {@link ClientAddress} says what the header said.
 *
 * <pre>
 *   active ──► bytes, until the header is whole ──► active for the others ──► the rest of the bytes ──► gone
 *                   │ no header, or too late                          │ unless they do not read yet
 *                   └──► reset                                        └──► kept until they do
 * </pre>
 */
public final class ProxyHeaderHandler extends ChannelDuplexHandler {
  private static final AttributeKey<ProxyHeader> HEADER =
      AttributeKey.valueOf(ProxyHeaderHandler.class, "HEADER");

  private final ProxyHeaderReader reader = new ProxyHeaderReader();
  private final Timeout timeout = new Late();
  private final ServiceLoop loop;
  private final ListenerStats stats;
  private final long nanos;
  private @Nullable ChannelHandlerContext context;
  private @Nullable ByteBuf bytes;
  private boolean isRead;

  private ProxyHeaderHandler(ServiceLoop loop, ListenerStats stats, long nanos) {
    this.loop = loop;
    this.stats = stats;
    this.nanos = nanos;
  }

  /** Whose headers a listener takes; null for nobody's. */
  public static @Nullable Networks trusted(Listener settings) {
    ProxyProtocolSpec spec = settings.proxyProtocol();
    return spec == null ? null : new Networks(spec.trusted());
  }

  /**
   * Adds such a handler to the end of an accepted channel's pipeline if the channel comes from a
   * trusted network.
   *
   * @param nanos the time that the header may take
   */
  public static void add(
      Channel channel,
      @Nullable Networks trusted,
      ServiceLoop loop,
      ListenerStats stats,
      long nanos) {
    if (trusted != null && trusted.contains(channel.remoteAddress())) {
      channel.pipeline().addLast(new ProxyHeaderHandler(loop, stats, nanos));
    }
  }

  /** What the header of this connection said; null when there was none. */
  static @Nullable ProxyHeader of(Channel channel) {
    return channel.hasAttr(HEADER) ? channel.attr(HEADER).get() : null;
  }

  @Override
  public void channelActive(ChannelHandlerContext active) {
    context = active;
    loop.readClock();
    loop.timers().arm(timeout, loop.nanoTime() + nanos);
  }

  @Override
  public void channelRead(ChannelHandlerContext current, Object message) {
    ByteBuf before = bytes;
    ByteBuf all = (ByteBuf) message;
    if (before != null) {
      all = current.alloc().compositeBuffer().addComponents(true, before, all);
    }
    bytes = all;
    if (isRead) {
      return; // the others do not read yet
    }
    int length = reader.read(all, all.readerIndex(), all.writerIndex());
    if (length == ProxyHeaderReader.MALFORMED) {
      stats.malformed.increment();
      refuse(Reason.BAD_REQUEST);
    } else if (length != ProxyHeaderReader.INCOMPLETE) {
      all.skipBytes(length);
      begin(current);
    }
  }

  private void begin(ChannelHandlerContext current) {
    isRead = true;
    loop.timers().cancel(timeout);
    current.channel().attr(HEADER).set(reader.header());
    current.fireChannelActive();
    if (current.channel().config().isAutoRead()) {
      passOn(current);
    }
  }

  /** The rest, and then there is nothing left to do here. */
  private void passOn(ChannelHandlerContext current) {
    ByteBuf rest = bytes;
    bytes = null;
    if (rest != null && rest.isReadable()) {
      current.fireChannelRead(rest);
      current.fireChannelReadComplete();
    } else if (rest != null) {
      rest.release();
    }
    if (!current.isRemoved()) {
      current.pipeline().remove(this);
    }
  }

  @Override
  public void read(ChannelHandlerContext current) {
    if (isRead && bytes != null && current.channel().config().isAutoRead()) {
      // Not within what the others are doing now: they have just asked to read.
      current
          .executor()
          .execute(() -> {
            if (bytes != null) {
              passOn(current);
            }
          });
    }
    current.read();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext current) {
    if (isRead && bytes == null) {
      current.fireChannelReadComplete();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext current, Object event) {
    if (isRead) {
      current.fireUserEventTriggered(event);
    } else if (event instanceof ChannelInputShutdownEvent) {
      current.close();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext current) {
    if (isRead) {
      current.fireChannelWritabilityChanged();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext current, Throwable cause) {
    if (isRead) {
      current.fireExceptionCaught(cause);
    } else {
      current.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext current) {
    loop.timers().cancel(timeout);
    if (isRead) {
      current.fireChannelInactive();
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext current) {
    ByteBuf rest = bytes;
    if (rest != null) {
      bytes = null;
      rest.release();
    }
  }

  private void refuse(Reason reason) {
    stats.reason(reason);
    loop.timers().cancel(timeout);
    if (context != null) {
      Resets.close(context.channel());
    }
  }

  private final class Late extends Timeout {
    @Override
    protected void expired() {
      refuse(Reason.HEAD_TIMEOUT);
    }
  }
}
