package io.steelyard.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.steelyard.model.TransportKind;
import io.steelyard.net.TimerWheel.Timeout;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The ways to open sockets, on each transport alike. */
class LoopTest {
  private static final int PATIENCE_MILLIS = 20_000;
  private static final SocketSettings SOCKET = new SocketSettings(true, false);
  private static final ListenSettings LISTEN = new ListenSettings(128, SOCKET);

  @ParameterizedTest
  @MethodSource("io.steelyard.net.Kinds#usable")
  void loopsShareAnAddress(TransportKind kind) throws Exception {
    try (Transport transport = Transport.open(kind, 2)) {
      Echo first = new Echo();
      Echo second = new Echo();
      InetSocketAddress address = listen(transport.loops().get(0), anyPort(), true, first);
      assertThat(listen(transport.loops().get(1), address, true, second)).isEqualTo(address);

      for (int i = 0; i < 100; i++) {
        try (Socket client = client(address)) {
          String text = "connection " + i;
          client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
          assertThat(read(client, text.length())).isEqualTo(text);
        }
      }
      assertThat(first.connections.get() + second.connections.get()).isEqualTo(100);
      assertThat(first.connections.get()).as("the kernel spreads them").isBetween(1, 99);
    }
  }

  @ParameterizedTest
  @MethodSource("io.steelyard.net.Kinds#usable")
  void anAddressThatIsTakenFails(TransportKind kind) throws Exception {
    try (Transport transport = Transport.open(kind, 1)) {
      Loop loop = transport.loops().getFirst();
      InetSocketAddress address = listen(loop, anyPort(), false, new Echo());

      ChannelFuture again = loop.listen(address, LISTEN, false, new Echo());
      assertThat(again.await(PATIENCE_MILLIS)).isTrue();
      assertThat(again.cause()).isInstanceOfAny(BindException.class, IOException.class);
      assertThat(again.cause()).hasMessageContaining("Address already in use");
    }
  }

