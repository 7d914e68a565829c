package io.steelyard.codec.http1;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Finds the end of a chunked body (RFC 9112 section 7.1) while its bytes pass, and the runs of data
 * within it.
 *
 * <pre>
 *   SIZE ─► EXTENSION ─► SIZE_LF ─┬─► DATA ─► DATA_CR ─► DATA_LF ─► SIZE
 *                                 └─► TRAILER ─► NAME ─► VALUE ─► VALUE_LF ─► TRAILER
 *                                        └─► LAST_LF ─► DONE
 * </pre>
 *
 * <p>Resumable at any byte. Data is skipped without being looked at. Chunk extensions and trailer
 * fields are bounded; the bound on extensions is renewed by data, so that a long body may have
 * many, but not mostly consist of them. Not thread-safe, reusable through {@link #reset}, allocates
 * nothing.
 */
public final class ChunkScanner {

  /** {@link #scan}, {@link #step}: the body is refused, {@link #error} says why. */
  public static final int MALFORMED = -2;

  private static final int MOST_DIGITS = 16;
  private static final long LARGEST_SIZE = 1L << 60;

  private enum State {
    SIZE,
    EXTENSION_BLANK,
    EXTENSION,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER,
    NAME,
    VALUE,
    VALUE_LF,
    LAST_LF,
    DONE
  }

  private final int limit;
  private State state = State.SIZE;

  /** The size being read, then the bytes of data that are still to come. */
  private long left;

  private int digits;
  private long extensionBytes;
  private long trailerBytes;
  private long dataBytes;
  private int dataStart;
  private int dataEnd;
  private @Nullable ChunkError error;

  /**
   * A scanner that is ready for a body.
   *
   * @param limit bytes of trailer fields, and bytes of chunk extensions without as much data
   *     between them
   */
  public ChunkScanner(int limit) {
    if (limit < 0) {
      throw new IllegalArgumentException("limit: " + limit + " (expected: 0 or more)");
    }
    this.limit = limit;
  }

  /** Forgets everything: a new body begins. */
  public void reset() {
    state = State.SIZE;
    left = 0;
    digits = 0;
    extensionBytes = 0;
    trailerBytes = 0;
    dataBytes = 0;
    dataStart = 0;
    dataEnd = 0;
    error = null;
  }

  /**
   * Goes through bytes that arrived.
   *
   * @return how many of the bytes in [from, to) belong to the body: all, unless it is {@link
   *     #done}; or {@link #MALFORMED}
   */
  public int scan(ByteBuf buf, int from, int to) {
    int p = from;
    while (p < to && state != State.DONE) {
      p = step(buf, p, to);
      if (p < 0) {
        return p;
      }
    }
    return error == null ? p - from : MALFORMED;
  }

  /**
   * Goes through bytes that arrived until the end of the next run of data, if there is one, which
   * is then [{@link #dataStart()}, {@link #dataEnd()}); else that range is empty.
   *
   * @return the index where to go on; it is {@code to}, unless a run of data ends before or the
   *     body is {@link #done}; or {@link #MALFORMED}
   */
  public int step(ByteBuf buf, int from, int to) {
    dataStart = from;
    dataEnd = from;
    int p = error == null ? from : MALFORMED;
    while (p >= 0 && p < to && state != State.DONE) {
      if (state == State.DATA) {
        return data(p, to);
      }
      p = framing(buf, p, to);
    }
    return p;
  }

  private int data(int from, int to) {
    int size = (int) Math.min(left, to - from);
    left -= size;
    dataBytes += size;
    if (left == 0) {
      state = State.DATA_CR;
    }
    dataStart = from;
    dataEnd = from + size;
    return dataEnd;
  }

  /** Goes through one or more bytes that are not data. */
  private int framing(ByteBuf buf, int at, int to) {
    return switch (state) {
      case SIZE -> size(buf.getByte(at), at);
      case EXTENSION_BLANK -> extensionBlank(buf.getByte(at), at);
      case EXTENSION -> extension(buf, at, to);
      case SIZE_LF -> lf(buf.getByte(at), at, left > 0 ? State.DATA : State.TRAILER);
      case DATA_CR ->
          buf.getByte(at) == Scan.CR ? enter(State.DATA_LF, at) : fail(ChunkError.MISSING_DATA_END);
      case DATA_LF -> dataLf(buf.getByte(at), at);
      case TRAILER -> trailer(buf.getByte(at), at);
      case NAME -> name(buf, at, to);
      case VALUE -> value(buf, at, to);
      case VALUE_LF -> spendTrailer(lf(buf.getByte(at), at, State.TRAILER), 1);
      case LAST_LF -> lf(buf.getByte(at), at, State.DONE);
      case DATA, DONE -> throw new IllegalStateException(state.name());
    };
  }

  private int size(byte b, int at) {
    int digit = Scan.hexDigit(b);
    if (digit >= 0) {
      left = (left << 4) | digit;
      return ++digits > MOST_DIGITS || left < 0 || left > LARGEST_SIZE
          ? fail(ChunkError.SIZE_TOO_LARGE)
          : at + 1;
    }
    if (digits == 0) {
      return fail(ChunkError.INVALID_SIZE);
    }
    extensionBytes = Math.max(0, extensionBytes - left);
    return switch (b) {
      case Scan.CR -> enter(State.SIZE_LF, at);
      case ';' -> spendExtension(enter(State.EXTENSION, at), 1);
      case Scan.SP, Scan.HTAB -> spendExtension(enter(State.EXTENSION_BLANK, at), 1);
      case Scan.LF -> fail(ChunkError.BARE_LF);
      default -> fail(ChunkError.INVALID_SIZE);
    };
  }

  /**
   * Whitespace after the size is there for an extension only; elsewhere readers differ about it.
   */
  private int extensionBlank(byte b, int at) {
    if (b == ';') {
      return spendExtension(enter(State.EXTENSION, at), 1);
    }
    return Scan.isBlank(b) ? spendExtension(at + 1, 1) : fail(ChunkError.INVALID_EXTENSION);
  }

  private int extension(ByteBuf buf, int at, int to) {
    int end = Scan.value(buf, at, to);
    int next = spendExtension(end, end - at);
    if (next < 0 || end == to) {
      return next;
    }
    return switch (buf.getByte(end)) {
      case Scan.CR -> enter(State.SIZE_LF, end);
      case Scan.LF -> fail(ChunkError.BARE_LF);
      default -> fail(ChunkError.INVALID_EXTENSION);
    };
  }

  private int dataLf(byte b, int at) {
    digits = 0;
    left = 0;
    return lf(b, at, State.SIZE);
  }

  private int trailer(byte b, int at) {
    if (b == Scan.CR) {
      return enter(State.LAST_LF, at);
    }
    if (Scan.isToken(b)) {
      return spendTrailer(enter(State.NAME, at), 1);
    }
    return fail(b == Scan.LF ? ChunkError.BARE_LF : ChunkError.INVALID_TRAILER);
  }

  private int name(ByteBuf buf, int at, int to) {
    int end = Scan.end(Scan.token(buf, at, to));
    int next = spendTrailer(end, end - at);
    if (next < 0 || end == to) {
      return next;
    }
    if (buf.getByte(end) == ':') {
      return spendTrailer(enter(State.VALUE, end), 1);
    }
    return fail(buf.getByte(end) == Scan.LF ? ChunkError.BARE_LF : ChunkError.INVALID_TRAILER);
  }

  private int value(ByteBuf buf, int at, int to) {
    int end = Scan.value(buf, at, to);
    int next = spendTrailer(end, end - at);
    if (next < 0 || end == to) {
      return next;
    }
    return switch (buf.getByte(end)) {
      case Scan.CR -> spendTrailer(enter(State.VALUE_LF, end), 1);
      case Scan.LF -> fail(ChunkError.BARE_LF);
      default -> fail(ChunkError.INVALID_TRAILER);
    };
  }

  private int lf(byte b, int at, State next) {
    return b == Scan.LF ? enter(next, at) : fail(ChunkError.BARE_CR);
  }

  private int enter(State next, int at) {
    state = next;
    return at + 1;
  }

  private int spendExtension(int next, int bytes) {
    extensionBytes += bytes;
    return extensionBytes > limit ? fail(ChunkError.EXTENSIONS_TOO_LARGE) : next;
  }

  private int spendTrailer(int next, int bytes) {
    if (next < 0) {
      return next;
    }
    trailerBytes += bytes;
    return trailerBytes > limit ? fail(ChunkError.TRAILERS_TOO_LARGE) : next;
  }

  private int fail(ChunkError fault) {
    error = fault;
    return MALFORMED;
  }

  /** Whether the body is complete. */
  public boolean done() {
    return state == State.DONE;
  }

  /**
   * Where the run of data begins that the last {@link #step} found, in the buffer that it was
   * given.
   */
  public int dataStart() {
    return dataStart;
  }

  /** Where that run ends. */
  public int dataEnd() {
    return dataEnd;
  }

  /** How many bytes of data the body has had so far, framing left out. */
  public long dataBytes() {
    return dataBytes;
  }

  /**
   * Why the body is malformed.
   *
   * @throws IllegalStateException when it is not
   */
  public ChunkError error() {
    ChunkError found = error;
    if (found == null) {
      throw new IllegalStateException("the body is not malformed");
    }
    return found;
  }
}
