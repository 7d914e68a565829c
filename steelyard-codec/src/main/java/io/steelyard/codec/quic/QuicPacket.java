package io.steelyard.codec.quic;

import io.netty.buffer.ByteBuf;

/**
 * The connection ids in the first packet of a datagram: what is the same in all versions of QUIC
 * and is not encrypted. Never throws for what a peer sent. Reused; not thread-safe.
 *
 * <p>Source: RFC 8999 section 5.
 */
public final class QuicPacket {
  /** The longest that versions 1 and 2 have (RFC 9000 section 17.2). */
  public static final int LONGEST_ID = 20;

  private static final int LONG_FORM = 0x80;
  private static final int VERSION_END = 5;

  private int destination;
  private int destinationLength;
  private int source;
  private int sourceLength;

  /**
   * Whether the first packet in [from, to) has a short header: that of a connection that is set up.
   */
  public static boolean isShort(ByteBuf bytes, int from, int to) {
    return to > from && (bytes.getByte(from) & LONG_FORM) == 0;
  }

  /**
   * Reads a long header in [from, to): that of a packet that sets a connection up.
   *
   * @return false when this is none
   */
  public boolean parseLong(ByteBuf bytes, int from, int to) {
    if (to - from <= VERSION_END || isShort(bytes, from, to)) {
      return false;
    }
    destinationLength = bytes.getUnsignedByte(from + VERSION_END);
    destination = from + VERSION_END + 1;
    int afterDestination = destination + destinationLength;
    if (destinationLength > LONGEST_ID || afterDestination >= to) {
      return false;
    }
    sourceLength = bytes.getUnsignedByte(afterDestination);
    source = afterDestination + 1;
    return sourceLength <= LONGEST_ID && source + sourceLength <= to;
  }

  /** Where the destination's connection id begins. */
  public int destination() {
    return destination;
  }

  /** How many bytes it has; 0 for none. */
  public int destinationLength() {
    return destinationLength;
  }

  /** Where the source's connection id begins: what its peer is to send to. */
  public int source() {
    return source;
  }

  /** How many bytes it has; 0 for none. */
  public int sourceLength() {
    return sourceLength;
  }
}
