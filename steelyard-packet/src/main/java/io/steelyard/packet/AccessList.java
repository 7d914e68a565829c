package io.steelyard.packet;

import io.steelyard.packet.bpf.BpfMap;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;

/**
 * Which sources may not come in: prefixes, of which the longest decides. Changes take effect at
 * once, for connections that there are, too. Thread-safe.
 */
public final class AccessList {
  private static final int ALLOW = 0;
  private static final int DENY = 1;

  /** They go round, and 0 is that of flows that were never looked up. */
  private static final int STATES = 65_535;

  private final Map<Family, BpfMap> maps;
  private final Map<Family, BpfMap> states;

  /**
   * The list in these maps.
   *
   * @param states which state of the list it is, so that flows need not be looked up twice in one
   */
  AccessList(Map<Family, BpfMap> maps, Map<Family, BpfMap> states) {
    this.maps = maps;
    this.states = states;
  }

  /** Denies what comes from these addresses. */
  public synchronized void deny(InetAddress network, int prefixLength) {
    put(network.getAddress(), prefixLength, DENY);
    changed();
  }

  /** Allows these, within what a shorter prefix denies. */
  public synchronized void allow(InetAddress network, int prefixLength) {
    put(network.getAddress(), prefixLength, ALLOW);
    changed();
  }

  private void put(byte[] network, int prefixLength, int value) {
    try (var arena = Arena.ofConfined()) {
      map(network)
          .update(
              key(network, prefixLength, arena), arena.allocateFrom(ValueLayout.JAVA_INT, value));
    }
  }

  /** Removes what was said of exactly this prefix; false when nothing was. */
  public synchronized boolean remove(InetAddress network, int prefixLength) {
    byte[] address = network.getAddress();
    try (var arena = Arena.ofConfined()) {
      return map(address).delete(key(address, prefixLength, arena));
    } finally {
      changed();
    }
  }

  /** Flows that the list let in before are looked up once more. */
  private void changed() {
    try (var arena = Arena.ofConfined()) {
      var zero = arena.allocate(ValueLayout.JAVA_INT);
      var state = arena.allocate(ValueLayout.JAVA_INT);
      for (var map : states.values()) {
        map.lookup(zero, state);
        state.set(ValueLayout.JAVA_INT, 0, state.get(ValueLayout.JAVA_INT, 0) % STATES + 1);
        map.update(zero, state);
      }
    }
  }

  /**
   * Has these rules and no others from here on. Packets in the meantime see some of the old ones
   * and some of the new ones; what both have stays in force. Takes about 2 µs per rule.
   *
   * @param rules the last one of a network counts
   */
  public synchronized void replace(Collection<AccessRule> rules) {
    var kept = new HashSet<ByteBuffer>();
    try (var arena = Arena.ofConfined()) {
      var value = arena.allocate(ValueLayout.JAVA_INT);
      for (var rule : rules) {
        byte[] address = rule.network().first();
        value.set(ValueLayout.JAVA_INT, 0, rule.allowed() ? ALLOW : DENY);
        try (var each = Arena.ofConfined()) {
          var key = key(address, rule.network().bits(), each);
          map(address).update(key, value);
          kept.add(ByteBuffer.wrap(key.toArray(ValueLayout.JAVA_BYTE)));
        }
      }
    }
    maps.values().forEach(map -> keepOnly(map, kept));
    changed();
  }

  private static void keepOnly(BpfMap map, Collection<ByteBuffer> kept) {
    var gone = new ArrayList<byte[]>();
    map.forEachKey(key -> {
      byte[] bytes = key.toArray(ValueLayout.JAVA_BYTE);
      if (!kept.contains(ByteBuffer.wrap(bytes))) {
        gone.add(bytes);
      }
    });
    try (var arena = Arena.ofConfined()) {
      var key = arena.allocate(map.spec().keySize(), Integer.BYTES);
      for (byte[] bytes : gone) {
        key.copyFrom(MemorySegment.ofArray(bytes));
        map.delete(key);
      }
    }
  }

  /** How many rules there are. */
  public int size() {
    int[] count = new int[1];
    maps.values().forEach(map -> map.forEachKey(key -> count[0]++));
    return count[0];
  }

  private BpfMap map(byte[] network) {
    return Objects.requireNonNull(maps.get(network.length == 4 ? Family.IPV4 : Family.IPV6));
  }

  private static MemorySegment key(byte[] address, int prefixLength, Arena arena) {
    if (prefixLength < 0 || prefixLength > address.length * Byte.SIZE) {
      throw new IllegalArgumentException(
          "a prefix of " + prefixLength + " bits, expected 0 to " + address.length * Byte.SIZE);
    }
    var key = arena.allocate(Integer.BYTES + address.length, Integer.BYTES);
    key.set(ValueLayout.JAVA_INT, 0, prefixLength);
    MemorySegment.copy(address, 0, key, ValueLayout.JAVA_BYTE, Integer.BYTES, address.length);
    return key;
  }
}
