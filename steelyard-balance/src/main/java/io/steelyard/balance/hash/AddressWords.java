package io.steelyard.balance.hash;

/** Addresses of 4 or 16 bytes folded to 32 bits, as HAProxy and LVS do. */
public final class AddressWords {
  private AddressWords() {}

  /** The address's words of 32 bits, first byte highest, xored. */
  public static int of(byte[] address, int from, int to) {
    int xored = 0;
    for (int i = from; i + Integer.BYTES <= to; i += Integer.BYTES) {
      xored ^=
          address[i] << 24
              | (address[i + 1] & 0xff) << 16
              | (address[i + 2] & 0xff) << 8
              | (address[i + 3] & 0xff);
    }
    return xored;
  }

  /** The same as a {@link KeyHash}. */
  public static long xored(byte[] address, int from, int to) {
    return Integer.toUnsignedLong(of(address, from, to));
  }
}
