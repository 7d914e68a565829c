package io.steelyard.codec.proxyprotocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.steelyard.codec.proxyprotocol.ProxyHeader.Extra;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes PROXY protocol headers. Stateless; thread-safe. */
public final class ProxyHeaderWriter {
  private static final int LOCAL = 0x20;
  private static final int PROXY = 0x21;

  private ProxyHeaderWriter() {}

  /** Version 1; a header without addresses, or of UDP, becomes UNKNOWN. */
  public static ByteBuf version1(ProxyHeader header, ByteBufAllocator allocator) {
    return allocator.directBuffer(108).writeBytes(line(header).getBytes(StandardCharsets.US_ASCII));
  }

  private static String line(ProxyHeader header) {
    InetSocketAddress source = header.source();
    InetSocketAddress destination = header.destination();
    if (source == null || destination == null || header.datagram()) {
      return "PROXY UNKNOWN\r\n";
    }
    boolean isFour = isFour(source, destination);
    return (isFour ? "PROXY TCP4 " : "PROXY TCP6 ")
        + text(source, isFour)
        + ' '
        + text(destination, isFour)
        + ' '
        + source.getPort()
        + ' '
        + destination.getPort()
        + "\r\n";
  }

  /** Version 2, with the extras. */
  public static ByteBuf version2(ProxyHeader header, ByteBufAllocator allocator) {
    InetSocketAddress source = header.source();
    InetSocketAddress destination = header.destination();
    ByteBuf out = allocator.directBuffer(128).writeBytes(ProxyHeaderReader.V2);
    if (source == null || destination == null) {
      out.writeByte(LOCAL).writeByte(0).writeShort(0);
    } else {
      boolean isFour = isFour(source, destination);
      out.writeByte(PROXY).writeByte((isFour ? 0x10 : 0x20) | (header.datagram() ? 2 : 1));
      out.writeShort(0);
      out.writeBytes(bytes(source.getAddress(), isFour));
      out.writeBytes(bytes(destination.getAddress(), isFour));
      out.writeShort(source.getPort()).writeShort(destination.getPort());
    }
    for (Extra extra : header.extras()) {
      out.writeByte(extra.type()).writeShort(extra.value().length).writeBytes(extra.value());
    }
    return out.setShort(14, out.readableBytes() - ProxyHeaderReader.V2_FIXED);
  }

  private static boolean isFour(InetSocketAddress source, InetSocketAddress destination) {
    return source.getAddress() instanceof Inet4Address
        && destination.getAddress() instanceof Inet4Address;
  }

  /** IPv4 beside IPv6 is written as IPv6 (RFC 4291 section 2.5.5.2). */
  private static byte[] bytes(@Nullable InetAddress address, boolean isFour) {
    byte[] raw = address == null ? new byte[isFour ? 4 : 16] : address.getAddress();
    if (isFour || raw.length == 16) {
      return raw;
    }
    byte[] mapped = new byte[16];
    mapped[10] = (byte) 0xff;
    mapped[11] = (byte) 0xff;
    System.arraycopy(raw, 0, mapped, 12, 4);
    return mapped;
  }

  private static String text(InetSocketAddress address, boolean isFour) {
    if (isFour) {
      return address.getAddress().getHostAddress();
    }
    if (address.getAddress() instanceof Inet6Address six) {
      String text = six.getHostAddress();
      int zone = text.indexOf('%');
      return zone < 0 ? text : text.substring(0, zone);
    }
    return "::ffff:" + address.getAddress().getHostAddress();
  }
}
