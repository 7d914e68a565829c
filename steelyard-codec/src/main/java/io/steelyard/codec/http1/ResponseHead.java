package io.steelyard.codec.http1;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The head of an answer (RFC 9112 section 4). See {@link MessageHead} for how it is used; {@link
 * #parseFor} must be told the request's method, because the framing depends on it.
 */
public final class ResponseHead extends MessageHead {

  private static final int STATUS_DIGITS = 3;

  private Method requestMethod = Method.GET;
  private int status;

  /** A head that is ready to {@link #parse} the answer to a GET. */
  public ResponseHead() {}

  /**
   * Forgets everything: the next {@link #parse} begins with a new answer, to a GET unless {@link
   * #parseFor} says otherwise.
   */
  @Override
  public void reset() {
    super.reset();
    requestMethod = Method.GET;
    status = 0;
  }

  /** Forgets everything and gets ready for the answer to a request with this method. */
  public void parseFor(Method requestMethod) {
    reset();
    this.requestMethod = requestMethod;
  }

  @Override
  int startLine(ByteBuf buf, int start, int from, int stop, HeadLimits limits) {
    int versionEnd = Version.check(buf, from, stop, this);
    if (versionEnd < 0) {
      return versionEnd;
    }
    int statusEnd = readStatus(buf, versionEnd, stop);
    if (statusEnd < 0) {
      return statusEnd;
    }
    int reasonEnd = reasonEnd(buf, statusEnd, stop);
    int next = reasonEnd < 0 ? reasonEnd : expectLineEnd(buf, reasonEnd, stop);
    if (next < 0) {
      return next;
    }
    if (!Version.supported(buf, from)) {
      return fail(HeadError.UNSUPPORTED_VERSION);
    }
    minorVersion(Version.minor(buf, from));
    return next;
  }

  /** Expects a space and three digits. Returns the index after them. */
  private int readStatus(ByteBuf buf, int from, int stop) {
    if (from < stop && buf.getByte(from) != Scan.SP) {
      return fail(errorAt(buf.getByte(from), HeadError.INVALID_STATUS_LINE));
    }
    int value = 0;
    for (int p = from + 1; p <= from + STATUS_DIGITS; p++) {
      if (p >= stop) {
        return INCOMPLETE;
      }
      byte b = buf.getByte(p);
      if (!Scan.isDigit(b)) {
        return fail(errorAt(b, HeadError.INVALID_STATUS));
      }
      value = 10 * value + (b - '0');
    }
    if (value < 100 || value > 599) {
      return fail(HeadError.INVALID_STATUS);
    }
    status = value;
    return from + 1 + STATUS_DIGITS;
  }

  /** The reason, if there is one, begins with a space; many leave out the space too. */
  private int reasonEnd(ByteBuf buf, int from, int stop) {
    if (from == stop || buf.getByte(from) == Scan.CR) {
      return from;
    }
    byte found = buf.getByte(from);
    if (found != Scan.SP) {
      boolean digit = Scan.isDigit(found);
      return fail(errorAt(found, digit ? HeadError.INVALID_STATUS : HeadError.INVALID_STATUS_LINE));
    }
    return Scan.value(buf, from, stop);
  }

  @Override
  @Nullable HeadError interpretOwn(FieldName name, ByteBuf buf, int start, int from, int to) {
    return null;
  }

  /**
   * A reader that overlooks the rule for 1xx and 204 would take the next answer for this one's
   * body.
   */
  @Override
  @Nullable HeadError check() {
    boolean never = informational() || status == 204;
    return never && (chunked() || contentLength() > 0) ? HeadError.BODY_NOT_ALLOWED : null;
  }

  @Override
  BodyFraming frame() {
    if (requestMethod == Method.HEAD
        || informational()
        || status == 204
        || status == 304
        || tunnel()) {
      return BodyFraming.NONE;
    }
    if (chunked()) {
      return BodyFraming.CHUNKED;
    }
    if (contentLength() < 0) {
      return BodyFraming.UNTIL_CLOSE;
    }
    return contentLength() > 0 ? BodyFraming.LENGTH : BodyFraming.NONE;
  }

  private boolean tunnel() {
    return requestMethod == Method.CONNECT && status / 100 == 2;
  }

  @Override
  public int startLineStart() {
    return 0;
  }

  /** The status code, 100 to 599; 0 as long as the status line is not read. */
  public int status() {
    return status;
  }

  /**
   * Whether this is an interim answer (1xx) after which another follows; 101 (Switching Protocols)
   * is none.
   */
  public boolean interim() {
    return informational() && status != 101;
  }

  private boolean informational() {
    return status / 100 == 1;
  }
}
