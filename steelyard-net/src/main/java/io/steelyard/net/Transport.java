package io.steelyard.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.steelyard.model.TransportKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The event loops of one process (or of one test) and the kernel interface that moves their bytes.
 * Thread-safe.
 */
public final class Transport implements AutoCloseable {
  /**
   * An io_uring loop closes its sockets by requests that the kernel has yet to complete; one that
   * ended at once would leave them open until the process ends.
   */
  private static final long IO_URING_QUIET_MILLIS = 250;

  private final TransportKind kind;
  private final EventLoopGroup group;
  private final List<Loop> loops;
  private final PooledByteBufAllocator allocator;
  private final Sockets sockets;

  private Transport(TransportKind kind, int loopCount) throws TransportUnavailableException {
    this.kind = kind;
    this.allocator = newAllocator(loopCount);
    this.sockets = socketsOf(kind, allocator);
    this.group = start(kind, loopCount, sockets.handlers());
    this.loops =
        IntStream.range(0, loopCount).mapToObj(i -> new Loop(i, group.next(), sockets)).toList();
  }

  /**
   * Starts the event loops.
   *
   * @param wanted null: epoll on Linux, NIO elsewhere
   * @param loopCount 0: one per core
   * @throws TransportUnavailableException where the machine lacks what the wanted transport needs
   */
  public static Transport open(@Nullable TransportKind wanted, int loopCount)
      throws TransportUnavailableException {
    int count = loopCount == 0 ? Runtime.getRuntime().availableProcessors() : loopCount;
    return new Transport(wanted == null ? preferred() : wanted, count);
  }

  private static TransportKind preferred() {
    return Epoll.isAvailable() ? TransportKind.EPOLL : TransportKind.NIO;
  }

  public TransportKind kind() {
    return kind;
  }

  /** One for each event loop, in the order of {@link Loop#index}. */
  public List<Loop> loops() {
    return loops;
  }

  /**
   * Listens on a Unix socket. One socket serves all loops: connections go to each in turn.
   *
   * @param path where there is no file
   * @param children for each loop, in their order; sharable: added to the pipelines of the accepted
   *     channels that the loop gets
   * @return the listening channel, when it listens
   * @throws IOException where the transport has no Unix sockets
   */
  public ChannelFuture listen(Path path, int backlog, List<ChannelHandler> children)
      throws IOException {
    EventLoop first = loops.getFirst().events();
    Sockets.UnixSockets unix = sockets.unix();
    if (unix == null) {
      throw new IOException(
          "transport " + nameOf(kind) + " has no Unix sockets, expected transport: epoll");
    }
    IdentityHashMap<EventLoop, ChannelHandler> byLoop = new IdentityHashMap<>();
    loops.forEach(loop -> byLoop.put(loop.events(), children.get(loop.index())));
    return new ServerBootstrap()
        .group(first, group)
        .channelFactory(unix.server())
        .option(ChannelOption.SO_BACKLOG, backlog)
        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                sockets.configureUnix(channel.config());
                channel.pipeline().addLast(byLoop.get(channel.eventLoop()));
              }
            })
        .bind(new DomainSocketAddress(path.toFile()));
  }

  /**
   * Looks whether sockets can come from there, before the first has to.
   *
   * @throws IOException when the kernel refuses; the message says why
   */
  public void check(Origin origin) throws IOException {
    InetAddress address = origin.address();
    if (address != null) {
      try (Socket probe = new Socket()) {
        probe.bind(new InetSocketAddress(address, 0));
      } catch (IOException e) {
        throw new IOException(
            "cannot come from " + address.getHostAddress() + ": " + BindReason.of(e), e);
      }
    }
    Channel probe = sockets.stream().make(null);
    try {
      origin.apply(probe.config());
    } catch (ChannelException e) {
      throw new IOException(refusal(origin, e), e);
    } finally {
      probe.unsafe().closeForcibly();
    }
  }

  private static String refusal(Origin origin, ChannelException e) {
    String said = String.valueOf(e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
    if (said.contains("No such device")) {
      return "cannot leave by " + origin.device() + ": this machine has no such interface";
    }
    return said.contains("not permitted")
        ? "cannot be transparent or leave by an interface: not permitted, expected CAP_NET_ADMIN (or root)"
        : "cannot be set: " + said;
  }

  /** Bytes of direct memory that buffers and their pools hold now. */
  public long directMemory() {
    return allocator.metric().usedDirectMemory();
  }

  /**
   * Buffers in use, those that the loops' threads keep for the next use among them. None after
   * {@link #close}, unless one has leaked.
   */
  public long buffers() {
    return allocator.metric().directArenas().stream()
        .mapToLong(PoolArenaMetric::numActiveAllocations)
        .sum();
  }

  /** Ends the event loops; what is still open on them is closed. Waits until they have ended. */
  @Override
  public void close() {
    long quiet = kind == TransportKind.IO_URING ? IO_URING_QUIET_MILLIS : 0;
    Future<?> ended = group.shutdownGracefully(quiet, 2000, TimeUnit.MILLISECONDS);
    ended.awaitUninterruptibly(5, TimeUnit.SECONDS);
  }

  private static EventLoopGroup start(TransportKind kind, int loopCount, IoHandlerFactory handlers)
      throws TransportUnavailableException {
    try {
      return new MultiThreadIoEventLoopGroup(
          loopCount, new DefaultThreadFactory("steelyard-loop", true), handlers);
    } catch (IllegalStateException e) {
      throw TransportUnavailableException.because(
          "transport " + nameOf(kind) + " cannot start " + loopCount + " event loops", e);
    }
  }

  /** As the configuration has it. */
  private static String nameOf(TransportKind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Sockets socketsOf(TransportKind kind, ByteBufAllocator allocator)
      throws TransportUnavailableException {
    return switch (kind) {
      case EPOLL -> epoll(allocator);
      case IO_URING -> IoUringSockets.open(allocator);
      case NIO ->
          new Sockets(
              NioIoHandler.newFactory(),
              _ -> new NioServerSocketChannel(),
              _ -> new NioSocketChannel(),
              _ -> new NioDatagramChannel(),
              null,
              Map.of(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true),
              Map.of(),
              allocator);
    };
  }

  private static Sockets epoll(ByteBufAllocator allocator) throws TransportUnavailableException {
    if (!Epoll.isAvailable()) {
      throw TransportUnavailableException.because(
          "transport epoll is not available here (use transport: nio)",
          Epoll.unavailabilityCause());
    }
    return new Sockets(
        new EpollHandlers(),
        family ->
            family == null ? new EpollServerSocketChannel() : new EpollServerSocketChannel(family),
        family -> family == null ? new EpollSocketChannel() : new EpollSocketChannel(family),
        family -> family == null ? new EpollDatagramChannel() : new EpollDatagramChannel(family),
        new Sockets.UnixSockets(EpollServerDomainSocketChannel::new, EpollDomainSocketChannel::new),
        Map.of(UnixChannelOption.SO_REUSEPORT, true),
        Map.of(),
        allocator);
  }

  /**
   * One arena a loop, so that loops never wait for each other; no heap arena, for nothing uses heap
   * buffers.
   */
  private static PooledByteBufAllocator newAllocator(int loopCount) {
    int pageSize = 8192;
    int maxOrder = 8; // 2 MiB chunks
    return new PooledByteBufAllocator(true, 0, loopCount, pageSize, maxOrder, 256, 64, true);
  }
}
