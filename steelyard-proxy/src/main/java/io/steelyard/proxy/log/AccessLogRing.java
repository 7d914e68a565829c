package io.steelyard.proxy.log;

import static io.steelyard.proxy.log.RecordLayout.ANSWER_HEAD;
import static io.steelyard.proxy.log.RecordLayout.ATTEMPTS;
import static io.steelyard.proxy.log.RecordLayout.BYTES_IN;
import static io.steelyard.proxy.log.RecordLayout.BYTES_OUT;
import static io.steelyard.proxy.log.RecordLayout.CLIENT;
import static io.steelyard.proxy.log.RecordLayout.CLIENT_PORT;
import static io.steelyard.proxy.log.RecordLayout.CONNECT;
import static io.steelyard.proxy.log.RecordLayout.ENDPOINT;
import static io.steelyard.proxy.log.RecordLayout.FIRST_BYTE;
import static io.steelyard.proxy.log.RecordLayout.INT;
import static io.steelyard.proxy.log.RecordLayout.LENGTHS;
import static io.steelyard.proxy.log.RecordLayout.LISTENER;
import static io.steelyard.proxy.log.RecordLayout.LONG;
import static io.steelyard.proxy.log.RecordLayout.MINOR_VERSION;
import static io.steelyard.proxy.log.RecordLayout.NAME_LIMIT;
import static io.steelyard.proxy.log.RecordLayout.POOL;
import static io.steelyard.proxy.log.RecordLayout.REASON;
import static io.steelyard.proxy.log.RecordLayout.SHORT;
import static io.steelyard.proxy.log.RecordLayout.SIZE;
import static io.steelyard.proxy.log.RecordLayout.SKIP;
import static io.steelyard.proxy.log.RecordLayout.START;
import static io.steelyard.proxy.log.RecordLayout.STATUS;
import static io.steelyard.proxy.log.RecordLayout.TEXTS;
import static io.steelyard.proxy.log.RecordLayout.TOTAL;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Records on their way from one event loop to the log's writer: a ring of bytes with one producer
 * and one consumer. It never blocks and never allocates; a record for which there is no room is
 * counted and forgotten.
 *
 * <p>Positions count bytes since the beginning and never wrap; a position modulo the capacity is a
 * place in the ring. The producer publishes its position with release, after the bytes; the
 * consumer publishes its own with release, after it has read them. Each has its position on cache
 * lines of its own.
 */
public final class AccessLogRing {
  static final int CAPACITY = 1 << 20;

  private static final VarHandle POSITIONS = MethodHandles.arrayElementVarHandle(long[].class);

  /** Indices into {@link #positions}, 128 bytes between what two threads write. */
  private static final int PRODUCED = 16;

  private static final int DROPPED = 17;
  private static final int SEEN_CONSUMED = 18;
  private static final int CONSUMED = 32;

  private final byte[] ring;
  private final int mask;
  private final long[] positions = new long[48];
  private final LoggedRequest reader;

  AccessLogRing(int capacity) {
    if (Integer.bitCount(capacity) != 1 || capacity < RecordLayout.align(TEXTS)) {
      throw new IllegalArgumentException(
          "capacity is " + capacity + ", expected a power of two that holds a record");
    }
    ring = new byte[capacity];
    mask = capacity - 1;
    reader = new LoggedRequest(ring);
  }

  int capacity() {
    return ring.length;
  }

  /**
   * Copies the record, unless the writer is so far behind that there is no room: then it is counted
   * as dropped. Only on the event loop that the ring is for.
   */
  public boolean offer(AccessRecord r) {
    long produced = positions[PRODUCED];
    int most = RecordLayout.align(mostBytes(r));
    int at = (int) produced & mask;
    int toEnd = ring.length - at;
    int skipped = toEnd < most ? toEnd : 0;
    if (!hasRoom(produced, skipped + most)) {
      POSITIONS.setOpaque(positions, DROPPED, positions[DROPPED] + 1);
      return false;
    }
    if (skipped > 0) {
      INT.set(ring, at, SKIP);
      at = 0;
    }
    int size = RecordLayout.align(write(r, at) - at);
    INT.set(ring, at + SIZE, size);
    POSITIONS.setRelease(positions, PRODUCED, produced + skipped + size);
    return true;
  }

