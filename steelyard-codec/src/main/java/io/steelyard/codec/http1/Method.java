package io.steelyard.codec.http1;

import io.netty.buffer.ByteBuf;

/**
 * The request methods that have a meaning here (RFC 9110 section 9, RFC 5789); all others are
 * {@link #OTHER}.
 */
public enum Method {
  GET(true, true),
  HEAD(true, true),
  POST(false, false),
  PUT(false, true),
  DELETE(false, true),
  CONNECT(false, false),
  OPTIONS(true, true),
  TRACE(true, true),
  PATCH(false, false),
  OTHER(false, false);

  /** The longest known name; it fits one word together with a space. */
  private static final int LONGEST = 7;

  private static final Method[] VALUES = values();

  private final boolean safe;
  private final boolean idempotent;
  private final long word = Scan.word(name());

  Method(boolean safe, boolean idempotent) {
    this.safe = safe;
    this.idempotent = idempotent;
  }

  /** Whether the method asks for nothing but an answer (RFC 9110 section 9.2.1). */
  public boolean safe() {
    return safe;
  }

  /**
   * Whether a request may be sent again without another effect than once (RFC 9110 section 9.2.2).
   */
  public boolean idempotent() {
    return idempotent;
  }

  /**
   * The method in [from, to) of a buffer that has at least eight bytes from {@code from} on. Case
   * matters.
   */
  static Method of(ByteBuf buf, int from, int to) {
    int length = to - from;
    if (length > LONGEST) {
      return OTHER;
    }
    long word = buf.getLongLE(from) & Scan.lowest(length);
    for (Method method : VALUES) {
      if (method.word == word) {
        return method;
      }
    }
    return OTHER;
  }
}
