package io.steelyard.balance.hash;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HashFunctionTest {
  private static final String FOX = "The quick brown fox jumps over the lazy dog";

  /** UTF-8: bytes from 128 on. */
  private static final String HIGH = "\u00c3\u00a9t\u00c3\u00a9\u00ff";

  /**
   * HAProxy's from its src/hash.c, the others from libhashkit 1.1.4 (hsieh: twemproxy 0.5.0), all
   * run; murmur1, run, murmur2 and murmur3: smhasher; xxHash: its documentation and that of
   * python-xxhash; fnv: Noll's page.
   */
  @ParameterizedTest
  @CsvSource({
    "SDBM, abc, 3025f862",
    "SDBM, FOX, 8ca77173",
    "SDBM, HIGH, 309e5b0b",
    "DJB2, '', 1505",
    "DJB2, user:1000, bd6a1f5f",
    "DJB2, HIGH, daf214d0",
    "WT6, '', f99a0360",
    "WT6, abc, 940028e8",
    "WT6, FOX, e4e7b045",
    "WT6, HIGH, 74cdf1fd",
    "CRC32, user:1000, 9f7417e3",
    "CRC32A, FOX, 414fa339",
    "CRC32C, FOX, 22620404",
    "CRC32_MEMCACHED, user:1000, 1f74",
    "CRC16, 123456789, 31c3",
    "FNV1_32, abc, 439c2f4b",
    "FNV1A_32, abc, 1a47e90b",
    "FNV1_64, a, af63bd4c8601b7be",
    "FNV1A_64, a, af63dc4c8601ec8c",
    "MD5, abc, 98500190",
    "MD5, FOX, 9d7d109e",
    "ONE_AT_A_TIME, user:1000, b563b74f",
    "ONE_AT_A_TIME, FOX, 519e91f5",
    "JENKINS, '', deadbefc",
    "JENKINS, user:1000, 048c4d84",
    "JENKINS, FOX, 12b8163c",
    "JENKINS, HIGH, 1f717b6e",
    "HSIEH, a, 93642e87",
    "HSIEH, user:1000, ddec1969",
    "HSIEH, FOX, 1c19ee97",
    "MURMUR, user:1000, 8e24aec7",
    "MURMUR, FOX, 30c79125",
    "MURMUR, HIGH, 26fab5ca",
    "MURMUR1, a, 872d28c5",
    "MURMUR1, user:1000, 9c6e7a59",
    "MURMUR1, FOX, 1a251e85",
    "MURMUR1, HIGH, cd90a958",
    "MURMUR3, hello, 248bfa47",
    "MURMUR3, FOX, 2e4ff723",
    "XXHASH32, '', 02cc5d05",
    "XXHASH32, a, 550d7456",
    "XXHASH32, abc, 32d153ff",
    "XXHASH32, Nobody inspects the spammish repetition, e2293b2f",
    "XXHASH64, '', ef46db3751d8e999",
    "XXHASH64, a, d24ec4f1a98c6e5b",
    "XXHASH64, abc, 44bc2cf5ad770999",
    "XXHASH64, Nobody inspects the spammish repetition, fbcea83c8a378bf1",
  })
  void givesItsReferenceValues(HashFunction function, String name, String expected) {
    byte[] key = bytes(name);
    assertThat(Long.toHexString(function.of(key, 0, key.length)))
        .isEqualTo(Long.toHexString(Long.parseUnsignedLong(expected, 16)));
  }

  private static byte[] bytes(String name) {
    return switch (name) {
      case "FOX" -> FOX.getBytes(ISO_8859_1);
      case "HIGH" -> HIGH.getBytes(ISO_8859_1);
      default -> name.getBytes(ISO_8859_1);
    };
  }

  /** smhasher's VerificationTest: a hash of the hashes of 256 keys with 256 seeds. */
  @Test
  void murmurPassesSmhashersVerification() {
    assertThat(verification(Murmur::murmur2)).isEqualTo(0x27864c1e);
    assertThat(verification(Murmur::murmur3)).isEqualTo(0xb0f57ee3);
  }

  private interface Seeded {
    int hash(byte[] key, int from, int to, int seed);
  }

  private static int verification(Seeded function) {
    ByteBuffer hashes = ByteBuffer.allocate(1_024).order(ByteOrder.LITTLE_ENDIAN);
    byte[] key = new byte[256];
    for (int i = 0; i < 256; i++) {
      key[i] = (byte) i;
      hashes.putInt(function.hash(key, 0, i, 256 - i));
    }
    return function.hash(hashes.array(), 0, 1_024, 0);
  }

  @ParameterizedTest
  @EnumSource
  void looksAtNothingButItsBytes(HashFunction function) {
    SplittableRandom random = new SplittableRandom(1);
    for (int length = 0; length < 150; length++) {
      byte[] alone = new byte[length];
      random.nextBytes(alone);
      byte[] within = new byte[length + 20];
      random.nextBytes(within);
      System.arraycopy(alone, 0, within, 7, length);
      long hash = function.of(alone, 0, length);
      assertThat(function.of(within, 7, 7 + length)).isEqualTo(hash);
      assertThat(hash >>> (function.bits() - 1) >>> 1).isZero();
    }
  }

  @Test
  void agreesWithTheJdk() throws Exception {
    SplittableRandom random = new SplittableRandom(2);
    MessageDigest md5 = MessageDigest.getInstance("MD5");
    for (int length = 0; length < 300; length++) {
      byte[] key = new byte[length];
      random.nextBytes(key);
      CRC32 crc32 = new CRC32();
      crc32.update(key);
      CRC32C crc32c = new CRC32C();
      crc32c.update(key);
      assertThat(HashFunction.CRC32.of(key, 0, length)).isEqualTo(crc32.getValue());
      assertThat(HashFunction.CRC32C.of(key, 0, length)).isEqualTo(crc32c.getValue());
      ByteBuffer digest = ByteBuffer.wrap(md5.digest(key)).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < 4; i++) {
        assertThat(Md5.word(key, 0, length, i)).isEqualTo(digest.getInt(4 * i));
      }
    }
  }
}
