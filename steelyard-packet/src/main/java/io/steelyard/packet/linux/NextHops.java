package io.steelyard.packet.linux;

import java.net.InetAddress;

/** Finds next hops. */
@FunctionalInterface
public interface NextHops {
  /** Where frames for an address go now; may take as long as a neighbour takes to answer. */
  NextHop find(InetAddress address);
}
