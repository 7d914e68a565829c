package io.steelyard.codec.http1;

import io.netty.buffer.ByteBuf;

/** {@code HTTP/digit.digit} (RFC 9112 section 2.3); case matters. */
final class Version {

  private static final int LENGTH = 8;
  private static final int MAJOR = 5;
  private static final int MINOR = 7;
  private static final String PATTERN = "HTTP/1.1";
  private static final long HTTP_1_1 = Scan.word(PATTERN);

  private Version() {}

  /**
   * Expects a version of any number at {@code from}. Returns the index after it, INCOMPLETE, or
   * MALFORMED with the error set.
   */
  static int check(ByteBuf buf, int from, int stop, MessageHead head) {
    if (stop - from >= LENGTH && buf.getLongLE(from) == HTTP_1_1) {
      return from + LENGTH;
    }
    int bytes = Math.min(LENGTH, stop - from);
    for (int i = 0; i < bytes; i++) {
      byte found = buf.getByte(from + i);
      boolean fits = (i == MAJOR || i == MINOR) ? Scan.isDigit(found) : found == PATTERN.charAt(i);
      if (!fits) {
        return head.fail(MessageHead.errorAt(found, HeadError.INVALID_VERSION));
      }
    }
    return bytes == LENGTH ? from + LENGTH : MessageHead.INCOMPLETE;
  }

  /** Whether a version that was checked has the major number 1. */
  static boolean supported(ByteBuf buf, int from) {
    return buf.getByte(from + MAJOR) == '1';
  }

  /** The digit of the minor number. */
  static byte minor(ByteBuf buf, int from) {
    return buf.getByte(from + MINOR);
  }
}
