package io.steelyard.proxy.log;

import static io.steelyard.proxy.log.RecordLayout.INT;
import static io.steelyard.proxy.log.RecordLayout.LENGTHS;
import static io.steelyard.proxy.log.RecordLayout.LONG;
import static io.steelyard.proxy.log.RecordLayout.SHORT;
import static io.steelyard.proxy.log.RecordLayout.TEXTS;

import io.steelyard.proxy.stats.Reason;

/** A record in the ring, as its consumer reads it. Moved from record to record; not thread-safe. */
final class LoggedRequest {
  private static final Reason[] REASONS = Reason.values();

  private final byte[] ring;
  private final int[] starts = new int[RecordLayout.FIELDS];
  private final int[] lengths = new int[RecordLayout.FIELDS];
  private int record;

  LoggedRequest(byte[] ring) {
    this.ring = ring;
  }

  LoggedRequest at(int place) {
    record = place;
    int start = place + TEXTS;
    for (int field = 0; field < RecordLayout.FIELDS; field++) {
      int length = (short) SHORT.get(ring, place + LENGTHS + Short.BYTES * field);
      starts[field] = start;
      lengths[field] = length;
      start += Math.max(length, 0);
    }
    return this;
  }

  /** The array that {@link #start} is an index into. */
  byte[] bytes() {
    return ring;
  }

  int start(int field) {
    return starts[field];
  }

  /** -1 when absent. */
  int length(int field) {
    return lengths[field];
  }

  long startEpochMicros() {
    return number(RecordLayout.START);
  }

  long bytesIn() {
    return number(RecordLayout.BYTES_IN);
  }

  long bytesOut() {
    return number(RecordLayout.BYTES_OUT);
  }

  long totalNanos() {
    return number(RecordLayout.TOTAL);
  }

  long connectNanos() {
    return number(RecordLayout.CONNECT);
  }

  long firstByteNanos() {
    return number(RecordLayout.FIRST_BYTE);
  }

  int status() {
    return integer(RecordLayout.STATUS);
  }

  int answerHeadBytes() {
    return integer(RecordLayout.ANSWER_HEAD);
  }

  int attempts() {
    return integer(RecordLayout.ATTEMPTS);
  }

  int clientPort() {
    return integer(RecordLayout.CLIENT_PORT);
  }

  int minorVersion() {
    return integer(RecordLayout.MINOR_VERSION);
  }

  Reason reason() {
    return REASONS[integer(RecordLayout.REASON)];
  }

  private long number(int offset) {
    return (long) LONG.get(ring, record + offset);
  }

  private int integer(int offset) {
    return (int) INT.get(ring, record + offset);
  }
}
