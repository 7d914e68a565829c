package io.steelyard.proxy.tcp;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.steelyard.balance.Outcome;
import io.steelyard.net.FirstBytes;
import io.steelyard.proxy.listen.Breakage;
import io.steelyard.proxy.listen.ServiceLoop;
import io.steelyard.proxy.pool.EndpointConnections;
import io.steelyard.proxy.relay.Relay;
import io.steelyard.proxy.stats.EndpointStats;
import io.steelyard.proxy.stats.Reason;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connection to an endpoint: one attempt of a {@link Passage}. Belongs to one event loop. */
final class TcpEndpoint extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(TcpEndpoint.class);

  private final Passage passage;
  private final ServiceLoop loop;
  private final EndpointStats stats;
  private final boolean secure;
  private @Nullable Channel channel;
  private Relay.@Nullable Side side;
  private boolean abandoned;
  private boolean answered;
  private boolean counted;
  private boolean encryptionEnded;

  TcpEndpoint(Passage passage, ServiceLoop loop, EndpointConnections home) {
    this.passage = passage;
    this.loop = loop;
    this.stats = home.stats();
    this.secure = home.isSecure();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    channel = context.channel();
    context.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    ByteBuf header = secure ? passage.header(context.alloc()) : null;
    if (header != null) {
      context.pipeline().addFirst(new FirstBytes(header)); // before the handshake
    }
  }

  /** The attempt has succeeded, of which the channel tells, or failed. */
  void connectEnded(ChannelFuture connected) {
    if (!connected.isSuccess() && !abandoned) {
      abandoned = true;
      loop.readClock();
      connected.channel().close();
      passage.connectRefused();
    }
  }

  /** Nobody waits for this connection any more. */
  void abandon() {
    abandoned = true;
    requireNonNull(channel, "channel").close();
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    if (abandoned) {
      context.close();
      return;
    }
    if (!secure) {
      established(context, passage.header(context.alloc()));
    }
  }

  private void established(ChannelHandlerContext context, @Nullable ByteBuf header) {
    loop.readClock();
    counted = true;
    stats.active.add(1);
    if (header != null) {
      context.write(header, context.voidPromise());
    }
    Relay relay = passage.connected(context.channel());
    side = relay.endpoint();
    passage.relayed(relay);
    if (header != null) {
      context.flush();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf buf = (ByteBuf) message;
    Relay.Side relayed = side;
    if (relayed == null) {
      buf.release();
      return;
    }
    if (!answered) {
      answered = true;
      loop.readClock();
      passage.answered();
    }
    relayed.read(buf);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    Relay.Side relayed = side;
    if (relayed != null) {
      relayed.readComplete();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    Relay.Side relayed = side;
    if (relayed != null) {
      relayed.writabilityChanged();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    switch (event) {
      case ChannelInputShutdownEvent _ -> inputEnded(secure && !encryptionEnded);
      case SslHandshakeCompletionEvent handshake -> handshakeEnded(handshake, context);
      case SslCloseCompletionEvent close when close.isSuccess() -> {
        encryptionEnded = true;
        inputEnded(false);
      }
      default -> {}
    }
  }

  private void handshakeEnded(SslHandshakeCompletionEvent event, ChannelHandlerContext context) {
    if (abandoned || side != null) {
      return; // too late, or once more
    }
    if (event.isSuccess()) {
      established(context, null);
    } else {
      LOG.debug("No TLS with an endpoint", event.cause());
      abandoned = true;
      loop.readClock();
      passage.handshakeFailed(); // the handler below closes
    }
  }

  /**
   * @param cut there was no close_notify: something may be missing
   */
  private void inputEnded(boolean cut) {
    Relay.Side relayed = side;
    if (relayed != null) {
      loop.readClock();
      endpointEnded();
      relayed.inputEnded(cut);
    } else {
      requireNonNull(channel, "channel").close(); // amid the handshake
    }
  }

  /** An endpoint that ends before it has said anything, and before its client does, has failed. */
  private void endpointEnded() {
    if (!answered && passage.isWaitedFor()) {
      stats.resets.increment();
      passage.broken(Reason.ENDPOINT_CLOSED, Outcome.RESET);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    loop.readClock();
    if (counted) {
      stats.active.add(-1);
    }
    Relay.Side relayed = side;
    if (relayed != null) {
      relayed.closed();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Breakage breakage = Breakage.of(cause);
    if (breakage == Breakage.LATE) {
      return;
    }
    loop.readClock();
    if (breakage == Breakage.PEER) {
      broke(Reason.ENDPOINT_RESET, Outcome.RESET);
    } else {
      LOG.error("Closing the connection to an endpoint: a mistake of ours", cause);
      broke(Reason.INTERNAL, Outcome.CANCELLED);
    }
    context.close();
  }

  private void broke(Reason reason, Outcome outcome) {
    Relay.Side relayed = side;
    if (relayed != null) {
      if (passage.broken(reason, outcome)) {
        stats.resets.increment();
      }
      relayed.broke();
    }
  }
}
