package io.steelyard.packet;

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

  /** A mask of an address's first bits. */
  static byte[] firstBits(int bits, int bytes) {
    var mask = new byte[bytes];
    for (int i = 0; i < bits; i++) {
      mask[i / Byte.SIZE] |= (byte) (0x80 >>> (i % Byte.SIZE));
    }
    return mask;
  }
}
