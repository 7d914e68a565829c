package io.steelyard.packet;

import io.steelyard.packet.bpf.BpfMap;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.util.Map;
import java.util.Objects;

/**
 * Which sources may not come in: prefixes, of which the longest decides. Changes take effect at
 * once, for connections that there are, too. Thread-safe.
 */
public final class AccessList {
  private static final int ALLOW = 0;
  private static final int DENY = 1;

  private final Map<Family, BpfMap> maps;

  AccessList(Map<Family, BpfMap> maps) {
    this.maps = maps;
  }

  /** Denies what comes from these addresses. */
  public void deny(InetAddress network, int prefixLength) {
    put(network, prefixLength, DENY);
  }

  /** Allows these, within what a shorter prefix denies. */
  public void allow(InetAddress network, int prefixLength) {
    put(network, prefixLength, ALLOW);
  }

  private void put(InetAddress network, int prefixLength, int value) {
    try (var arena = Arena.ofConfined()) {
      map(network)
          .update(
              key(network, prefixLength, arena), arena.allocateFrom(ValueLayout.JAVA_INT, value));
    }
  }

  /** Removes what was said of exactly this prefix; false when nothing was. */
  public boolean remove(InetAddress network, int prefixLength) {
    try (var arena = Arena.ofConfined()) {
      return map(network).delete(key(network, prefixLength, arena));
    }
  }

  private BpfMap map(InetAddress network) {
    return Objects.requireNonNull(maps.get(Family.of(network)));
  }

  private static MemorySegment key(InetAddress network, int prefixLength, Arena arena) {
    byte[] address = network.getAddress();
    if (prefixLength < 0 || prefixLength > address.length * Byte.SIZE) {
      throw new IllegalArgumentException(
          "prefix "
              + network.getHostAddress()
              + "/"
              + prefixLength
              + ", expected a length of 0 to "
              + address.length * Byte.SIZE);
    }
    var key = arena.allocate(Integer.BYTES + address.length, Integer.BYTES);
    key.set(ValueLayout.JAVA_INT, 0, prefixLength);
    MemorySegment.copy(address, 0, key, ValueLayout.JAVA_BYTE, Integer.BYTES, address.length);
    return key;
  }
}
