package io.steelyard.proxy.ftp;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.steelyard.net.ListenSettings;
import io.steelyard.net.Reading;
import io.steelyard.net.Resets;
import io.steelyard.net.SocketSettings;
import io.steelyard.net.TimerWheel.Timeout;
import io.steelyard.proxy.listen.Breakage;
import io.steelyard.proxy.relay.Relay;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One data connection: listens for whom it is expected from, connects to the other, and relays.
 *
 * <pre>
 *   listening ──► accepted ──► connecting ──► relaying ──► closed
 *       └─ nobody came, or the control connection has ended ──► closed
 * </pre>
 *
 * <p>Belongs to the event loop of its control connection.
 */
final class DataConnection {
  private static final Logger LOG = LoggerFactory.getLogger(DataConnection.class);
  private static final int MOST_TRIED = 64;

  /**
   * @param from who may connect
   * @param to where the bytes go then
   * @param socket how that is connected to
   * @param fromClient whether it is the client who connects
   */
  record Ends(InetAddress from, InetSocketAddress to, SocketSettings socket, boolean fromClient) {}

  private final FtpControl control;
  private final Ends ends;
  private final Timeout late = new Late();
  private @Nullable Channel acceptor;
  private @Nullable End accepted;
  private @Nullable End connected;

  DataConnection(FtpControl control, Ends ends) {
    this.control = control;
    this.ends = ends;
  }

  /**
   * Listens.
   *
   * @param firstPort 0: the kernel chooses
   * @param bound told where it listens; null when no port is free
   */
  void listen(
      InetAddress host, int firstPort, int lastPort, Consumer<@Nullable InetSocketAddress> bound) {
    int ports = lastPort - firstPort + 1;
    int start = ports == 1 ? 0 : control.loop().random().nextInt(ports);
    tryPort(host, firstPort, ports, start, Math.min(ports, MOST_TRIED), bound);
  }

  private void tryPort(
      InetAddress host,
      int firstPort,
      int ports,
      int at,
      int left,
      Consumer<@Nullable InetSocketAddress> bound) {
    InetSocketAddress address = new InetSocketAddress(host, firstPort + at % ports);
    control
        .loop()
        .loop()
        .listen(
            address,
            new ListenSettings(1, new SocketSettings(true, false)),
            false,
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new End(true));
              }
            })
        .addListener(done -> {
          if (done.isSuccess()) {
            listening(((ChannelFuture) done).channel(), bound);
          } else if (left > 1) {
            tryPort(host, firstPort, ports, at + 1, left - 1, bound);
          } else {
            bound.accept(null);
          }
        });
  }

  private void listening(Channel listening, Consumer<@Nullable InetSocketAddress> bound) {
    acceptor = listening;
    if (control.opened(this)) {
      control.loop().readClock();
      control.loop().timers().arm(late, control.loop().nanoTime() + control.dataNanos());
      bound.accept((InetSocketAddress) listening.localAddress());
    } else {
      listening.close();
    }
  }

  /** Somebody has connected; false when it is not who is expected. */
  private boolean accept(End end, Channel channel) {
    if (accepted != null
        || acceptor == null
        || !(channel.remoteAddress() instanceof InetSocketAddress from)
        || !from.getAddress().equals(ends.from())) {
      return false;
    }
    accepted = end;
    stopListening();
    Reading.set(channel, false);
    control
        .loop()
        .loop()
        .connect(ends.to(), ends.socket(), new End(false))
        .addListener(done -> {
          if (!done.isSuccess()) {
            close();
          }
        });
    return true;
  }

  private void stopListening() {
    control.loop().timers().disarm(late);
    Channel listening = acceptor;
    acceptor = null;
    if (listening != null) {
      listening.close();
    }
  }

  private void relay(End first, End second) {
    Channel here = first.channel();
    Channel there = second.channel();
    Relay relay =
        ends.fromClient()
            ? new Relay(here, there, control.loop().timers(), control.idleNanos(), (_, _) -> over())
            : new Relay(
                there, here, control.loop().timers(), control.idleNanos(), (_, _) -> over());
    relay.client().counting(control.stats().bytesIn, control.stats().bytesOut);
    relay
        .endpoint()
        .counting(control.endpointStats().bytesReceived, control.endpointStats().bytesSent);
    relay.splicing(control.loop().loop());
    first.begin(ends.fromClient() ? relay.client() : relay.endpoint());
    second.begin(ends.fromClient() ? relay.endpoint() : relay.client());
  }

  private void over() {
    control.ended(this);
  }

  /** Ends it, whatever it is at. */
  void close() {
    stopListening();
    control.ended(this);
    reset(accepted);
    reset(connected);
  }

  private static void reset(@Nullable End end) {
    Channel channel = end == null ? null : end.channel;
    if (channel != null) {
      Resets.close(channel);
    }
  }

  private final class Late extends Timeout {
    @Override
    protected void expired() {
      close();
    }
  }

  /** One end of it. */
  private final class End extends ChannelInboundHandlerAdapter {
    private final boolean isAccepted;
    private final List<ByteBuf> early = new ArrayList<>(0);
    private @Nullable Channel channel;
    private Relay.@Nullable Side side;
    private boolean inputEnded;

    End(boolean isAccepted) {
      this.isAccepted = isAccepted;
    }

    Channel channel() {
      return requireNonNull(channel, "channel");
    }

    void begin(Relay.Side begun) {
      side = begun;
      early.forEach(begun::read);
      early.clear();
      begun.readComplete();
      if (inputEnded) {
        begun.inputEnded(false);
      }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      channel = context.channel();
      context.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      control.loop().readClock();
      if (isAccepted) {
        if (!accept(this, context.channel())) {
          Resets.close(context.channel());
        }
        return;
      }
      End first = accepted;
      if (first == null || !first.channel().isOpen()) {
        context.close();
        return;
      }
      connected = this;
      relay(first, this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      Relay.Side relayed = side;
      if (relayed == null) {
        early.add((ByteBuf) message);
      } else {
        relayed.read((ByteBuf) message);
      }
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
      if (event instanceof ChannelInputShutdownEvent) {
        inputEnded = true;
        Relay.Side relayed = side;
        if (relayed != null) {
          control.loop().readClock();
          relayed.inputEnded(false);
        }
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      control.loop().readClock();
      early.forEach(ByteBuf::release);
      early.clear();
      Relay.Side relayed = side;
      if (relayed != null) {
        relayed.closed();
      } else if (accepted == this) {
        close();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      switch (Breakage.of(cause)) {
        case LATE -> {
          return;
        }
        case PEER -> {}
        case OURS -> LOG.error("Closing a data connection of FTP: a mistake of ours", cause);
      }
      control.loop().readClock();
      Relay.Side relayed = side;
      if (relayed != null) {
        relayed.broke();
      }
      context.close();
    }
  }
}
