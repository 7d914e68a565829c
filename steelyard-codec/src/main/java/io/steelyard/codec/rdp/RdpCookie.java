package io.steelyard.codec.rdp;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Finds the cookie in an RDP connection request (MS-RDPBCGR section 2.2.1.1): {@code Cookie:
 * mstshash=IDENTIFIER}, by which a load balancer knows the user before TLS begins.
 *
 * <pre>
 *   TPKT (RFC 1006)      X.224 connection request                        variable
 *   | 3 | 0 | length |   | li | 0xE0 | dst-ref | src-ref | class |   Cookie: NAME=VALUE CR LF …
 * </pre>
 *
 * <p>Stateless; thread-safe.
 */
public final class RdpCookie {
  /** More bytes are needed. */
  public static final int INCOMPLETE = -1;

  /** This is no connection request, or it has no such cookie. */
  public static final int NONE = -2;

  private static final int TPKT = 4;
  private static final int X224 = 7;
  private static final int CONNECTION_REQUEST = 0xE0;

  /** A request is a cookie and 8 bytes of negotiation: no sensible one is longer. */
  private static final int MOST_BYTES = 1024;

  private static final byte[] COOKIE = "Cookie: ".getBytes(StandardCharsets.US_ASCII);

  private final byte[] prefix;

  /** Looks for the cookie of this name. */
  public RdpCookie(String name) {
    prefix = ("Cookie: " + name + "=").getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Where the value begins, as an index of the buffer; or {@link #INCOMPLETE} or {@link #NONE}.
   *
   * @param start of the connection's first byte
   * @param end after the last byte that is there
   */
  public int find(ByteBuf buf, int start, int end) {
    int there = end - start;
    if ((there > 0 && buf.getByte(start) != 3) || (there > 1 && buf.getByte(start + 1) != 0)) {
      return NONE;
    }
    if (there < TPKT) {
      return INCOMPLETE;
    }
    int length = buf.getUnsignedShort(start + 2);
    int from = start + TPKT + X224;
    if (length > MOST_BYTES || length < TPKT + X224) {
      return NONE;
    }
    if (there < length) {
      return INCOMPLETE;
    }
    boolean isRequest = buf.getUnsignedByte(start + TPKT + 1) == CONNECTION_REQUEST;
    return isRequest && begins(buf, from, start + length) ? from + prefix.length : NONE;
  }

  /** Where the value that begins at {@code from} ends: before CR LF. */
  public static int endOf(ByteBuf buf, int from, int end) {
    int at = from;
    while (at < end && buf.getByte(at) != '\r' && buf.getByte(at) != '\n') {
      at++;
    }
    return at;
  }

  /** The name of the header is the same in upper and lower case; that of the cookie is not. */
  private boolean begins(ByteBuf buf, int from, int end) {
    if (end - from < prefix.length) {
      return false;
    }
    for (int i = 0; i < prefix.length; i++) {
      byte found = buf.getByte(from + i);
      boolean same =
          i < COOKIE.length
              ? Character.toLowerCase(found) == Character.toLowerCase(prefix[i])
              : found == prefix[i];
      if (!same) {
        return false;
      }
    }
    return true;
  }
}
