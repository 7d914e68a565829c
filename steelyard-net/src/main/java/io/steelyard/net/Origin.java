package io.steelyard.net;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import io.steelyard.model.PoolSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where connections and datagrams to endpoints come from, when the kernel shall not choose.
 * Immutable; thread-safe.
 *
 * @param address of this machine; null where the kernel chooses
 * @param device the interface that they leave by (SO_BINDTODEVICE); null for any
 * @param transparent they come from the client's own address (IP_TRANSPARENT), where it is of the
 *     endpoint's family
 */
public record Origin(@Nullable InetAddress address, @Nullable String device, boolean transparent) {
  private static final int SOL_SOCKET = 1;
  private static final int SO_BINDTODEVICE = 25;
  private static final int DEVICE_NAME_SIZE = 16;
  private static final ChannelOption<ByteBuffer> DEVICE =
      new RawUnixChannelOption("SO_BINDTODEVICE", SOL_SOCKET, SO_BINDTODEVICE, DEVICE_NAME_SIZE);

  /** As a pool's configuration has it; null where the kernel chooses all. */
  public static @Nullable Origin of(PoolSocket settings) {
    String address = settings.sourceAddress();
    String device = settings.networkInterface();
    return address == null && device == null && !settings.transparent()
        ? null
        : new Origin(
            address == null ? null : InetAddress.ofLiteral(address),
            device,
            settings.transparent());
  }

  /**
   * What a socket to {@code remote} is bound to; null for nothing.
   *
   * @param client null when it has no address
   */
  public @Nullable InetSocketAddress local(
      InetSocketAddress remote, @Nullable InetSocketAddress client) {
    if (transparent && client != null && isOfOneFamily(client.getAddress(), remote)) {
      return new InetSocketAddress(client.getAddress(), 0);
    }
    InetAddress own = address;
    return own == null ? null : new InetSocketAddress(own, 0);
  }

  private static boolean isOfOneFamily(InetAddress client, InetSocketAddress remote) {
    return !client.isAnyLocalAddress()
        && client.getAddress().length == remote.getAddress().getAddress().length;
  }

  /**
   * Sets what has to be set before a socket is bound.
   *
   * @throws io.netty.channel.ChannelException when the kernel refuses
   */
  void apply(ChannelConfig config) {
    // Else each binding would take a port from all destinations, not from one.
    config.setOption(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
    if (transparent) {
      config.setOption(EpollChannelOption.IP_TRANSPARENT, true);
    }
    String name = device;
    if (name != null) {
      ByteBuffer bytes = ByteBuffer.allocateDirect(DEVICE_NAME_SIZE);
      bytes.put(name.getBytes(StandardCharsets.US_ASCII)).rewind();
      config.setOption(DEVICE, bytes);
    }
  }
}
