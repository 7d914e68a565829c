package io.steelyard.codec.dns;

import io.netty.buffer.ByteBuf;

/**
 * The question of a DNS query in a datagram: its name and type. The rest of the message is not
 * looked at. Reused; not thread-safe.
 *
 * <p>Source: RFC 1035 sections 4.1.1 and 4.1.2; RFC 1035 section 2.3.3 for letters' cases.
 */
public final class DnsQuestion {
  private static final int HEADER = 12;
  private static final int LONGEST_LABEL = 63;
  private static final int LONGEST_NAME = 255;

  private final StringBuilder text = new StringBuilder();
  private int type;

  /**
   * Reads the bytes in [from, to); never throws.
   *
   * @return false when this is no query with one question
   */
  public boolean parse(ByteBuf bytes, int from, int to) {
    text.setLength(0);
    type = 0;
    boolean isQuery =
        to - from > HEADER
            && (bytes.getByte(from + 2) & 0x80) == 0
            && bytes.getUnsignedShort(from + 4) == 1;
    int end = isQuery ? name(bytes, from + HEADER, to) : -1;
    if (end < 0 || to - end < 4) {
      return false;
    }
    type = bytes.getUnsignedShort(end);
    return true;
  }

  /** Where the name ends; -1 when it is none. A question's name is never compressed. */
  private int name(ByteBuf bytes, int from, int to) {
    int at = from;
    while (at < to && at - from < LONGEST_NAME) {
      int length = bytes.getUnsignedByte(at++);
      if (length == 0) {
        return at;
      }
      if (length > LONGEST_LABEL || length > to - at) {
        return -1;
      }
      label(bytes, at, length);
      at += length;
    }
    return -1;
  }

  private void label(ByteBuf bytes, int from, int length) {
    if (!text.isEmpty()) {
      text.append('.');
    }
    for (int i = from; i < from + length; i++) {
      char letter = (char) bytes.getUnsignedByte(i);
      if (letter == '.' || letter == '\\') {
        text.append('\\');
      }
      text.append(letter >= 'A' && letter <= 'Z' ? (char) (letter + ('a' - 'A')) : letter);
    }
  }

  /**
   * The name in lower case, without a dot at its end: {@code www.example.com}; empty for the root.
   * Each byte is a character.
   */
  public String name() {
    return text.toString();
  }

  /** The number of the type: 1 for A, 28 for AAAA. */
  public int type() {
    return type;
  }
}
