package io.steelyard.packet.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * Tells a network that an address is at an interface now, so that neighbours and switches that knew
 * it elsewhere learn: an ARP announcement (RFC 5227, section 2.3) or an unsolicited neighbour
 * advertisement (RFC 4861, section 7.2.6). In the network namespace of the thread. Needs
 * CAP_NET_RAW. Thread-safe.
 */
public final class Announcer {
  private static final int AF_PACKET = 17;
  private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
  private static final int LINK_ADDRESS_BYTES = 20;
  private static final int ETHERNET_BYTES = 14;
  private static final int IPV6_BYTES = 40;
  private static final int ARP_BYTES = 28;
  private static final int ADVERTISEMENT_BYTES = 32;
  private static final int TYPE_ARP = 0x0806;
  private static final int TYPE_IPV6 = 0x86dd;
  private static final byte[] EVERYBODY = {-1, -1, -1, -1, -1, -1};
  private static final byte[] ALL_HOSTS_MAC = {0x33, 0x33, 0, 0, 0, 1};
  private static final byte[] ALL_HOSTS = {
    (byte) 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1
  };

  /**
   * Announces once; false when the interface has no MAC and so nobody to tell.
   *
   * @throws IllegalArgumentException when there is no such interface
   * @throws IllegalStateException when the kernel refuses
   */
  public boolean announce(String interfaceName, InetAddress address) {
    var link = Link.of(interfaceName);
    var mac = link.mac();
    if (mac == null) {
      return false;
    }
    send(link.index(), frame(mac, address));
    return true;
  }

  /** The whole frame. */
  static byte[] frame(MacAddress mac, InetAddress address) {
    return address instanceof Inet4Address ? arp(mac, address) : advertisement(mac, address);
  }

  private static byte[] arp(MacAddress mac, InetAddress address) {
    return ByteBuffer.allocate(ETHERNET_BYTES + ARP_BYTES)
        .put(EVERYBODY)
        .put(mac.bytes())
        .putShort((short) TYPE_ARP)
        .putShort((short) 1) // Ethernet
        .putShort((short) 0x0800) // IPv4
        .put((byte) 6)
        .put((byte) 4)
        .putShort((short) 1) // a request: hosts learn from it as well, and nobody answers
        .put(mac.bytes())
        .put(address.getAddress())
        .put(new byte[6])
        .put(address.getAddress())
        .array();
  }

  private static byte[] advertisement(MacAddress mac, InetAddress address) {
    var frame =
        ByteBuffer.allocate(ETHERNET_BYTES + IPV6_BYTES + ADVERTISEMENT_BYTES)
            .put(ALL_HOSTS_MAC)
            .put(mac.bytes())
            .putShort((short) TYPE_IPV6)
            .putInt(6 << 28)
            .putShort((short) ADVERTISEMENT_BYTES)
            .put((byte) 58) // ICMPv6
            .put((byte) 255)
            .put(address.getAddress())
            .put(ALL_HOSTS)
            .put((byte) 136)
            .put((byte) 0)
            .putShort((short) 0)
            .putInt(1 << 29) // override
            .put(address.getAddress())
            .put((byte) 2) // target link-layer address, in units of 8 bytes
            .put((byte) 1)
            .put(mac.bytes());
    return frame.putShort(ETHERNET_BYTES + IPV6_BYTES + 2, checksum(frame)).array();
  }

  /** RFC 4443, section 2.3: over addresses, length, protocol and message. */
  private static short checksum(ByteBuffer frame) {
    int sum = ADVERTISEMENT_BYTES + 58;
    for (int at = ETHERNET_BYTES + 8; at < frame.capacity(); at += 2) {
      sum += frame.getShort(at) & 0xffff;
    }
    sum = (sum & 0xffff) + (sum >>> 16);
    return (short) ~(sum + (sum >>> 16));
  }

  private static void send(int interfaceIndex, byte[] frame) {
    int descriptor = SystemCalls.socket(AF_PACKET, SOCK_RAW_CLOEXEC, 0);
    if (descriptor < 0) {
      throw new IllegalStateException("opening a packet socket: " + Errno.describe(-descriptor));
    }
    try (var arena = Arena.ofConfined()) {
      int sent =
          SystemCalls.send(
              descriptor,
              arena.allocateFrom(ValueLayout.JAVA_BYTE, frame),
              link(interfaceIndex, arena));
      if (sent < 0) {
        throw new IllegalStateException("announcing an address: " + Errno.describe(-sent));
      }
    } finally {
      SystemCalls.close(descriptor);
    }
  }

  /** struct sockaddr_ll; a frame that is whole needs no more than the interface. */
  private static MemorySegment link(int interfaceIndex, Arena arena) {
    var link = arena.allocate(LINK_ADDRESS_BYTES, Integer.BYTES);
    link.set(ValueLayout.JAVA_SHORT, 0, (short) AF_PACKET);
    link.set(ValueLayout.JAVA_INT, 4, interfaceIndex);
    return link;
  }
}
