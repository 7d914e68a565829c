package io.steelyard.balance.hash;

/** Cyclic redundancy checks, a table entry for each byte. Pure: any thread. */
public final class Crc {
  private static final int[] IEEE = reflected(0xedb88320);
  private static final int[] CASTAGNOLI = reflected(0x82f63b78);
  private static final int[] CCITT = ccitt();

  private Crc() {}

  /** The CRC of Ethernet, zip and nginx. */
  public static int crc32(byte[] key, int from, int to) {
    return ~update(~0, key, from, to);
  }

  /** Goes on with a CRC that is under way: begun with all bits set, and not yet inverted. */
  public static int update(int crc, byte[] key, int from, int to) {
    int rest = crc;
    for (int i = from; i < to; i++) {
      rest = (rest >>> 8) ^ IEEE[(rest ^ key[i]) & 0xff];
    }
    return rest;
  }

  /** {@link #update(int, byte[], int, int)} with one byte. */
  public static int update(int crc, int octet) {
    return (crc >>> 8) ^ IEEE[(crc ^ octet) & 0xff];
  }

  static int crc32c(byte[] key, int from, int to) {
    int crc = ~0;
    for (int i = from; i < to; i++) {
      crc = (crc >>> 8) ^ CASTAGNOLI[(crc ^ key[i]) & 0xff];
    }
    return ~crc;
  }

  static int crc32Memcached(byte[] key, int from, int to) {
    return (crc32(key, from, to) >>> 16) & 0x7fff;
  }

  static int crc16(byte[] key, int from, int to) {
    int crc = 0;
    for (int i = from; i < to; i++) {
      crc = ((crc << 8) ^ CCITT[((crc >>> 8) ^ key[i]) & 0xff]) & 0xffff;
    }
    return crc;
  }

  /** {@link #crc16} without the cut: twemproxy keeps what is shifted out below bit 32. */
  static int crc16Twemproxy(byte[] key, int from, int to) {
    int crc = 0;
    for (int i = from; i < to; i++) {
      crc = (crc << 8) ^ CCITT[((crc >>> 8) ^ key[i]) & 0xff];
    }
    return crc;
  }

  private static int[] reflected(int polynomial) {
    int[] table = new int[256];
    for (int i = 0; i < table.length; i++) {
      int crc = i;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc >>> 1) ^ ((crc & 1) == 0 ? 0 : polynomial);
      }
      table[i] = crc;
    }
    return table;
  }

  private static int[] ccitt() {
    int[] table = new int[256];
    for (int i = 0; i < table.length; i++) {
      int crc = i << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc << 1) ^ ((crc & 0x8000) == 0 ? 0 : 0x1021);
      }
      table[i] = crc & 0xffff;
    }
    return table;
  }
}
