package io.steelyard.codec.http1;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What the Connection fields of one head say (RFC 9110 section 7.6.1): a comma-separated list of
 * options, each of which also names the field of the same name. Elements that are no tokens name
 * nothing and are ignored.
 */
final class ConnectionOptions {

  /** More would only serve to make us compare names. */
  private static final int MOST_OPTIONS = 32;

  private static final Folded CLOSE = Folded.of("close");

  private long known;
  private boolean unknown;
  private boolean close;
  private int count;

  void clear() {
    known = 0;
    unknown = false;
    close = false;
    count = 0;
  }

  /** Reads the value in [from, to) of one more Connection field. */
  @Nullable HeadError read(ByteBuf buf, int from, int to) {
    for (int p = next(buf, from, to); p < to; p = next(buf, elementEnd(buf, p, to), to)) {
      if (++count > MOST_OPTIONS) {
        return HeadError.TOO_MANY_CONNECTION_OPTIONS;
      }
      long token = Scan.token(buf, p, to);
      int end = Scan.end(token);
      if (endsAt(buf, end, to)) {
        add(buf, p, end, Scan.hash(token));
      }
    }
    return null;
  }

  private void add(ByteBuf buf, int from, int to, int hash) {
    FieldName name = FieldName.recognise(buf, from, to, hash);
    if (name != FieldName.OTHER) {
      known |= name.bit();
    } else if (CLOSE.matches(buf, from, to)) {
      close = true;
    } else {
      unknown = true;
    }
  }

  boolean close() {
    return close;
  }

  /** The known names among the options, as {@link FieldName#bit bits}. */
  long known() {
    return known;
  }

  /** Whether there are options that are no known name. */
  boolean unknown() {
    return unknown;
  }

  /** Where the next element begins at or after {@code from}, empty ones skipped, or {@code to}. */
  static int next(ByteBuf buf, int from, int to) {
    int p = from;
    while (p < to && (buf.getByte(p) == ',' || Scan.isBlank(buf.getByte(p)))) {
      p++;
    }
    return p;
  }

  /** Where the element at {@code from} ends: at a comma or at {@code to}. */
  static int elementEnd(ByteBuf buf, int from, int to) {
    int p = from;
    while (p < to && buf.getByte(p) != ',') {
      p++;
    }
    return p;
  }

  /**
   * Where the token ends that is the whole element at {@code from}; {@code from} when it is none.
   */
  static int tokenEnd(ByteBuf buf, int from, int to) {
    int end = Scan.end(Scan.token(buf, from, to));
    return endsAt(buf, end, to) ? end : from;
  }

  /** Whether nothing but whitespace follows until the element's end. */
  private static boolean endsAt(ByteBuf buf, int at, int to) {
    int p = Scan.skipBlank(buf, at, to);
    return p == to || buf.getByte(p) == ',';
  }
}
