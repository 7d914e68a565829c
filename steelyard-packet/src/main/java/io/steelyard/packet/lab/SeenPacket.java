package io.steelyard.packet.lab;

import io.steelyard.packet.linux.MacAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a frame says of itself: its MACs, its addresses, and those of the packet within when it is a
 * tunnel's.
 *
 * @param outer source and destination of the tunnel's packet; null without a tunnel
 */
record SeenPacket(
    MacAddress from,
    MacAddress to,
    @Nullable Addresses outer,
    Addresses addresses,
    int tcpFlags,
    int payload) {
  private static final int ETHERNET = 14;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int GUE_PORT = 6080;
  private static final int FIN = 1;
  private static final int SYN = 2;
  private static final int RST = 4;
  private static final int ACK = 16;

  /** Source and destination with their ports; 0 where there are none. */
  record Addresses(InetAddress source, int sourcePort, InetAddress destination, int port) {
    @Override
    public String toString() {
      return text(source, sourcePort) + " → " + text(destination, port);
    }

    private static String text(InetAddress address, int port) {
      var host = address.getHostAddress();
      var bracketed = host.indexOf(':') < 0 || port == 0 ? host : "[" + host + "]";
      return port == 0 ? bracketed : bracketed + ":" + port;
    }
  }

  /** Null when it carries no TCP, or not enough of it. */
  static @Nullable SeenPacket read(ByteBuffer frame) {
    if (frame.capacity() < ETHERNET) {
      return null;
    }
    try {
      var from = mac(frame, 6);
      var to = mac(frame, 0);
      return ip(from, to, null, frame.slice(ETHERNET, frame.capacity() - ETHERNET));
    } catch (IndexOutOfBoundsException | IllegalArgumentException cut) {
      return null;
    }
  }

  private static MacAddress mac(ByteBuffer frame, int at) {
    byte[] bytes = new byte[6];
    frame.get(at, bytes);
    return MacAddress.of(bytes);
  }

  private static @Nullable SeenPacket ip(
      MacAddress from, MacAddress to, @Nullable Addresses outer, ByteBuffer packet) {
    boolean v6 = packet.get(0) >>> 4 == 6;
    int header = v6 ? 40 : (packet.get(0) & 15) * 4;
    int protocol = packet.get(v6 ? 6 : 9) & 0xff;
    int length = v6 ? header + (packet.getShort(4) & 0xffff) : packet.getShort(2) & 0xffff;
    var source = address(packet, v6 ? 8 : 12, v6);
    var destination = address(packet, v6 ? 24 : 16, v6);
    var rest = packet.slice(header, packet.capacity() - header);
    return switch (protocol) {
      case 4, 41 -> ip(from, to, new Addresses(source, 0, destination, 0), rest);
      case UDP ->
          port(rest, 2) == GUE_PORT
              ? ip(
                  from,
                  to,
                  new Addresses(source, port(rest, 0), destination, GUE_PORT),
                  rest.slice(8, rest.capacity() - 8))
              : null;
      case TCP ->
          new SeenPacket(
              from,
              to,
              outer,
              new Addresses(source, port(rest, 0), destination, port(rest, 2)),
              rest.get(13),
              length - header - (rest.get(12) >>> 4 & 15) * 4);
      default -> null;
    };
  }

  private static int port(ByteBuffer transport, int at) {
    return transport.getShort(at) & 0xffff;
  }

  private static InetAddress address(ByteBuffer packet, int at, boolean v6) {
    byte[] bytes = new byte[v6 ? 16 : 4];
    packet.get(at, bytes);
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** As {@code SYN}, {@code SYN ACK}, {@code 78 bytes}. */
  String what() {
    if ((tcpFlags & SYN) != 0) {
      return (tcpFlags & ACK) != 0 ? "SYN ACK" : "SYN";
    }
    if ((tcpFlags & RST) != 0) {
      return "RST";
    }
    if (payload > 0) {
      return payload + " bytes";
    }
    return (tcpFlags & FIN) != 0 ? "FIN" : "ACK";
  }
}
