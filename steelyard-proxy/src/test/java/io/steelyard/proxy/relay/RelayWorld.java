package io.steelyard.proxy.relay;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import io.steelyard.model.TransportKind;
import io.steelyard.net.ListenSettings;
import io.steelyard.net.Loop;
import io.steelyard.net.SocketSettings;
import io.steelyard.net.TimerWheel;
import io.steelyard.net.Transport;
import io.steelyard.net.Unsent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client and an endpoint, each an ordinary socket of the test's thread, with a relay between
 * them. Socket buffers are small, and time passes only when the test says so.
 */
final class RelayWorld implements AutoCloseable {
  static final int PATIENCE_MILLIS = 20_000;
  static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final int SOCKET_BUFFER = 128 * 1024;
  private static final SocketSettings SOCKET = new SocketSettings(true, false);

  private final MockTicker ticker = Ticker.newMockTicker();
  private final EmbeddedChannel clock = EmbeddedChannel.builder().ticker(ticker).build();
  private final TimerWheel timers = new TimerWheel(clock.eventLoop(), ticker::nanoTime);
  private final Transport transport;
  private final Loop loop;
  private final CompletableFuture<Relay> made = new CompletableFuture<>();

  final End clientEnd = new End();
  final End endpointEnd = new End();

  /** How the relay ended, each time that it said so: because it was idle? */
  final LinkedBlockingQueue<Boolean> endings = new LinkedBlockingQueue<>();

  final Relay relay;
  final Socket client;
  final Socket endpoint;

  RelayWorld(TransportKind kind) throws Exception {
    transport = Transport.open(kind, 1);
    loop = transport.loops().getFirst();
    try (ServerSocket serving = new ServerSocket()) {
      serving.setReceiveBufferSize(SOCKET_BUFFER);
      serving.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      InetSocketAddress address = listen((InetSocketAddress) serving.getLocalSocketAddress());
      client = new Socket();
      client.setReceiveBufferSize(SOCKET_BUFFER);
      client.connect(address);
      endpoint = serving.accept();
    }
    setUp(client);
    setUp(endpoint);
    relay = made.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static void setUp(Socket socket) throws IOException {
    socket.setSendBufferSize(SOCKET_BUFFER);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
  }

  private InetSocketAddress listen(InetSocketAddress endpointAddress) throws InterruptedException {
    ChannelInitializer<Channel> accepted =
        new ChannelInitializer<>() {
          @Override
          protected void initChannel(Channel channel) {
            channel.config().setAutoRead(false);
            channel.pipeline().addLast(clientEnd);
            loop.connect(endpointAddress, SOCKET, endpointEnd).addListener(_ -> begin(channel));
          }
        };
    return (InetSocketAddress)
        loop.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new ListenSettings(16, SOCKET),
                false,
                accepted)
            .sync()
            .channel()
            .localAddress();
  }

  private void begin(Channel clientChannel) {
    Channel endpointChannel = endpointEnd.channel();
    clientChannel.config().setOption(ChannelOption.SO_SNDBUF, SOCKET_BUFFER);
    endpointChannel.config().setOption(ChannelOption.SO_SNDBUF, SOCKET_BUFFER);
    endpointChannel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    Relay made =
        new Relay(
            clientChannel, endpointChannel, timers, IDLE_NANOS, (_, idle) -> endings.add(idle));
    clientEnd.side = made.client();
    endpointEnd.side = made.endpoint();
    this.made.complete(made);
  }

  /** Lets time pass for the relay. */
  void pass(long nanos) {
    onLoop(() -> {
      ticker.advance(nanos, TimeUnit.NANOSECONDS);
      return clock.runScheduledPendingTasks();
    });
  }

  /** Does the relay hold on to its timer? */
  boolean isTimed() {
    pass(TimeUnit.MILLISECONDS.toNanos(TimerWheel.TICK_MILLIS));
    return onLoop(clock::runScheduledPendingTasks) >= 0;
  }

  /** What the client has sent so far that the relay has read. */
  long fromClient() {
    return onLoop(() -> relay.client().bytes());
  }

  long fromEndpoint() {
    return onLoop(() -> relay.endpoint().bytes());
  }

  long directMemory() {
    return transport.directMemory();
  }

  <T> T onLoop(Supplier<T> question) {
    return CompletableFuture.supplyAsync(question, loop::execute)
        .orTimeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
        .join();
  }

  @Override
  public void close() throws IOException {
    client.close();
    endpoint.close();
    transport.close();
    clock.close();
  }

  /** One end of the relay: hands in what happens to its channel, as connections do. */
  final class End extends ChannelInboundHandlerAdapter {
    private @Nullable Channel channel;
    private Relay.@Nullable Side side;

    Channel channel() {
      return requireNonNull(channel, "channel");
    }

    boolean isReading() {
      return onLoop(() -> channel().config().isAutoRead());
    }

    boolean isClosed() {
      return onLoop(() -> !channel().isOpen());
    }

    long unsent() {
      return onLoop(() -> Unsent.bytes(channel()));
    }

    private Relay.Side side() {
      return requireNonNull(side, "side");
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      channel = context.channel();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      side().read((ByteBuf) message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      side().readComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      side().writabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof ChannelInputShutdownEvent) {
        side().inputEnded();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      side().closed();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