  private boolean hasRoom(long produced, int needed) {
    if (produced + needed - positions[SEEN_CONSUMED] <= ring.length) {
      return true;
    }
    positions[SEEN_CONSUMED] = (long) POSITIONS.getAcquire(positions, CONSUMED);
    return produced + needed - positions[SEEN_CONSUMED] <= ring.length;
  }

  /** No record takes more than this many bytes; one whose names are ASCII takes less. */
  private static int mostBytes(AccessRecord r) {
    return TEXTS
        + r.bytesUsed()
        + most(r.listener)
        + most(r.client)
        + most(r.pool)
        + most(r.endpoint);
  }

  private static int most(@Nullable String name) {
    return name == null ? 0 : 3 * Math.min(name.length(), NAME_LIMIT);
  }

  private int write(AccessRecord r, int at) {
    writeNumbers(r, at);
    int end = at + TEXTS;
    byte[] bytes = r.bytes();
    for (int field = 0; field < LISTENER; field++) {
      int length = r.textLength(field);
      SHORT.set(ring, at + LENGTHS + Short.BYTES * field, (short) length);
      if (length > 0) {
        System.arraycopy(bytes, r.textStart(field), ring, end, length);
        end += length;
      }
    }
    end = writeName(at, LISTENER, r.listener, end);
    end = writeName(at, CLIENT, r.client, end);
    end = writeName(at, POOL, r.pool, end);
    return writeName(at, ENDPOINT, r.endpoint, end);
  }

  @SuppressWarnings("EnumOrdinal") // The same process reads it back.
  private void writeNumbers(AccessRecord r, int at) {
    INT.set(ring, at + STATUS, r.status);
    LONG.set(ring, at + START, r.startEpochMicros);
    LONG.set(ring, at + BYTES_IN, r.bytesIn);
    LONG.set(ring, at + BYTES_OUT, r.bytesOut);
    LONG.set(ring, at + TOTAL, r.totalNanos);
    LONG.set(ring, at + CONNECT, r.connectNanos);
    LONG.set(ring, at + FIRST_BYTE, r.firstByteNanos);
    INT.set(ring, at + ANSWER_HEAD, r.answerHeadBytes);
    INT.set(ring, at + ATTEMPTS, r.attempts);
    INT.set(ring, at + CLIENT_PORT, r.clientPort);
    INT.set(ring, at + MINOR_VERSION, r.minorVersion);
    INT.set(ring, at + REASON, r.reason.ordinal());
  }

  private int writeName(int at, int field, @Nullable String name, int start) {
    int end = name == null ? start - 1 : writeUtf8(name, start);
    SHORT.set(ring, at + LENGTHS + Short.BYTES * field, (short) (end - start));
    return Math.max(start, end);
  }

  private int writeUtf8(String name, int start) {
    int length = Math.min(name.length(), NAME_LIMIT);
    int end = start;
    for (int i = 0; i < length; i++) {
      char c = name.charAt(i);
      if (c < 0x80) {
        ring[end++] = (byte) c;
      } else if (c < 0x800) {
        ring[end++] = (byte) (0xC0 | (c >> 6));
        ring[end++] = (byte) (0x80 | (c & 0x3F));
      } else {
        // Surrogates too, one by one: not UTF-8, so the writer escapes the bytes. Nobody names a
        // pool so.
        ring[end++] = (byte) (0xE0 | (c >> 12));
        ring[end++] = (byte) (0x80 | ((c >> 6) & 0x3F));
        ring[end++] = (byte) (0x80 | (c & 0x3F));
      }
    }
    return end;
  }

  /** How many records found no room. Any thread may ask. */
  public long dropped() {
    return (long) POSITIONS.getOpaque(positions, DROPPED);
  }

  /** Receives the records of a ring, in the order in which they were offered. */
  interface Consumer {
    /** The request may be read during this call only. */
    void accept(LoggedRequest request);
  }

  /**
   * Hands over the records that were there when the call began, and frees their room one by one.
   * Returns how many bytes they took. One thread at a time.
   */
  int drain(Consumer consumer) {
    long begin = positions[CONSUMED];
    long end = (long) POSITIONS.getAcquire(positions, PRODUCED);
    for (long at = begin; at < end; ) {
      int place = (int) at & mask;
      int size = (int) INT.get(ring, place + SIZE);
      if (size == SKIP) {
        at += ring.length - place;
        continue;
      }
      at += size;
      try {
        consumer.accept(reader.at(place));
      } finally {
        POSITIONS.setRelease(positions, CONSUMED, at);
      }
    }
    return (int) (end - begin);
  }
}
