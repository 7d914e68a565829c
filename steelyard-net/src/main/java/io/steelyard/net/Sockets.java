package io.steelyard.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollDatagramChannelConfig;
import io.netty.channel.socket.SocketProtocolFamily;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the transports differ in, and what their sockets have in common.
 *
 * @param handlers makes what drives an event loop
 * @param server makes listening sockets
 * @param stream makes connecting sockets
 * @param datagram makes datagram sockets
 * @param unix makes Unix sockets; null where the transport has none
 * @param listening options of listening sockets that several loops share
 * @param streaming options of stream sockets that only this transport knows
 * @param allocator of every buffer
 */
record Sockets(
    IoHandlerFactory handlers,
    Maker<? extends ServerChannel> server,
    Maker<? extends Channel> stream,
    Maker<? extends Channel> datagram,
    @Nullable UnixSockets unix,
    Map<ChannelOption<Boolean>, Boolean> listening,
    Map<ChannelOption<Short>, Short> streaming,
    ByteBufAllocator allocator) {

  /**
   * The smallest read is what nearly every request head fits in with room for what is added to it;
   * the largest makes a bulk transfer cheap. A connection that reads nothing holds no buffer.
   */
  private static final RecvByteBufAllocator READS =
      new AdaptiveRecvByteBufAllocator(1024, 2048, 128 * 1024).maxMessagesPerRead(4);

  /**
   * A peer that takes its bytes more slowly than they come stops their reading at the upper mark.
   */
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(128 * 1024, 512 * 1024);

  /** Makes sockets. */
  interface Maker<T> {
    /**
     * One that is neither bound nor connected.
     *
     * @param family of all addresses that it will have to do with; null: of any
     */
    T make(@Nullable SocketProtocolFamily family);
  }

  /**
   * The family of sockets that these addresses are enough for. A socket of IPv4 alone costs the
   * kernel less than one of both families that speaks IPv4; one that is bound to any address is of
   * both.
   */
  static @Nullable SocketProtocolFamily family(
      SocketAddress address, @Nullable SocketAddress other) {
    return isOne(address) && (other == null || isOne(other)) ? SocketProtocolFamily.INET : null;
  }

  private static boolean isOne(SocketAddress address) {
    return address instanceof InetSocketAddress inet
        && inet.getAddress() instanceof Inet4Address
        && !inet.getAddress().isAnyLocalAddress();
  }

  void configureStream(ChannelConfig config, SocketSettings settings) {
    configure(config::setOption, settings);
  }

  void configureChildren(ServerBootstrap bootstrap, SocketSettings settings) {
    configure(bootstrap::childOption, settings);
    // A client may end its sending and still want its answer.
    bootstrap.childOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
  }

  /**
   * Reads datagrams of up to {@code largest} bytes, and one byte of a larger one more, which gives
   * it away.
   *
   * @param together how many are read at a time, where the transport can
   */
  void configureDatagrams(ChannelConfig config, int largest, int together) {
    int slot = largest + 1;
    config.setOption(ChannelOption.ALLOCATOR, allocator);
    if (config instanceof EpollDatagramChannelConfig epoll) {
      // One call at an event: epoll tells of what is left, and nobody asks in vain.
      epoll.setRecvByteBufAllocator(
          new FixedRecvByteBufAllocator(slot * together).maxMessagesPerRead(1));
      epoll.setMaxDatagramPayloadSize(together > 1 ? slot : 0);
    } else {
      config.setOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(slot));
    }
  }

  /** One that was accepted or connects. */
  void configureUnix(ChannelConfig config) {
    configureAny(config::setOption);
  }

  private void configure(Setter target, SocketSettings settings) {
    if (!settings.tcpNodelay()) {
      target.set(ChannelOption.TCP_NODELAY, false); // true is what Netty has told the kernel
    }
    if (settings.keepAlive()) {
      target.set(ChannelOption.SO_KEEPALIVE, true); // false is what the kernel begins with
    }
    configureAny(target);
    streaming.forEach(target::set);
  }

  private void configureAny(Setter target) {
    target.set(ChannelOption.ALLOCATOR, allocator);
    target.set(ChannelOption.RECVBUF_ALLOCATOR, READS);
    target.set(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
    target.set(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0);
  }

  /**
   * Makes Unix sockets.
   *
   * @param server listening ones
   * @param stream connecting ones
   */
  record UnixSockets(
      ChannelFactory<? extends ServerChannel> server, ChannelFactory<? extends Channel> stream) {}

  /** Where options go: a channel's configuration or a bootstrap. */
  private interface Setter {
    <T> Object set(ChannelOption<T> option, T value);
  }
}
