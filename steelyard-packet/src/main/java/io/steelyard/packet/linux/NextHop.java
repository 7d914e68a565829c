package io.steelyard.packet.linux;

/** Where frames for an address go. */
public sealed interface NextHop {
  /**
   * Out by an interface.
   *
   * @param mac of the neighbour that takes them
   * @param own of the interface
   * @param interfaceIndex of the interface
   * @param mtu of the interface, in bytes from the IP header on
   */
  record Neighbour(MacAddress mac, MacAddress own, int interfaceIndex, int mtu) implements NextHop {
    /** This with another {@link #mtu}. */
    public Neighbour withMtu(int bytes) {
      return new Neighbour(mac, own, interfaceIndex, bytes);
    }
  }

  /** The address is this machine's. */
  record Local() implements NextHop {}

  /** There is no way; the reason is for people. */
  record Unknown(String reason) implements NextHop {}
}
