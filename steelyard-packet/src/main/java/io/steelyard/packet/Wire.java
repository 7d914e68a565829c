package io.steelyard.packet;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Numbers in the order of the wire, as they are in little-endian memory. */
final class Wire {
  private Wire() {}

  /** A port for a field that is in the order of the wire, or back. */
  static int port(long port) {
    return Short.reverseBytes((short) port) & 0xffff;
  }

  /** The last bits of an address's last word, as a mask in the order of the wire. */
  static int lastBits(int bits) {
    return Integer.reverseBytes(bits == 0 ? 0 : -1 >>> (Integer.SIZE - bits));
  }

  /**
   * The key of an LPM trie.
   *
   * @throws IllegalArgumentException when the address has fewer bits
   */
  static MemorySegment prefix(byte[] address, int bits, Arena arena) {
    if (bits < 0 || bits > address.length * Byte.SIZE) {
      throw new IllegalArgumentException(
          "a prefix of " + bits + " bits, expected 0 to " + address.length * Byte.SIZE);
    }
    var key = arena.allocate(Integer.BYTES + address.length, Integer.BYTES);
    key.set(ValueLayout.JAVA_INT, 0, bits);
    MemorySegment.copy(address, 0, key, ValueLayout.JAVA_BYTE, Integer.BYTES, address.length);
    return key;
  }

  /** A mask of an address's first bits. */
  static byte[] firstBits(int bits, int bytes) {
    var mask = new byte[bytes];
    for (int i = 0; i < bits; i++) {
      mask[i / Byte.SIZE] |= (byte) (0x80 >>> (i % Byte.SIZE));
    }
    return mask;
  }
}
