package io.steelyard.codec.proxyprotocol;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.steelyard.codec.proxyprotocol.ProxyHeader.Extra;
import org.jspecify.annotations.Nullable;

/**
 * Makes the vector that tells of a client's TLS (PP2_TYPE_SSL, section 2.2.6 of HAProxy's
 * doc/proxy-protocol.txt of 2.6). Stateless; thread-safe.
 */
public final class SslExtra {
  private static final int CLIENT_SSL = 0x01;

  /** It was shown in this session, be it on this connection or on the one that began it. */
  private static final int CLIENT_CERT_SESSION = 0x04;

  private static final int VERSION = 0x21;
  private static final int COMMON_NAME = 0x22;
  private static final int CIPHER = 0x23;
  private static final int NOT_VERIFIED = 1;

  private SslExtra() {}

  /**
   * Of a client that showed no certificate.
   *
   * @param protocol such as {@code TLSv1.3}
   * @param cipher the name of the suite
   */
  public static Extra anonymous(String protocol, String cipher) {
    return extra(CLIENT_SSL, NOT_VERIFIED, protocol, cipher, null);
  }

  /**
   * Of a client whose certificate was verified.
   *
   * @param commonName of its subject; null when that has none
   */
  public static Extra verified(String protocol, String cipher, @Nullable String commonName) {
    return extra(CLIENT_SSL | CLIENT_CERT_SESSION, 0, protocol, cipher, commonName);
  }

  private static Extra extra(
      int client, int verify, String protocol, String cipher, @Nullable String commonName) {
    ByteBuf out = Unpooled.buffer().writeByte(client).writeInt(verify);
    add(VERSION, protocol.getBytes(US_ASCII), out);
    if (commonName != null) {
      add(COMMON_NAME, commonName.getBytes(UTF_8), out);
    }
    add(CIPHER, cipher.getBytes(US_ASCII), out);
    return new Extra(Extra.SSL, ByteBufUtil.getBytes(out)); // unpooled, on the heap
  }

  private static void add(int type, byte[] value, ByteBuf out) {
    out.writeByte(type).writeShort(value.length).writeBytes(value);
  }
}
