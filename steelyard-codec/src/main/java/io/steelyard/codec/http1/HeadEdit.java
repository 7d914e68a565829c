package io.steelyard.codec.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Arrays;
import java.util.Objects;

/**
 * Collects what is to be removed from a message head and added to it, then does so, in place where
 * it fits.
 *
 * <p>Offsets are those of the {@link MessageHead}, before any edit. Bytes in any removed range go;
 * added bytes stand before the byte that was at their offset, those at one offset in the order of
 * the calls. One object serves many heads: {@link #start}, the edits in any order, then {@link
 * #applyInPlace} and, when that does not fit, {@link #copy}. Added bytes are copied when they are
 * handed over. Not thread-safe; nothing is allocated but larger tables, once, for larger edits.
 */
public final class HeadEdit {

  /** {@link #applyInPlace}: the edited head does not fit, nothing was changed. */
  public static final int NO_ROOM = -1;

  private static final int INITIAL_EDITS = 16;
  private static final int INITIAL_BYTES = 512;

  /** The empty line that ends a head. */
  private static final int EMPTY_LINE = 2;

  // Edits by offset; those at one offset in the order of the calls. Each removes [from, to) and
  // adds [added, addedTo).
  private int[] from = new int[INITIAL_EDITS];
  private int[] to = new int[INITIAL_EDITS];
  private int[] added = new int[INITIAL_EDITS];
  private int[] addedTo = new int[INITIAL_EDITS];
  private int edits;

  /** The edit that the last call made, or -1. */
  private int latest;

  private byte[] bytes = new byte[INITIAL_BYTES];
  private int byteCount;
  private int length;

  // Runs of bytes that stay: run i is between the edits i - 1 and i, and its bytes move by shift[i]
  // when the start stays.
  private int[] runStart = new int[INITIAL_EDITS + 1];
  private int[] runEnd = new int[INITIAL_EDITS + 1];
  private int[] shift = new int[INITIAL_EDITS + 1];
  private int growth;

  /** Begins to edit a complete head. Empty lines before it are removed at once. */
  public void start(MessageHead head) {
    start(head.length());
    if (head.startLineStart() > 0) {
      remove(0, head.startLineStart());
    }
  }

  /** Begins to edit a head of a length in bytes that ends with its empty line. */
  public void start(int length) {
    if (length < EMPTY_LINE) {
      throw new IllegalArgumentException(
          "length: " + length + " (expected: that of a complete head)");
    }
    this.length = length;
    edits = 0;
    latest = -1;
    byteCount = 0;
  }

  /** Removes the bytes in [from, to). */
  public void remove(int from, int to) {
    Objects.checkFromToIndex(from, to, length);
    if (from < to) {
      add(from, to);
    }
  }

  /** Removes a field of a head with its whole line. */
  public void removeField(MessageHead head, int field) {
    remove(head.nameStart(field), head.lineEnd(field));
  }

  /** Adds bytes before the byte at an offset. */
  public void insert(int at, byte[] source, int off, int len) {
    Objects.checkFromIndexSize(off, len, source.length);
    int into = insertion(at, len);
    System.arraycopy(source, off, bytes, into, len);
  }

  /** Adds bytes before the byte at an offset. */
  public void insert(int at, byte[] source) {
    insert(at, source, 0, source.length);
  }

  /** Adds bytes of a buffer, which may be the head's own, before the byte at an offset. */
  public void insert(int at, ByteBuf source, int index, int len) {
    Objects.checkFromIndexSize(index, len, source.capacity());
    int into = insertion(at, len);
    source.getBytes(index, bytes, into, len);
  }

  /** Adds bytes, field lines with their line ends, before the empty line that ends the head. */
  public void append(byte[] source, int off, int len) {
    insert(length - EMPTY_LINE, source, off, len);
  }

  /** Adds bytes, field lines with their line ends, before the empty line that ends the head. */
  public void append(byte[] source) {
    append(source, 0, source.length);
  }

  /** Adds bytes of a buffer before the empty line that ends the head. */
  public void append(ByteBuf source, int index, int len) {
    insert(length - EMPTY_LINE, source, index, len);
  }

  /** Puts bytes in the place of those in [from, to). */
  public void replace(int from, int to, byte[] source, int off, int len) {
    remove(from, to);
    insert(from, source, off, len);
  }

  /** Puts bytes in the place of those in [from, to). */
  public void replace(int from, int to, byte[] source) {
    replace(from, to, source, 0, source.length);
  }

  /** Whether there is nothing to do. */
  public boolean isEmpty() {
    return edits == 0;
  }

  /** The length of the head with all edits made so far. */
  public int editedLength() {
    plan();
    return length + growth;
  }

  /**
   * Edits the head where it is, if there is room: bytes that follow it stay where they are, and its
   * front part slides right, or left over bytes before it. When nothing follows, it may also end
   * elsewhere, as far as the buffer goes without being copied. Moves as few bytes as it can.
   *
   * @param buf holds the head from {@code start} on; its reader index is at most {@code start}
   * @param floor the first byte that may be overwritten: what is between it and {@code start} is of
   *     no use any more
   * @param start where the head begins
   * @param end where the bytes end that follow the head: the buffer's writer index, which is moved
   *     when nothing follows
   * @return where the edited head begins, or {@link #NO_ROOM} when the buffer is as it was
   */
  public int applyInPlace(ByteBuf buf, int floor, int start, int end) {
    if (end != buf.writerIndex() || length > end - start || floor > start) {
      throw new IllegalArgumentException(
          "floor "
              + floor
              + ", start "
              + start
              + ", end "
              + end
              + " do not fit a head of "
              + length
              + " bytes in "
              + buf);
    }
    plan();
    boolean alone = start + length == end;
    int room = alone ? buf.maxFastWritableBytes() : 0;
    int still = alone ? cheapestRun(start - floor, room) : lastRun(start - floor);
    if (still < 0) {
      return NO_ROOM;
    }
    int begin = start - shift[still];
    int newEnd = begin + length + growth;
    if (newEnd > end) {
      buf.ensureWritable(newEnd - end);
    }
    move(buf, start, begin);
    fill(buf, begin);
    if (alone) {
      buf.writerIndex(newEnd);
    }
    return begin;
  }

