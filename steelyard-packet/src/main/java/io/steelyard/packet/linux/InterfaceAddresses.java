package io.steelyard.packet.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * Adds addresses to interfaces and takes them off, over netlink, in the network namespace of the
 * thread. Needs CAP_NET_ADMIN. Thread-safe.
 */
public final class InterfaceAddresses {
  private static final int NEW_ADDRESS = 20;
  private static final int DELETE_ADDRESS = 21;
  private static final int BODY_BYTES = 8;
  private static final int LOCAL = 2;

  /** No duplicate address detection: a virtual address is meant to be elsewhere, too. */
  private static final byte FLAG_NO_DETECTION = 2;

  /**
   * Gives an interface an address for itself (/32, /128); false when it had it.
   *
   * @throws IllegalArgumentException when there is no such interface
   * @throws IllegalStateException when the kernel refuses
   */
  public boolean add(String interfaceName, InetAddress address) {
    return change(NEW_ADDRESS, interfaceName, address, Errno.EEXIST);
  }

  /** Takes an address off; false when the interface did not have it. */
  public boolean remove(String interfaceName, InetAddress address) {
    return change(DELETE_ADDRESS, interfaceName, address, Errno.EADDRNOTAVAIL);
  }

  private static boolean change(
      int type, String interfaceName, InetAddress address, Errno alreadySo) {
    int index = Link.of(interfaceName).index();
    try (var netlink = new Netlink();
        var arena = Arena.ofConfined()) {
      byte[] bytes = address.getAddress();
      int error = netlink.command(type, body(index, address, bytes, arena), LOCAL, bytes, arena);
      if (error != 0 && Errno.of(error) != alreadySo) {
        throw new IllegalStateException(
            (type == NEW_ADDRESS ? "adding " : "removing ")
                + address.getHostAddress()
                + " at "
                + interfaceName
                + ": "
                + Errno.describe(error));
      }
      return error == 0;
    }
  }

  private static MemorySegment body(int index, InetAddress address, byte[] bytes, Arena arena) {
    var body = arena.allocate(BODY_BYTES, Integer.BYTES);
    body.set(ValueLayout.JAVA_BYTE, 0, (byte) (address instanceof Inet4Address ? 2 : 10));
    body.set(ValueLayout.JAVA_BYTE, 1, (byte) (bytes.length * Byte.SIZE));
    body.set(ValueLayout.JAVA_BYTE, 2, FLAG_NO_DETECTION);
    body.set(ValueLayout.JAVA_INT, 4, index);
    return body;
  }
}
