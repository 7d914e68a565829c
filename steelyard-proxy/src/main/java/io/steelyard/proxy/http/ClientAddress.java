package io.steelyard.proxy.http;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Where a client connected from, in the forms that are asked for; each is made once. */
final class ClientAddress {
  /** That of a client that was gone before it could be asked for. */
  private static final InetSocketAddress UNKNOWN = new InetSocketAddress(0);

  private final InetSocketAddress address;
  private @Nullable String text;
  private byte @Nullable [] bytes;
  private byte @Nullable [] raw;

  ClientAddress(@Nullable SocketAddress remote) {
    this.address = remote instanceof InetSocketAddress known ? known : UNKNOWN;
  }

  /** Without the port. */
  String text() {
    String made = text;
    if (made == null) {
      made = address.getAddress().getHostAddress();
      text = made;
    }
    return made;
  }

  /** {@link #text} as it is written in a field. */
  byte[] bytes() {
    byte[] made = bytes;
    if (made == null) {
      made = text().getBytes(StandardCharsets.US_ASCII);
      bytes = made;
    }
    return made;
  }

  int port() {
    return address.getPort();
  }

  /** 4 or 16 bytes, in network order. */
  byte[] raw() {
    byte[] made = raw;
    if (made == null) {
      made = address.getAddress().getAddress();
      raw = made;
    }
    return made;
  }
}
