package io.steelyard.codec.http1;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** The head of a request (RFC 9112 section 3). See {@link MessageHead} for how it is used. */
public final class RequestHead extends MessageHead {

  /**
   * Empty lines before a request line that are skipped (RFC 9112 section 2.2 asks for one at
   * least).
   */
  private static final int MOST_EMPTY_LINES = 4;

  private static final Folded EXPECTATION = Folded.of("100-continue");
  private static final Folded HTTP = Folded.of("http");
  private static final Folded HTTPS = Folded.of("https");

  private Method method = Method.OTHER;
  private TargetForm form = TargetForm.ORIGIN;
  private int lineStart;
  private int methodEnd;
  private int targetStart;
  private int targetEnd;
  private int authorityStart;
  private int authorityEnd;
  private int hostEnd;
  private int pathStart;
  private int pathEnd;
  private int queryStart;
  private int hostIndex;
  private boolean expectContinue;

  /** A head that is ready to {@link #parse}. */
  public RequestHead() {
    clear();
  }

  @Override
  public void reset() {
    super.reset();
    clear();
  }

  private void clear() {
    method = Method.OTHER;
    form = TargetForm.ORIGIN;
    lineStart = 0;
    methodEnd = 0;
    targetStart = 0;
    targetEnd = 0;
    authorityStart = 0;
    authorityEnd = 0;
    hostEnd = 0;
    pathStart = 0;
    pathEnd = 0;
    queryStart = -1;
    hostIndex = -1;
    expectContinue = false;
  }

  @Override
  int startLine(ByteBuf buf, int start, int from, int stop, HeadLimits limits) {
    int line = skipEmptyLines(buf, from, stop);
    if (line < 0) {
      return line;
    }
    int next = requestLine(buf, start, line, stop, limits.requestLine());
    if (next == INCOMPLETE && stop - line >= limits.requestLine() + 2) {
      return fail(HeadError.REQUEST_LINE_TOO_LONG);
    }
    return next;
  }

  private int skipEmptyLines(ByteBuf buf, int from, int stop) {
    int p = from;
    while (p < stop && (buf.getByte(p) == Scan.CR || buf.getByte(p) == Scan.LF)) {
      if (p - from >= 2 * MOST_EMPTY_LINES) {
        return fail(HeadError.TOO_MANY_EMPTY_LINES);
      }
      p = expectLineEnd(buf, p, stop);
      if (p < 0) {
        return p;
      }
    }
    return p == stop ? INCOMPLETE : p;
  }

  private int requestLine(ByteBuf buf, int start, int line, int stop, int mostBytes) {
    int lineStop = Math.min(stop, line + mostBytes + 2);
    int endOfMethod = Scan.end(Scan.token(buf, line, lineStop));
    int target = afterSpace(buf, line, endOfMethod, lineStop, HeadError.INVALID_METHOD);
    if (target < 0) {
      return target;
    }
    int endOfTarget = Scan.visible(buf, target, lineStop);
    int version = afterSpace(buf, target, endOfTarget, lineStop, HeadError.INVALID_REQUEST_LINE);
    if (version < 0) {
      return version;
    }
    int versionEnd = Version.check(buf, version, lineStop, this);
    int next = versionEnd < 0 ? versionEnd : versionLineEnd(buf, versionEnd, lineStop);
    if (next < 0) {
      return next;
    }
    if (!Version.supported(buf, version)) {
      return fail(HeadError.UNSUPPORTED_VERSION);
    }
    lineStart = line - start;
    methodEnd = endOfMethod - start;
    targetStart = target - start;
    targetEnd = endOfTarget - start;
    minorVersion(Version.minor(buf, version));
    method = Method.of(buf, line, endOfMethod);
    HeadError fault = readTarget(buf, start, target, endOfTarget);
    return fault == null ? next : fail(fault);
  }

  /**
   * Expects one space after what ends at {@code end} and is not empty. Returns the index after the
   * space.
   */
  private int afterSpace(ByteBuf buf, int from, int end, int stop, HeadError otherwise) {
    if (end == stop) {
      return INCOMPLETE;
    }
    byte found = buf.getByte(end);
    if (found == Scan.SP) {
      return end > from ? end + 1 : fail(HeadError.INVALID_REQUEST_LINE);
    }
    boolean cut = found == Scan.CR || found == Scan.HTAB;
    return fail(errorAt(found, cut ? HeadError.INVALID_REQUEST_LINE : otherwise));
  }

  private int versionLineEnd(ByteBuf buf, int at, int stop) {
    boolean more = at < stop && Scan.isValue(buf.getByte(at));
    return more ? fail(HeadError.INVALID_REQUEST_LINE) : expectLineEnd(buf, at, stop);
  }

  private @Nullable HeadError readTarget(ByteBuf buf, int start, int from, int to) {
    if (method == Method.CONNECT) {
      form = TargetForm.AUTHORITY;
      HeadError fault = readAuthority(buf, start, from, to);
      // a tunnel has no default port
      return fault == null && hostEnd >= authorityEnd - 1 ? HeadError.INVALID_AUTHORITY : fault;
    }
    if (buf.getByte(from) == '/') {
      form = TargetForm.ORIGIN;
      return readPath(buf, start, from, to);
    }
    if (buf.getByte(from) == '*' && to - from == 1) {
      form = TargetForm.ASTERISK;
      return method == Method.OPTIONS ? readPath(buf, start, from, to) : HeadError.INVALID_TARGET;
    }
    form = TargetForm.ABSOLUTE;
    return readAbsolute(buf, start, from, to);
  }