  /**
   * {@link #applyInPlace(ByteBuf, int, int, int)} when all bytes before {@code start} may be
   * overwritten.
   */
  public int applyInPlace(ByteBuf buf, int start, int end) {
    return applyInPlace(buf, 0, start, end);
  }

  /**
   * The edited head alone, in a new buffer that the caller releases. The old one stays as it is.
   */
  public ByteBuf copy(ByteBuf buf, int start, ByteBufAllocator alloc) {
    plan();
    ByteBuf copy = alloc.buffer(length + growth);
    for (int i = 0; i <= edits; i++) {
      if (i > 0) {
        copy.writeBytes(bytes, added[i - 1], addedTo[i - 1] - added[i - 1]);
      }
      copy.writeBytes(buf, start + runStart[i], runEnd[i] - runStart[i]);
    }
    return copy;
  }

  /** Makes room for added bytes and returns where in {@link #bytes} they go. */
  private int insertion(int at, int len) {
    Objects.checkIndex(at, length);
    if (byteCount + len > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, byteCount + len));
    }
    if (latest < 0 || from[latest] != at) {
      add(at, at);
    }
    int into = byteCount;
    byteCount += len;
    addedTo[latest] = byteCount;
    return into;
  }

  private void add(int first, int last) {
    if (edits == from.length) {
      grow();
    }
    int i = edits++;
    for (; i > 0 && from[i - 1] > first; i--) {
      from[i] = from[i - 1];
      to[i] = to[i - 1];
      added[i] = added[i - 1];
      addedTo[i] = addedTo[i - 1];
    }
    from[i] = first;
    to[i] = last;
    added[i] = byteCount;
    addedTo[i] = byteCount;
    latest = i;
  }

  private void grow() {
    int size = 2 * from.length;
    from = Arrays.copyOf(from, size);
    to = Arrays.copyOf(to, size);
    added = Arrays.copyOf(added, size);
    addedTo = Arrays.copyOf(addedTo, size);
    runStart = new int[size + 1];
    runEnd = new int[size + 1];
    shift = new int[size + 1];
  }

  /** Finds the runs that stay and how far each moves when the head's start stays. */
  private void plan() {
    int kept = 0;
    int moved = 0;
    for (int i = 0; i < edits; i++) {
      run(i, kept, Math.max(kept, from[i]), moved);
      int next = Math.max(runEnd[i], to[i]);
      moved += addedTo[i] - added[i] - (next - runEnd[i]);
      kept = next;
    }
    run(edits, kept, length, moved);
    growth = moved;
  }

  private void run(int i, int start, int end, int moved) {
    runStart[i] = start;
    runEnd[i] = end;
    shift[i] = moved;
  }

  /**
   * The run whose staying in place moves the fewest bytes of the others, or -1 when none can stay
   * within the room.
   */
  private int cheapestRun(int roomBefore, int roomAfter) {
    int best = -1;
    int bestCost = Integer.MAX_VALUE;
    for (int i = 0; i <= edits; i++) {
      boolean fits = shift[i] <= roomBefore && growth - shift[i] <= roomAfter;
      if (fits && (best < 0 || shift[i] != shift[best])) {
        int cost = cost(shift[i]);
        if (cost < bestCost) {
          best = i;
          bestCost = cost;
        }
      }
    }
    return best;
  }

  private int lastRun(int roomBefore) {
    return shift[edits] <= roomBefore ? edits : -1;
  }

  private int cost(int stays) {
    int cost = 0;
    for (int i = 0; i <= edits; i++) {
      if (shift[i] != stays) {
        cost += runEnd[i] - runStart[i];
      }
    }
    return cost;
  }

  /**
   * Moves the runs to their places. Runs that move right go first, the rightmost before the others,
   * then those that move left, the leftmost first: so no run overwrites one that is still to be
   * moved.
   */
  private void move(ByteBuf buf, int start, int begin) {
    for (int i = edits; i >= 0; i--) {
      if (begin + shift[i] > start) {
        move(buf, i, start, begin);
      }
    }
    for (int i = 0; i <= edits; i++) {
      if (begin + shift[i] < start) {
        move(buf, i, start, begin);
      }
    }
  }

  private void move(ByteBuf buf, int run, int start, int begin) {
    int size = runEnd[run] - runStart[run];
    if (size > 0) {
      buf.setBytes(begin + shift[run] + runStart[run], buf, start + runStart[run], size);
    }
  }

  private void fill(ByteBuf buf, int begin) {
    for (int i = 0; i < edits; i++) {
      int size = addedTo[i] - added[i];
      if (size > 0) {
        buf.setBytes(begin + shift[i] + runEnd[i], bytes, added[i], size);
      }
    }
  }
}
