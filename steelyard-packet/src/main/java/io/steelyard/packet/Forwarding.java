package io.steelyard.packet;

import java.net.InetAddress;
import java.util.List;

/** How packets reach an endpoint: LVS's four modes. */
public sealed interface Forwarding {
  /**
   * DR: another destination MAC, nothing else. Endpoints are neighbours, have the virtual address
   * themselves, and answer clients directly.
   */
  record Direct() implements Forwarding {}

  /**
   * TUN: the packet within another one. Endpoints may be anywhere, have the virtual address
   * themselves, take the packet out and answer clients directly.
   *
   * @param source of the outer packet
   * @param varyBits how many of the source's last bits differ from flow to flow, 0 to 16, so that
   *     the endpoint's network card spreads the packets over its queues
   * @param gue within UDP (GUE variant 1), for networks that do not pass IP in IP
   * @param mtu the largest packet that reaches the endpoints, outer header included; 0: as large as
   *     the interface sends
   */
  record Tunnel(InetAddress source, int varyBits, boolean gue, int mtu) implements Forwarding {
    /** As large as the interface sends. */
    public Tunnel(InetAddress source, int varyBits, boolean gue) {
      this(source, varyBits, gue, 0);
    }

    public Tunnel {
      if (varyBits < 0 || varyBits > 16) {
        throw new IllegalArgumentException(
            "a tunnel's source varies in " + varyBits + " bits, expected 0 to 16");
      }
    }
  }

  /**
   * NAT: another destination. Endpoints answer through this machine, which is on their way back.
   */
  record Nat() implements Forwarding {}

  /**
   * FullNAT: another source, too. Endpoints may be anywhere and need nothing; they see the local
   * address.
   *
   * @param localAddresses of this machine, used for nothing else; each gives an endpoint about
   *     1,000 new connections per second, so that a port rests for the minute of TIME_WAIT
   * @param firstPort of those that connections are made from
   * @param lastPort of these, inclusive
   * @param introduction what tells endpoints who their client is
   */
  record FullNat(
      List<InetAddress> localAddresses, int firstPort, int lastPort, Introduction introduction)
      implements Forwarding {
    /** Room in the programs' map. */
    static final int MAX_LOCAL_ADDRESSES = 64;

    /** Which tells endpoints nothing of clients. */
    public FullNat(List<InetAddress> localAddresses, int firstPort, int lastPort) {
      this(localAddresses, firstPort, lastPort, Introduction.NONE);
    }

    public FullNat {
      localAddresses = List.copyOf(localAddresses);
      if (localAddresses.isEmpty() || localAddresses.size() > MAX_LOCAL_ADDRESSES) {
        throw new IllegalArgumentException(
            "FullNAT with "
                + localAddresses.size()
                + " local addresses, expected 1 to "
                + MAX_LOCAL_ADDRESSES);
      }
      if (firstPort < 1 || lastPort > 65_535 || firstPort > lastPort) {
        throw new IllegalArgumentException(
            "FullNAT with local ports "
                + firstPort
                + " to "
                + lastPort
                + ", expected a range within 1 to 65535");
      }
    }
  }

  /** What tells FullNAT's endpoints who their client is. */
  enum Introduction {
    /** Nothing. */
    NONE,
    /**
     * A TCP option (254) with the client's address and port, in what the client sends before the
     * endpoint has said anything.
     */
    TOA,
    /** A header of the PROXY protocol, version 2, before the client's stream or each datagram. */
    PROXY_V2
  }

  /** Whether answers come back through this machine. */
  default boolean translates() {
    return switch (this) {
      case Direct direct -> false;
      case Tunnel tunnel -> false;
      case Nat nat -> true;
      case FullNat fullNat -> true;
    };
  }

  /** As LVS and people call it. */
  default String title() {
    return switch (this) {
      case Direct direct -> "DR";
      case Tunnel tunnel -> "TUN";
      case Nat nat -> "NAT";
      case FullNat fullNat -> "FullNAT";
    };
  }
}