  private @Nullable HeadError readAbsolute(ByteBuf buf, int start, int from, int to) {
    int schemeEnd = Scan.end(Scan.token(buf, from, to));
    if (to - schemeEnd < 3 || buf.getByte(schemeEnd) != ':') {
      return HeadError.INVALID_TARGET;
    }
    if (!HTTP.matches(buf, from, schemeEnd) && !HTTPS.matches(buf, from, schemeEnd)) {
      return HeadError.UNKNOWN_SCHEME;
    }
    if (buf.getByte(schemeEnd + 1) != '/' || buf.getByte(schemeEnd + 2) != '/') {
      return HeadError.INVALID_TARGET;
    }
    int authority = schemeEnd + 3;
    int path = authority;
    while (path < to
        && buf.getByte(path) != '/'
        && buf.getByte(path) != '?'
        && buf.getByte(path) != '#') {
      path++;
    }
    HeadError fault = readAuthority(buf, start, authority, path);
    return fault == null ? readPath(buf, start, path, to) : fault;
  }

  private @Nullable HeadError readAuthority(ByteBuf buf, int start, int from, int to) {
    int host = Authority.hostEnd(buf, from, to);
    if (host == Authority.INVALID) {
      return Scan.either(buf, from, to, '@', '@') < to
          ? HeadError.USER_IN_AUTHORITY
          : HeadError.INVALID_AUTHORITY;
    }
    authority(start, from, host, to);
    return null;
  }

  private void authority(int start, int from, int host, int to) {
    authorityStart = from - start;
    authorityEnd = to - start;
    hostEnd = host - start;
  }

  private @Nullable HeadError readPath(ByteBuf buf, int start, int from, int to) {
    pathStart = from - start;
    pathEnd = to - start;
    int mark = Scan.either(buf, from, to, '?', '#');
    if (mark == to) {
      return null;
    }
    queryStart = mark - start;
    return Scan.either(buf, mark, to, '#', '#') < to ? HeadError.FRAGMENT_IN_TARGET : null;
  }

  @Override
  @Nullable HeadError interpretOwn(FieldName name, ByteBuf buf, int start, int from, int to) {
    return switch (name) {
      case HOST -> readHost(buf, start, from, to);
      case EXPECT -> readExpect(buf, from, to);
      default -> null;
    };
  }

  private @Nullable HeadError readHost(ByteBuf buf, int start, int from, int to) {
    if (hostIndex >= 0) {
      return HeadError.REPEATED_HOST;
    }
    hostIndex = fieldCount() - 1;
    int host = from == to ? to : Authority.hostEnd(buf, from, to);
    if (host == Authority.INVALID) {
      return HeadError.INVALID_HOST;
    }
    if (form == TargetForm.ORIGIN || form == TargetForm.ASTERISK) {
      authority(start, from, host, to);
    }
    return null;
  }

  /** HTTP/1.0 knows no expectations: they are ignored (RFC 9110 section 10.1.1). */
  private @Nullable HeadError readExpect(ByteBuf buf, int from, int to) {
    if (minorVersion() == 0) {
      return null;
    }
    expectContinue = EXPECTATION.matches(buf, from, to);
    return expectContinue ? null : HeadError.UNKNOWN_EXPECTATION;
  }

  @Override
  @Nullable HeadError check() {
    return hostIndex < 0 && minorVersion() > 0 ? HeadError.MISSING_HOST : null;
  }

  @Override
  BodyFraming frame() {
    if (chunked()) {
      return BodyFraming.CHUNKED;
    }
    return contentLength() > 0 ? BodyFraming.LENGTH : BodyFraming.NONE;
  }

  /** The method. */
  public Method method() {
    return method;
  }

  @Override
  public int startLineStart() {
    return lineStart;
  }

  /** Where the method ends; it begins at {@link #startLineStart()}. */
  public int methodEnd() {
    return methodEnd;
  }

  /** Where the request target begins. */
  public int targetStart() {
    return targetStart;
  }

  /** Where the request target ends. */
  public int targetEnd() {
    return targetEnd;
  }

  /** The request target's form. */
  public TargetForm form() {
    return form;
  }

  /**
   * Where the authority begins: that of the target when it has one, else the value of Host. Without
   * either, and with an empty Host, the range is empty.
   */
  public int authorityStart() {
    return authorityStart;
  }

  /** Where the authority ends. */
  public int authorityEnd() {
    return authorityEnd;
  }

  /** Where the host within the authority ends, before the colon of a port. */
  public int hostEnd() {
    return hostEnd;
  }

  /**
   * The index of the field Host, or -1. With a target in absolute form, its value does not count.
   */
  public int hostIndex() {
    return hostIndex;
  }

  /**
   * Where the path and query begin. The range is empty in authority form; in absolute form the path
   * may be missing.
   */
  public int pathStart() {
    return pathStart;
  }

  /** Where the path and query end. */
  public int pathEnd() {
    return pathEnd;
  }

  /** The offset of the question mark that ends the path and begins the query, or -1. */
  public int queryStart() {
    return queryStart;
  }

  /** Whether the client waits for 100 (Continue) before it sends the body. */
  public boolean expectContinue() {
    return expectContinue;
  }
}
