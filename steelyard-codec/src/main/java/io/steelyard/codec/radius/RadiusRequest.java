package io.steelyard.codec.radius;

import io.netty.buffer.ByteBuf;

/**
 * Finds attributes of a RADIUS request in a datagram. Stateless.
 *
 * <p>Source: RFC 2865 sections 3 and 5, RFC 2866 section 3.
 */
public final class RadiusRequest {
  /** The type of the attribute with the user's name. */
  public static final int USER_NAME = 1;

  /** The type of the attribute with the number, or the address, that the user calls from. */
  public static final int CALLING_STATION_ID = 31;

  /** There is no such attribute, or this is no request. */
  public static final long NONE = -1;

  private static final int ACCESS_REQUEST = 1;
  private static final int ACCOUNTING_REQUEST = 4;
  private static final int HEADER = 20;

  private RadiusRequest() {}

  /**
   * The place of the first attribute of a type; never throws.
   *
   * @param bytes a datagram from {@code from} to {@code to}
   * @return the index of its value in the high half, its length in the low half; or {@link #NONE}
   */
  public static long find(ByteBuf bytes, int from, int to, int type) {
    int end = end(bytes, from, to);
    int at = from + HEADER;
    while (end - at >= 2) {
      int length = bytes.getUnsignedByte(at + 1);
      if (length < 2 || length > end - at) {
        return NONE;
      }
      if (bytes.getUnsignedByte(at) == type) {
        return (long) (at + 2) << 32 | (length - 2);
      }
      at += length;
    }
    return NONE;
  }

  /** What comes after it is padding; -1 when this is no request. */
  private static int end(ByteBuf bytes, int from, int to) {
    if (to - from < HEADER) {
      return -1;
    }
    int code = bytes.getUnsignedByte(from);
    int length = bytes.getUnsignedShort(from + 2);
    boolean isRequest = code == ACCESS_REQUEST || code == ACCOUNTING_REQUEST;
    return isRequest && length >= HEADER && length <= to - from ? from + length : -1;
  }
}
