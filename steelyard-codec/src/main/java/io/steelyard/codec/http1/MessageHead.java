package io.steelyard.codec.http1;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The head of an HTTP/1.1 message, found in the buffer that holds it (RFC 9112).
 *
 * <p>What it knows are offsets, all relative to the first byte that was parsed, so a head that is
 * still incomplete may move to another place or another buffer. One object serves many messages,
 * one after the other: {@link #reset}, then {@link #parse} until the head is complete or malformed.
 * The buffer is not retained. Not thread-safe. Nothing is allocated but larger tables, once, for
 * messages with many fields.
 *
 * <pre>
 *   start line ──► field line ─┐──► empty line ──► complete
 *        │            ▲  │     │        │
 *        │            └──┘     │        │
 *        └────────────┴────────┴────────┴───────► malformed
 * </pre>
 */
public abstract sealed class MessageHead permits RequestHead, ResponseHead {

  /** {@link #parse}: more bytes are needed. */
  public static final int INCOMPLETE = -1;

  /** {@link #parse}: the head is refused, {@link #error} says why. */
  public static final int MALFORMED = -2;

  private static final int INITIAL_FIELDS = 16;

  /** Numbers per field in {@link #slots}. */
  private static final int SLOTS = 4;

  private static final int NAME_START = 0;
  private static final int NAME_END = 1;
  private static final int VALUE_START = 2;
  private static final int VALUE_END = 3;

  /** Above all indexes of names, of which there are at most 64. */
  private static final int NAMED = 0x40;

  /**
   * {@link #SLOTS} offsets per field; a line ends where the next begins, so one more closes the
   * table.
   */
  private int[] slots = new int[SLOTS * INITIAL_FIELDS + 1];

  /** Per field its name's index, and NAMED when it is not a known name and Connection names it. */
  private byte[] names = new byte[INITIAL_FIELDS];

  private int fields;

  /** Offset of the line that is not complete yet: where parsing goes on. */
  private int line;

  private boolean startLineRead;
  private int length;
  private @Nullable HeadError error;

  /** Known names that occur, as {@link FieldName#bit bits}. */
  private long present;

  private final ConnectionOptions connection = new ConnectionOptions();
  private boolean chunked;
  private long contentLength;
  private int minorVersion;
  private BodyFraming framing = BodyFraming.NONE;

  MessageHead() {
    clear();
  }

  /** Forgets everything: the next {@link #parse} begins with a new message. */
  public void reset() {
    clear();
  }

  private void clear() {
    fields = 0;
    line = 0;
    startLineRead = false;
    length = 0;
    error = null;
    present = 0;
    connection.clear();
    chunked = false;
    contentLength = -1;
    minorVersion = 1;
    framing = BodyFraming.NONE;
  }

  /**
   * Parses as far as the bytes go. To go on after {@link #INCOMPLETE}, call again with the same
   * bytes and more behind them, from {@code start} on wherever that is by then; lines that were
   * complete are not read again.
   *
   * @param buf holds the bytes; it is neither changed nor retained, its indexes are neither read
   *     nor moved
   * @param start where the head begins
   * @param end where the bytes end that have arrived
   * @return the head's length, {@link #INCOMPLETE} or {@link #MALFORMED}
   */
  public final int parse(ByteBuf buf, int start, int end, HeadLimits limits) {
    if (error != null) {
      return MALFORMED;
    }
    int stop = start + Math.min(end - start, limits.headSize());
    while (length == 0) {
      int from = start + line;
      int next =
          startLineRead
              ? fieldLine(buf, start, from, stop, limits)
              : firstLine(buf, start, from, stop, limits);
      if (next < 0) {
        return next == INCOMPLETE && end - start >= limits.headSize()
            ? fail(HeadError.HEAD_TOO_LARGE)
            : next;
      }
      line = next - start;
    }
    return length;
  }

  private int firstLine(ByteBuf buf, int start, int from, int stop, HeadLimits limits) {
    int next = startLine(buf, start, from, stop, limits);
    if (next >= 0) {
      startLineRead = true;
      slots[0] = next - start;
    }
    return next;
  }

  private int fieldLine(ByteBuf buf, int start, int from, int stop, HeadLimits limits) {
    if (from >= stop) {
      return INCOMPLETE;
    }
    if (buf.getByte(from) == Scan.CR) {
      int next = expectLineEnd(buf, from, stop);
      return next < 0 ? next : complete(buf, start, next);
    }
    if (fields == limits.fields()) {
      return fail(HeadError.TOO_MANY_FIELDS);
    }
    long token = Scan.token(buf, from, stop);
    int nameEnd = Scan.end(token);
    if (nameEnd == stop) {
      return INCOMPLETE;
    }
    if (nameEnd == from || buf.getByte(nameEnd) != ':') {
      return fail(nameError(buf.getByte(nameEnd), nameEnd == from));
    }
    int valueStart = Scan.skipBlank(buf, nameEnd + 1, stop);
    int textEnd = Scan.value(buf, valueStart, stop);
    int next = expectLineEnd(buf, textEnd, stop);
    if (next < 0) {
      return next;
    }
    int valueEnd = Scan.trimBlank(buf, valueStart, textEnd);
    FieldName name = FieldName.recognise(buf, from, nameEnd, Scan.hash(token));
    add(name, nameEnd - start, valueStart - start, valueEnd - start, next - start);
    HeadError fault = interpret(name, buf, start, valueStart, valueEnd);
    return fault == null ? next : fail(fault);
  }

  private void add(FieldName name, int nameEnd, int valueStart, int valueEnd, int lineEnd) {
    if (fields == names.length) {
      names = Arrays.copyOf(names, 2 * fields);
      slots = Arrays.copyOf(slots, 2 * SLOTS * fields + 1);
    }
    int slot = SLOTS * fields;
    slots[slot + NAME_END] = nameEnd;
    slots[slot + VALUE_START] = valueStart;
    slots[slot + VALUE_END] = valueEnd;
    slots[slot + SLOTS] = lineEnd;
    names[fields++] = (byte) name.index();
    present |= name.bit();
  }

  private HeadError nameError(byte found, boolean empty) {
    if (Scan.isBlank(found)) {
      if (!empty) {
        return HeadError.SPACE_BEFORE_COLON;
      }
      return fields == 0 ? HeadError.LEADING_WHITESPACE : HeadError.FOLDED_FIELD;
    }
    if (found == ':') {
      return HeadError.EMPTY_NAME;
    }
    return errorAt(found, found == Scan.CR ? HeadError.MISSING_COLON : HeadError.INVALID_NAME);
  }

  /** What is wrong about a byte: {@code otherwise}, unless it may stand nowhere. */
  static HeadError errorAt(byte found, HeadError otherwise) {
    if (found == Scan.LF) {
      return HeadError.BARE_LF;
    }
    return Scan.isValue(found) || found == Scan.CR ? otherwise : HeadError.CONTROL_CHARACTER;
  }

  /**
   * Expects CR LF at {@code at}, where a scan for a control character stopped. Returns the index
   * after it.
   */
  final int expectLineEnd(ByteBuf buf, int at, int stop) {
    if (at == stop) {
      return INCOMPLETE;
    }
    byte found = buf.getByte(at);
    if (found != Scan.CR) {
      return fail(found == Scan.LF ? HeadError.BARE_LF : HeadError.CONTROL_CHARACTER);
    }
    if (at + 1 == stop) {
      return INCOMPLETE;
    }
    return buf.getByte(at + 1) == Scan.LF ? at + 2 : fail(HeadError.BARE_CR);
  }

  private int complete(ByteBuf buf, int start, int next) {
    if (chunked && contentLength >= 0) {
      return fail(HeadError.LENGTH_AND_CODING);
    }
    HeadError fault = check();
    if (fault != null) {
      return fail(fault);
    }
    if (connection.unknown()) {
      markNamed(buf, start);
    }
    framing = frame();
    length = next - start;
    return next;
  }

  final int fail(HeadError fault) {
    error = fault;
    return MALFORMED;
  }

  // What the kinds of head read for themselves.

  /**
   * Reads the first line. Returns the index after it, {@link #INCOMPLETE} or what {@link #fail}
   * returns.
   */
  abstract int startLine(ByteBuf buf, int start, int from, int stop, HeadLimits limits);

  /** Reads a field that has a meaning in one kind of head only. */
  abstract @Nullable HeadError interpretOwn(
      FieldName name, ByteBuf buf, int start, int from, int to);

  /** Checks a head as a whole, when all its fields were read. */
  abstract @Nullable HeadError check();

  /** How the body after a head without fault is framed. */
  abstract BodyFraming frame();

  // Fields that frame the message or control the connection.

  private @Nullable HeadError interpret(FieldName name, ByteBuf buf, int start, int from, int to) {
    return switch (name) {
      case OTHER -> null;
      case CONTENT_LENGTH -> readContentLength(buf, from, to);
      case TRANSFER_ENCODING -> readTransferEncoding(buf, from, to);
      case CONNECTION -> connection.read(buf, from, to);
      default -> interpretOwn(name, buf, start, from, to);
    };
  }

  private @Nullable HeadError readContentLength(ByteBuf buf, int from, int to) {
    if (contentLength >= 0) {
      return HeadError.REPEATED_CONTENT_LENGTH;
    }
    contentLength = FramingFields.contentLength(buf, from, to);
    return contentLength >= 0 ? null : HeadError.INVALID_CONTENT_LENGTH;
  }

  private @Nullable HeadError readTransferEncoding(ByteBuf buf, int from, int to) {
    if (minorVersion == 0) {
      return HeadError.CODING_IN_HTTP_1_0;
    }
    if (chunked) {
      return HeadError.INVALID_CODING;
    }
    chunked = true;
    return FramingFields.codingError(buf, from, to);
  }

  /** Marks the fields without a known name that Connection names. */
  private void markNamed(ByteBuf buf, int start) {
    for (int i = find(FieldName.CONNECTION); i >= 0; i = next(FieldName.CONNECTION, i)) {
      int to = start + valueEnd(i);
      int option = ConnectionOptions.next(buf, start + valueStart(i), to);
      while (option < to) {
        markNamed(buf, start, option, ConnectionOptions.tokenEnd(buf, option, to) - option);
        option = ConnectionOptions.next(buf, ConnectionOptions.elementEnd(buf, option, to), to);
      }
    }
  }

  private void markNamed(ByteBuf buf, int start, int option, int size) {
    for (int i = 0; i < fields; i++) {
      boolean sameSize = nameEnd(i) - nameStart(i) == size;
      if (sameSize
          && known(i) == FieldName.OTHER
          && Scan.sameToken(buf, start + nameStart(i), option, size)) {
        names[i] |= (byte) NAMED;
      }
    }
  }

  // What was found.

  /**
   * Why the head is malformed.
   *
   * @throws IllegalStateException when it is not
   */
  public final HeadError error() {
    HeadError found = error;
    if (found == null) {
      throw new IllegalStateException("the head is not malformed");
    }
    return found;
  }

  /** Whether the head was read to its end without a fault. */
  public final boolean complete() {
    return length > 0;
  }

  /** The head's length in bytes, its empty line included; 0 as long as it is not complete. */
  public final int length() {
    return length;
  }

  /**
   * Where the start line begins: 0, or after the empty lines that were skipped before a request.
   */
  public abstract int startLineStart();

  /** Where the first field's line begins, after the start line. */
  public final int startLineEnd() {
    return slots[0];
  }

  /** 0 for HTTP/1.0, 1 for HTTP/1.1 and for later minor versions, which are read as 1.1. */
  public final int minorVersion() {
    return minorVersion;
  }

  final void minorVersion(byte digit) {
    minorVersion = digit == '0' ? 0 : 1;
  }

  /** The number of field lines. */
  public final int fieldCount() {
    return fields;
  }

  /** Where a field's name begins, which is where its line begins. */
  public final int nameStart(int field) {
    return slot(field, NAME_START);
  }

  /** Where a field's name ends: the offset of the colon. */
  public final int nameEnd(int field) {
    return slot(field, NAME_END);
  }

  /** Where a field's value begins, whitespace left out. */
  public final int valueStart(int field) {
    return slot(field, VALUE_START);
  }

  /** Where a field's value ends, whitespace left out. */
  public final int valueEnd(int field) {
    return slot(field, VALUE_END);
  }

  /** Where a field's line ends, after its CR LF. */
  public final int lineEnd(int field) {
    return slot(field, SLOTS);
  }

  private int slot(int field, int which) {
    return slots[SLOTS * Objects.checkIndex(field, fields) + which];
  }

  /** A field's name when it is a known one, else {@link FieldName#OTHER}. */
  public final FieldName known(int field) {
    return FieldName.of(names[Objects.checkIndex(field, fields)] & ~NAMED);
  }

  /** Whether a field with a known name occurs. */
  public final boolean has(FieldName name) {
    return (present & name.bit()) != 0;
  }

  /** The first field with a name, or -1. */
  public final int find(FieldName name) {
    return has(name) ? next(name, -1) : -1;
  }

  /** The first field with a name after the field {@code after}, or -1. */
  public final int next(FieldName name, int after) {
    int index = name.index();
    for (int i = after + 1; i < fields; i++) {
      if ((names[i] & ~NAMED) == index) {
        return i;
      }
    }
    return -1;
  }

  /** How the body's end is found. {@link BodyFraming#NONE} as long as the head is not complete. */
  public final BodyFraming framing() {
    return framing;
  }

  /**
   * The value of Content-Length, or -1 without one. An answer without a body may have one
   * nevertheless.
   */
  public final long contentLength() {
    return contentLength;
  }

  final boolean chunked() {
    return chunked;
  }

  /** Whether Connection has {@code close}. */
  public final boolean connectionClose() {
    return connection.close();
  }

  /** Whether Connection has {@code keep-alive}. */
  public final boolean connectionKeepAlive() {
    return (connection.known() & FieldName.KEEP_ALIVE.bit()) != 0;
  }

  /** Whether Connection has {@code upgrade}. */
  public final boolean connectionUpgrade() {
    return (connection.known() & FieldName.UPGRADE.bit()) != 0;
  }

  /**
   * Whether the sender keeps the connection open after this message (RFC 9112 section 9.3), framing
   * aside.
   */
  public final boolean persistent() {
    return !connection.close() && (minorVersion > 0 || connectionKeepAlive());
  }

  /**
   * Whether Connection names a field, which then must not be passed on. Never true of fields that
   * say where a message ends or goes and whence it came, whatever the peer wrote.
   */
  public final boolean named(int field) {
    byte name = names[Objects.checkIndex(field, fields)];
    if ((name & NAMED) != 0) {
      return true;
    }
    return (connection.known() & FieldName.REMOVABLE & FieldName.of(name).bit()) != 0;
  }

  /** Whether any field may be {@link #named}: a quick test that spares looking at each. */
  public final boolean anyNamed() {
    return (connection.known() & present & FieldName.REMOVABLE) != 0 || connection.unknown();
  }
}
