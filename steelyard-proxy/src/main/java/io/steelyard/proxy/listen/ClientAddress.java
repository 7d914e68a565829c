package io.steelyard.proxy.listen;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Where a client connected from, in the forms that are asked for; each is made once. */
public final class ClientAddress {
  /** That of a client that was gone before it could be asked for. */
  private static final InetSocketAddress UNKNOWN = new InetSocketAddress(0);

  private final InetSocketAddress address;
  private @Nullable String text;
  private byte @Nullable [] bytes;
  private byte @Nullable [] raw;

  /**
   * @param remote null: not known any more
   */
  public ClientAddress(@Nullable SocketAddress remote) {
    this.address = remote instanceof InetSocketAddress known ? known : UNKNOWN;
  }

  /** Without the port. */
  public String text() {
    String made = text;
    if (made == null) {
      made = address.getAddress().getHostAddress();
      text = made;
    }
    return made;
  }

  /** {@link #text} as it is written in a field. */
  public byte[] bytes() {
    byte[] made = bytes;
    if (made == null) {
      made = text().getBytes(StandardCharsets.US_ASCII);
      bytes = made;
    }
    return made;
  }

  /** The port that it connected from. */
  public int port() {
    return address.getPort();
  }

  /** 4 or 16 bytes, in network order. */
  public byte[] raw() {
    byte[] made = raw;
    if (made == null) {
      made = address.getAddress().getAddress();
      raw = made;
    }
    return made;
  }
}