  @ParameterizedTest
  @MethodSource("io.steelyard.net.Kinds#usable")
  void aClientThatEndsItsSendingStillGetsItsAnswer(TransportKind kind) throws Exception {
    try (Transport transport = Transport.open(kind, 1)) {
      InetSocketAddress address =
          listen(transport.loops().getFirst(), anyPort(), false, new Echo());

      try (Socket client = client(address)) {
        client.getOutputStream().write("one".getBytes(StandardCharsets.US_ASCII));
        client.shutdownOutput();
        byte[] answer = client.getInputStream().readAllBytes();
        assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("one" + Echo.BYE);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.steelyard.net.Kinds#usable")
  void acceptedSocketsAreSetUp(TransportKind kind) throws Exception {
    try (Transport transport = Transport.open(kind, 1)) {
      Settings settings = new Settings();
      InetSocketAddress address =
          listen(
              transport.loops().getFirst(),
              anyPort(),
              new ListenSettings(7, new SocketSettings(false, true)),
              false,
              settings);
      try (Socket client = client(address)) {
        assertThat(client.isConnected()).isTrue();
        assertThat(settings.seen.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS))
            .isEqualTo(new SocketSettings(false, true));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.steelyard.net.Kinds#usable")
  void connectsAndPassesBytes(TransportKind kind) throws Exception {
    try (Transport transport = Transport.open(kind, 2)) {
      InetSocketAddress address =
          listen(transport.loops().getFirst(), anyPort(), false, new Echo());

      Greeter greeter = new Greeter("hello");
      Channel channel = connected(transport.loops().getLast(), address, SOCKET, greeter);
      assertThat(greeter.answer.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isEqualTo("hello");
      assertThat(channel.config().getOption(ChannelOption.TCP_NODELAY)).isTrue();
      assertThat(channel.config().getOption(ChannelOption.SO_KEEPALIVE)).isFalse();
      assertThat(transport.directMemory()).isPositive();
    }
  }

  @ParameterizedTest
  @MethodSource("io.steelyard.net.Kinds#usable")
  void connectsFromItsOwnThread(TransportKind kind) throws Exception {
    try (Transport transport = Transport.open(kind, 1)) {
      Loop loop = transport.loops().getFirst();
      InetSocketAddress address = listen(loop, anyPort(), false, new Echo());

      Greeter greeter = new Greeter("hello");
      loop.execute(() -> loop.connect(address, SOCKET, greeter));
      assertThat(greeter.answer.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isEqualTo("hello");
    }
  }

  @ParameterizedTest
  @MethodSource("io.steelyard.net.Kinds#usable")
  void aConnectedSocketIsSetUp(TransportKind kind) throws Exception {
    try (Transport transport = Transport.open(kind, 1)) {
      Loop loop = transport.loops().getFirst();
      InetSocketAddress address = listen(loop, anyPort(), false, new Echo());

      Channel channel =
          connected(loop, address, new SocketSettings(false, true), new Greeter("hello"));
      assertThat(channel.config().getOption(ChannelOption.TCP_NODELAY)).isFalse();
      assertThat(channel.config().getOption(ChannelOption.SO_KEEPALIVE)).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("io.steelyard.net.Kinds#usable")
  void aRefusedConnectFails(TransportKind kind) throws Exception {
    try (Transport transport = Transport.open(kind, 1)) {
      ChannelFuture connect =
          transport.loops().getFirst().connect(closedPort(), SOCKET, new Greeter("hello"));
      assertThat(connect.await(PATIENCE_MILLIS)).isTrue();
      assertThat(connect.cause()).isInstanceOf(ConnectException.class);
      assertThat(connect.cause()).hasMessageContaining("Connection refused");
    }
  }

  @ParameterizedTest
  @MethodSource("io.steelyard.net.Kinds#usable")
  void aNameThatWasNotResolvedFails(TransportKind kind) throws Exception {
    try (Transport transport = Transport.open(kind, 1)) {
      ChannelFuture connect =
          transport
              .loops()
              .getFirst()
              .connect(
                  InetSocketAddress.createUnresolved("nowhere.invalid", 80),
                  SOCKET,
                  new Greeter("hello"));
      assertThat(connect.await(PATIENCE_MILLIS)).isTrue();
      assertThat(connect.cause()).isInstanceOf(UnresolvedAddressException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("io.steelyard.net.Kinds#usable")
  void aConnectOnALoopThatHasEndedFails(TransportKind kind) throws Exception {
    Transport transport = Transport.open(kind, 1);
    transport.close();

    ChannelFuture connect =
        transport.loops().getFirst().connect(closedPort(), SOCKET, new Greeter("hello"));
    assertThat(connect.isDone()).isTrue();
    assertThat(connect.isSuccess()).isFalse();
    assertThat(connect.channel().isOpen()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("io.steelyard.net.Kinds#usable")
  void timersExpireOnTheLoopsThread(TransportKind kind) throws Exception {
    try (Transport transport = Transport.open(kind, 1)) {
      Loop loop = transport.loops().getFirst();
      CompletableFuture<Boolean> onLoop = new CompletableFuture<>();
      Timeout timeout =
          new Timeout() {
            @Override
            protected void expired() {
              onLoop.complete(loop.events().inEventLoop());
            }
          };
      loop.execute(() -> loop.timers().arm(timeout, loop.timers().nanoTime()));
      assertThat(onLoop.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
    }
  }

  private static InetSocketAddress listen(
      Loop loop, InetSocketAddress local, boolean shared, Echo echo) throws InterruptedException {
    return listen(loop, local, LISTEN, shared, echo);
  }

  private static InetSocketAddress listen(
      Loop loop,
      InetSocketAddress local,
      ListenSettings settings,
      boolean shared,
      ChannelInboundHandlerAdapter child)
      throws InterruptedException {
    Channel channel = loop.listen(local, settings, shared, child).sync().channel();
    return (InetSocketAddress) channel.localAddress();
  }

  private static Channel connected(
      Loop loop, InetSocketAddress address, SocketSettings settings, Greeter greeter)
      throws InterruptedException {
    return loop.connect(address, settings, greeter).sync().channel();
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static InetSocketAddress closedPort() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return (InetSocketAddress) taken.getLocalSocketAddress();
    }
  }

  private static Socket client(InetSocketAddress address) throws IOException {
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  private static String read(Socket socket, int length) throws IOException {
    return new String(socket.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
  }

  /** Sends a text when it is connected and waits for as much to come back. */
  private static final class Greeter extends ChannelInboundHandlerAdapter {
    private final String greeting;
    private final StringBuilder received = new StringBuilder();
    final CompletableFuture<String> answer = new CompletableFuture<>();

    Greeter(String greeting) {
      this.greeting = greeting;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      context.writeAndFlush(Unpooled.copiedBuffer(greeting, StandardCharsets.US_ASCII));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf buf = (ByteBuf) message;
      received.append(buf.toString(StandardCharsets.US_ASCII));
      buf.release();
      if (received.length() >= greeting.length()) {
        answer.complete(received.toString());
      }
    }
  }

  /** Notes how each accepted socket was set up. */
  @Sharable
  private static final class Settings extends ChannelInboundHandlerAdapter {
    final BlockingQueue<SocketSettings> seen = new LinkedBlockingQueue<>();

    @Override
    public void channelActive(ChannelHandlerContext context) {
      Channel channel = context.channel();
      seen.add(
          new SocketSettings(
              channel.config().getOption(ChannelOption.TCP_NODELAY),
              channel.config().getOption(ChannelOption.SO_KEEPALIVE)));
    }
  }
}
