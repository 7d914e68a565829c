package io.steelyard.server;

import io.steelyard.model.Address;
import java.net.InetSocketAddress;

/** Socket addresses as people write them. */
final class HostPort {
  private HostPort() {}

  static String of(InetSocketAddress address) {
    return new Address(address.getAddress().getHostAddress(), address.getPort()).toString();
  }
}
