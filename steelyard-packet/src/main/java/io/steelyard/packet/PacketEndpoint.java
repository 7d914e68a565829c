package io.steelyard.packet;

import java.net.InetAddress;

/**
 * An endpoint as the packet plane sees it.
 *
 * @param port where it serves; 0 keeps the port that the client chose
 */
public record PacketEndpoint(InetAddress address, int port) {
  public PacketEndpoint {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + ", expected 0 (as it came) to 65535");
    }
  }

  @Override
  public String toString() {
    var host = address.getHostAddress();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
