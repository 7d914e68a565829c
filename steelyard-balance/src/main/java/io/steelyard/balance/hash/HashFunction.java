package io.steelyard.balance.hash;

/**
 * The hash functions that a configuration can name. Bytes are taken as 0 to 255; words of several
 * bytes in little-endian order. Pure: no state, no allocation, any thread.
 */
public enum HashFunction implements KeyHash {
  /** Robert Sedgewick's, as the sdbm library has it: HAProxy's {@code sdbm}. */
  SDBM(32, ByteSteps::sdbm),
  /** Daniel J. Bernstein's, times 33 plus: HAProxy's {@code djb2}. */
  DJB2(32, ByteSteps::djb2),
  /** Willy Tarreau's: HAProxy's {@code wt6}. */
  WT6(32, ByteSteps::wt6),
  /**
   * The CRC of Ethernet, zip and nginx: HAProxy's {@code crc32}. Twemproxy's {@code crc32} is
   * {@link #CRC32_MEMCACHED}.
   */
  CRC32(32, Crc::crc32),
  /** The same as {@link #CRC32}, by twemproxy's name for it. */
  CRC32A(32, Crc::crc32),
  /** Castagnoli's polynomial: RFC 3720 appendix B.4; HAProxy's {@code crc32c}. */
  CRC32C(32, Crc::crc32c),
  /** Fifteen bits of {@link #CRC32}: the {@code crc32} of libmemcached and twemproxy. */
  CRC32_MEMCACHED(32, Crc::crc32Memcached),
  /** CRC-16/XMODEM: that of Redis's hash slots. */
  CRC16(32, Crc::crc16),
  /** Fowler, Noll, Vo: multiply, then xor; 32 bits. */
  FNV1_32(32, (key, from, to) -> Fnv.fnv1(key, from, to, false)),
  /** Fowler, Noll, Vo: xor, then multiply; 32 bits. */
  FNV1A_32(32, (key, from, to) -> Fnv.fnv1a(key, from, to, false)),
  /** Fowler, Noll, Vo: multiply, then xor; 64 bits. Libmemcached and twemproxy take the low 32. */
  FNV1_64(64, (key, from, to) -> Fnv.fnv1Long(key, from, to, false)),
  /** Fowler, Noll, Vo: xor, then multiply; 64 bits. Libmemcached and twemproxy take the low 32. */
  FNV1A_64(64, (key, from, to) -> Fnv.fnv1aLong(key, from, to, false)),
  /** The first four bytes of RFC 1321's digest, the first the lowest: as libmemcached takes it. */
  MD5(32, (key, from, to) -> Md5.word(key, from, to, 0)),
  /** Bob Jenkins's one-at-a-time (1997). */
  ONE_AT_A_TIME(32, (key, from, to) -> Jenkins.oneAtATime(key, from, to, false)),
  /** Bob Jenkins's lookup3 (2006) with the initial value 13: libmemcached, twemproxy. */
  JENKINS(32, Jenkins::lookup3),
  /** Paul Hsieh's SuperFastHash, begun at 0: libmemcached, twemproxy. */
  HSIEH(32, (key, from, to) -> Hsieh.hash(key, from, to, false)),
  /** MurmurHash2, seeded with the length: libmemcached's and twemproxy's {@code murmur}. */
  MURMUR(32, Murmur::memcached),
  /** Austin Appleby's MurmurHash1, seed 0. */
  MURMUR1(32, (key, from, to) -> Murmur.murmur1(key, from, to, 0)),
  /** Austin Appleby's MurmurHash2, seed 0. */
  MURMUR2(32, (key, from, to) -> Murmur.murmur2(key, from, to, 0)),
  /** Austin Appleby's MurmurHash3_x86_32, seed 0. */
  MURMUR3(32, (key, from, to) -> Murmur.murmur3(key, from, to, 0)),
  /** Yann Collet's xxHash, 32 bits, seed 0. */
  XXHASH32(32, (key, from, to) -> XxHash32.hash(key, from, to, 0)),
  /** Yann Collet's xxHash, 64 bits, seed 0. */
  XXHASH64(64, (key, from, to) -> XxHash64.hash(key, from, to, 0));

  private final int bits;
  private final long mask;
  private final KeyHash function;

  HashFunction(int bits, KeyHash function) {
    this.bits = bits;
    this.mask = -1L >>> (64 - bits);
    this.function = function;
  }

  @Override
  public long of(byte[] key, int from, int to) {
    return function.of(key, from, to) & mask;
  }

  /** How many bits of {@link #of} vary: 32 or 64. */
  public int bits() {
    return bits;
  }

  /**
   * What libmemcached and twemproxy (0.5.0, src/hashkit) compute under this name, in 32 bits: their
   * {@code crc32} has but fifteen, {@code crc16} keeps what it shifts out, and some take bytes from
   * 128 on as negative numbers.
   */
  public KeyHash inTwemproxy() {
    return switch (this) {
      case CRC32 -> CRC32_MEMCACHED;
      case CRC16 -> (key, from, to) -> low(Crc.crc16Twemproxy(key, from, to));
      case FNV1_32 -> (key, from, to) -> low(Fnv.fnv1(key, from, to, true));
      case FNV1A_32 -> (key, from, to) -> low(Fnv.fnv1a(key, from, to, true));
      case FNV1_64 -> (key, from, to) -> low(Fnv.fnv1Long(key, from, to, true));
      case FNV1A_64 -> (key, from, to) -> low(Fnv.fnv1aLong(key, from, to, true));
      case ONE_AT_A_TIME -> (key, from, to) -> low(Jenkins.oneAtATime(key, from, to, true));
      case HSIEH -> (key, from, to) -> low(Hsieh.hash(key, from, to, true));
      case SDBM,
          DJB2,
          WT6,
          CRC32A,
          CRC32C,
          CRC32_MEMCACHED,
          MD5,
          JENKINS,
          MURMUR,
          MURMUR1,
          MURMUR2,
          MURMUR3,
          XXHASH32,
          XXHASH64 ->
          this;
    };
  }

  private static long low(long hash) {
    return hash & 0xffff_ffffL;
  }
}
