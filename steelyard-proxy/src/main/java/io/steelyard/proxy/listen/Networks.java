package io.steelyard.proxy.listen;

import io.steelyard.model.Cidr;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Some networks, compiled. Immutable; thread-safe. */
public final class Networks {
  private final byte[][] firsts;
  private final int[] bits;

  public Networks(List<Cidr> networks) {
    firsts = networks.stream().map(Cidr::first).toArray(byte[][]::new);
    bits = networks.stream().mapToInt(Cidr::bits).toArray();
  }

  /** Whether an address is in one of them. */
  public boolean contains(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress inet && contains(inet.getAddress().getAddress());
  }

  /**
   * The same.
   *
   * @param address 4 or 16 bytes, in network order
   */
  public boolean contains(byte[] address) {
    for (int i = 0; i < firsts.length; i++) {
      if (isIn(address, firsts[i], bits[i])) {
        return true;
      }
    }
    return false;
  }

  private static boolean isIn(byte[] address, byte[] first, int bits) {
    if (address.length != first.length) {
      return false;
    }
    int whole = bits / 8;
    for (int i = 0; i < whole; i++) {
      if (address[i] != first[i]) {
        return false;
      }
    }
    int rest = bits % 8;
    return rest == 0 || ((address[whole] ^ first[whole]) & 0xff) >> (8 - rest) == 0;
  }
}
