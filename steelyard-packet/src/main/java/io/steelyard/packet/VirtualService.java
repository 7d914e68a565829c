package io.steelyard.packet;

import java.net.InetAddress;
import java.util.Objects;

/**
 * What clients speak to, and how it is carried. Immutable.
 *
 * @param address the virtual address
 * @param port 1 to 65535, or 0 for all
 * @param onePacket every datagram is chosen for anew, and none is remembered (UDP with DR or TUN)
 * @param mirrored whether a tap gets copies of what is carried ({@link Mirroring})
 */
public record VirtualService(
    InetAddress address,
    int port,
    Transport transport,
    Forwarding forwarding,
    Choice choice,
    boolean onePacket,
    boolean mirrored) {

  /**
   * Checks.
   *
   * @throws IllegalArgumentException when the parts contradict each other; the message says why
   */
  public VirtualService {
    Objects.requireNonNull(address, "address");
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + ", expected 0 (all) to 65535");
    }
    if (!transport.hasPorts() && port != 0) {
      throw new IllegalArgumentException(
          transport + " has no ports, found " + port + ", expected 0");
    }
    if (onePacket && (transport != Transport.UDP || forwarding.translates())) {
      throw new IllegalArgumentException(
          "one-packet scheduling is for UDP with DR or TUN, found "
              + transport
              + " with "
              + forwarding.title()
              + ": answers of NAT need a connection");
    }
    checkForwarding(address, transport, forwarding);
    checkChoice(address, choice);
  }

  /** A service of which every connection is chosen for by itself. */
  public VirtualService(InetAddress address, int port, Transport transport, Forwarding forwarding) {
    this(address, port, transport, forwarding, new Choice.ByFlow(), false);
  }

  /** A service of which nobody gets copies. */
  public VirtualService(
      InetAddress address,
      int port,
      Transport transport,
      Forwarding forwarding,
      Choice choice,
      boolean onePacket) {
    this(address, port, transport, forwarding, choice, onePacket, false);
  }

  private static void checkForwarding(
      InetAddress address, Transport transport, Forwarding forwarding) {
    switch (forwarding) {
      case Forwarding.Direct direct -> {}
      case Forwarding.Nat nat -> {}
      case Forwarding.Tunnel tunnel -> checkFamily(address, tunnel.source(), "the tunnel's source");
      case Forwarding.FullNat fullNat -> {
        if (!transport.hasPorts()) {
          throw new IllegalArgumentException(
              "FullNAT tells connections apart by ports, and "
                  + transport
                  + " has none; expected TCP or UDP");
        }
        if (fullNat.introduction() == Forwarding.Introduction.TOA && transport != Transport.TCP) {
          throw new IllegalArgumentException("TOA is an option of TCP, found it with " + transport);
        }
        fullNat.localAddresses().forEach(local -> checkFamily(address, local, "a local address"));
      }
    }
  }

  private static void checkChoice(InetAddress address, Choice choice) {
    int bits = Family.of(address).addressBytes() * Byte.SIZE;
    if (choice instanceof Choice.BySource(int length) && (length < 0 || length > bits)) {
      throw new IllegalArgumentException(
          "persistence by " + length + " bits of the source, expected 0 to " + bits);
    }
  }

  static void checkFamily(InetAddress service, InetAddress other, String what) {
    if (Family.of(service) != Family.of(other)) {
      throw new IllegalArgumentException(
          what
              + " is "
              + other.getHostAddress()
              + ", expected one of the family of "
              + service.getHostAddress());
    }
  }

  /** What makes two configurations' services the same one. */
  Key key() {
    return new Key(address, port, transport);
  }

  /** Address, port and transport. */
  record Key(InetAddress address, int port, Transport transport) {}

  /** As {@code TCP 10.0.0.1:80 NAT}. */
  @Override
  public String toString() {
    return transport
        + " "
        + address.getHostAddress()
        + (port == 0 ? "" : ":" + port)
        + " "
        + forwarding.title();
  }
}
