package io.steelyard.proxy.listen;

import io.netty.channel.Channel;
import io.netty.channel.unix.DomainSocketAddress;
import io.steelyard.codec.proxyprotocol.ProxyHeader;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Where a client connected from, in the forms that are asked for; each is made once. */
public final class ClientAddress {
  /** That of a client that was gone before it could be asked for, or of a Unix socket. */
  private static final InetSocketAddress UNKNOWN = new InetSocketAddress(0);

  /** What nginx calls a client of a Unix socket. */
  private static final String UNIX = "unix:";

  /** What a field says of a node that has no address (RFC 7239 section 6.2). */
  private static final byte[] NO_ADDRESS = "unknown".getBytes(StandardCharsets.US_ASCII);

  private final InetSocketAddress address;
  private final @Nullable InetSocketAddress destination;
  private @Nullable String text;
  private byte @Nullable [] bytes;
  private byte @Nullable [] raw;

  private ClientAddress(@Nullable SocketAddress remote, @Nullable InetSocketAddress destination) {
    this.address = remote instanceof InetSocketAddress known ? known : UNKNOWN;
    if (remote instanceof DomainSocketAddress) {
      this.text = UNIX;
      this.bytes = NO_ADDRESS;
    }
    this.destination = destination;
  }

  /** That of an accepted channel's client, or what a trusted proxy said of it. */
  public static ClientAddress of(Channel channel) {
    ProxyHeader header = ProxyHeaderHandler.of(channel);
    return header == null || header.source() == null
        ? new ClientAddress(channel.remoteAddress(), null)
        : new ClientAddress(header.source(), header.destination());
  }

  /** A connection's own address; that of a Unix socket is unspecified, with port 0. */
  public static InetSocketAddress local(Channel channel) {
    return channel.localAddress() instanceof InetSocketAddress known ? known : UNKNOWN;
  }

  /** With the port. */
  public InetSocketAddress socket() {
    return address;
  }

  /**
   * Where the client connected to, if a proxy has said so; {@code local}, the connection's own
   * address, if not.
   */
  public InetSocketAddress destinationOr(InetSocketAddress local) {
    return destination == null ? local : destination;
  }

  /** Without the port; {@code unix:} of a Unix socket. */
  public String text() {
    String made = text;
    if (made == null) {
      made = address.getAddress().getHostAddress();
      text = made;
    }
    return made;
  }

  /** The same as it is written in a field. */
  public byte[] bytes() {
    byte[] made = bytes;
    if (made == null) {
      made = text().getBytes(StandardCharsets.US_ASCII);
      bytes = made;
    }
    return made;
  }

  /** The port that it connected from. */
  public int port() {
    return address.getPort();
  }

  /** 4 or 16 bytes, in network order. */
  public byte[] raw() {
    byte[] made = raw;
    if (made == null) {
      made = address.getAddress().getAddress();
      raw = made;
    }
    return made;
  }
}
