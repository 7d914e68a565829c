package io.steelyard.net.tls;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds its way through a value in DER (X.690 section 8.1): of an element that begins at an offset,
 * its tag, where its content begins and where it ends. Immutable.
 *
 * <p>All methods throw {@link IndexOutOfBoundsException} where the bytes end too soon, and none
 * comes back to where it was, so that no input makes a reader go round.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Der(byte[] bytes) {
  private static final int LONG_FORM = 0x80;
  private static final int UTC_TIME = 0x17;
  private static final int GENERALIZED_TIME = 0x18;
  private static final int FIFTIES = 50;

  int tag(int at) {
    return bytes[at] & 0xff;
  }

  /** Where the content begins of the element at an offset: that of its first element, if any. */
  int content(int at) {
    int first = bytes[at + 1] & 0xff;
    return at + (first < LONG_FORM ? 2 : 2 + (first & 0x7f));
  }

  /** Where the element at an offset ends, and the next one begins. */
  int after(int at) {
    int length = bytes[at + 1] & 0xff;
    if (length >= LONG_FORM) {
      int end = content(at);
      length = 0;
      for (int i = at + 2; i < end; i++) {
        length = (length << 8) | (bytes[i] & 0xff);
      }
    }
    int after = content(at) + length;
    if (length < 0 || after > bytes.length || after <= at) {
      throw new IndexOutOfBoundsException(after);
    }
    return after;
  }

  /** The content of the element at an offset. */
  byte[] slice(int at) {
    return Arrays.copyOfRange(bytes, content(at), after(at));
  }

  /** Whether the element at an offset is this one, tag and length included. */
  boolean is(byte[] expected, int at) {
    return Arrays.equals(bytes, at, after(at), expected, 0, expected.length);
  }

  /**
   * A time to the second, in UTC (RFC 5280 section 4.1.2.5).
   *
   * @return null when it is written in another way
   * @throws DateTimeException when there is no such time
   */
  @Nullable Instant time(int at) {
    boolean isShort = tag(at) == UTC_TIME && after(at) - content(at) == 13;
    boolean isLong = tag(at) == GENERALIZED_TIME && after(at) - content(at) == 15;
    if (!isShort && !isLong) {
      return null;
    }
    int year = isLong ? number(content(at)) * 100 + number(content(at) + 2) : number(content(at));
    int rest = content(at) + (isLong ? 4 : 2);
    return LocalDateTime.of(
            isLong ? year : year + (year < FIFTIES ? 2000 : 1900),
            number(rest),
            number(rest + 2),
            number(rest + 4),
            number(rest + 6),
            number(rest + 8))
        .toInstant(ZoneOffset.UTC);
  }

  private int number(int at) {
    return (bytes[at] - '0') * 10 + bytes[at + 1] - '0';
  }
}
