package io.steelyard.packet.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Asks the kernel's routes and neighbours. A neighbour that the kernel does not know is sent an
 * empty datagram to its port 9 (discard, RFC 863), so that the kernel looks for it. Thread-safe.
 */
public final class KernelNextHops implements NextHops {
  private static final int GET_ROUTE = 26;
  private static final int GET_NEIGHBOUR = 30;
  private static final int ROUTE_BODY_BYTES = 12;
  private static final int ROUTE_TYPE_OFFSET = 7;
  private static final int ROUTE_LOCAL = 2;
  private static final int ROUTE_DESTINATION = 1;
  private static final int ROUTE_INTERFACE = 4;
  private static final int ROUTE_GATEWAY = 5;
  private static final int NEIGHBOUR_BODY_BYTES = 12;
  private static final int NEIGHBOUR_STATE_OFFSET = 8;
  private static final int NEIGHBOUR_DESTINATION = 1;
  private static final int NEIGHBOUR_MAC = 2;

  /** REACHABLE, STALE, DELAY, PROBE, NOARP, PERMANENT. */
  private static final int NEIGHBOUR_USABLE = 0x02 | 0x04 | 0x08 | 0x10 | 0x40 | 0x80;

  private static final int DISCARD = 9;
  private static final int TRIES = 20;
  private static final long PAUSE_NANOS = 50_000_000;

  @Override
  public NextHop find(InetAddress address) {
    try (var netlink = new Netlink();
        var arena = Arena.ofConfined()) {
      var route = route(netlink, address, arena);
      if (route == null) {
        return new NextHop.Unknown("there is no route to " + address.getHostAddress());
      }
      if (route.u8(ROUTE_TYPE_OFFSET) == ROUTE_LOCAL) {
        return new NextHop.Local();
      }
      byte[] gateway = route.attribute(ROUTE_GATEWAY);
      var neighbour = gateway == null ? address : InetAddress.getByAddress(gateway);
      return throughInterface(netlink, route.attribute(ROUTE_INTERFACE, 0), neighbour);
    } catch (IOException problem) {
      return new NextHop.Unknown(String.valueOf(problem.getMessage()));
    }
  }

  private static NextHop throughInterface(Netlink netlink, int index, InetAddress neighbour) {
    var device = Link.find(index);
    var own = device == null ? null : device.mac();
    if (device == null || own == null) {
      return new NextHop.Unknown(
          "interface number " + index + " towards " + neighbour.getHostAddress() + " has no MAC");
    }
    for (int i = 0; i < TRIES; i++) {
      byte[] mac = mac(netlink, index, neighbour);
      if (mac != null) {
        return new NextHop.Neighbour(MacAddress.of(mac), own, index, device.mtu());
      }
      if (i % 10 == 0) {
        provoke(index, neighbour);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return new NextHop.Unknown(neighbour.getHostAddress() + " does not answer at " + device.name());
  }

  private static Netlink.@Nullable Answer route(Netlink netlink, InetAddress address, Arena arena) {
    byte[] bytes = address.getAddress();
    var body = arena.allocate(ROUTE_BODY_BYTES, Integer.BYTES);
    body.set(ValueLayout.JAVA_BYTE, 0, family(address));
    body.set(ValueLayout.JAVA_BYTE, 1, (byte) (bytes.length * Byte.SIZE));
    return netlink.ask(GET_ROUTE, body, ROUTE_DESTINATION, bytes, arena);
  }

  private static byte @Nullable [] mac(Netlink netlink, int index, InetAddress neighbour) {
    try (var arena = Arena.ofConfined()) {
      var body = arena.allocate(NEIGHBOUR_BODY_BYTES, Integer.BYTES);
      body.set(ValueLayout.JAVA_BYTE, 0, family(neighbour));
      body.set(ValueLayout.JAVA_INT, 4, index);
      var answer =
          netlink.ask(GET_NEIGHBOUR, body, NEIGHBOUR_DESTINATION, neighbour.getAddress(), arena);
      if (answer == null || (answer.u16(NEIGHBOUR_STATE_OFFSET) & NEIGHBOUR_USABLE) == 0) {
        return null;
      }
      return answer.attribute(NEIGHBOUR_MAC);
    }
  }

  /** AF_INET or AF_INET6. */
  private static byte family(InetAddress address) {
    return (byte) (address instanceof Inet4Address ? 2 : 10);
  }

  private static void provoke(int index, InetAddress neighbour) {
    try (var socket = new DatagramSocket()) {
      var to = new InetSocketAddress(scoped(index, neighbour), DISCARD);
      socket.send(new DatagramPacket(new byte[0], 0, to));
    } catch (IOException unreachable) {
      // The neighbour stays unknown, which is what the caller then says.
      return;
    }
  }

  /** A link-local address means nothing without its interface. */
  private static InetAddress scoped(int index, InetAddress address) throws UnknownHostException {
    return address.isLinkLocalAddress() && !(address instanceof Inet4Address)
        ? Inet6Address.getByAddress(null, address.getAddress(), index)
        : address;
  }
}
