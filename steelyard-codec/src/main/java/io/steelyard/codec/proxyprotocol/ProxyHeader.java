package io.steelyard.codec.proxyprotocol;

import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a PROXY protocol header says. Immutable.
 *
 * @param source where the connection comes from; null when the proxy speaks for itself (LOCAL) or
 *     does not know (UNKNOWN, AF_UNSPEC), so that the addresses of the connection count
 * @param destination where it went to; null as above
 * @param datagram whether it is UDP
 * @param extras the type-length-value vectors of version 2, in their order, unknown ones too
 */
public record ProxyHeader(
    @Nullable InetSocketAddress source,
    @Nullable InetSocketAddress destination,
    boolean datagram,
    List<Extra> extras) {
  /** A header without addresses. */
  public static final ProxyHeader LOCAL = new ProxyHeader(null, null, false, List.of());

  public ProxyHeader {
    extras = List.copyOf(extras);
    if ((source == null) != (destination == null)) {
      throw new IllegalArgumentException("a header has both addresses or none");
    }
  }

  /** A header for a connection without extras. */
  public static ProxyHeader of(InetSocketAddress source, InetSocketAddress destination) {
    return of(source, destination, List.of());
  }

  /** A header for a connection. */
  public static ProxyHeader of(
      InetSocketAddress source, InetSocketAddress destination, List<Extra> extras) {
    return new ProxyHeader(source, destination, false, extras);
  }

  /**
   * One vector of version 2, as it was sent.
   *
   * @param type 0 to 255: what the specification calls PP2_TYPE
   * @param value not to be changed
   */
  @SuppressWarnings("ArrayRecordComponent") // bytes that nobody compares or changes
  public record Extra(int type, byte[] value) {
    /** The protocol that TLS agreed on. */
    public static final int ALPN = 0x01;

    /** The name of the server that the client asked for. */
    public static final int AUTHORITY = 0x02;

    /** A checksum of the header. */
    public static final int CRC32C = 0x03;

    /** Nothing. */
    public static final int NOOP = 0x04;

    /** What the proxy in front calls the connection. */
    public static final int UNIQUE_ID = 0x05;

    /** The client's TLS: {@link SslExtra}. */
    public static final int SSL = 0x20;
  }
}
